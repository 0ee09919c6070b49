/** What the next disk of a device will be made with. */
import { createRegistry, type Registry } from '../registry.js'
import { checkPageSize, type ZramDeviceOptions } from './device-options.js'
import type { CodecParams } from './params-text.js'
import { parseSize } from './size.js'

export class Settings {
  readonly registry: Registry
  readonly pageSize: number
  algorithm: string
  params: CodecParams
  /** Bytes, whole pages; 0: none. */
  memLimit: number

  constructor({ backends, algorithm, params = {}, pageSize = 4096, memLimit = 0 }: ZramDeviceOptions) {
    this.registry = createRegistry(backends)
    this.algorithm = this.registry.get(algorithm ?? this.registry.default.name).name
    this.params = params
    this.pageSize = checkPageSize(pageSize)
    this.memLimit = this.roundUp(parseSize(memLimit, 'memLimit'))
  }

  /** As on a kernel's device after its reset, whatever this one was created with. */
  reset(): void {
    this.algorithm = this.registry.default.name
    this.params = {}
    this.memLimit = 0
  }

  /** To whole pages. */
  roundUp(bytes: number): number {
    return Math.ceil(bytes / this.pageSize) * this.pageSize
  }
}
