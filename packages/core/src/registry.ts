/** The backends that a program chose to have, in order, as `backends[]` in the kernel's zcomp. */
import { abi } from './define.js'
import { ZcompError } from './errors.js'
import type { ZcompOps } from './ops.js'

export interface Registry {
  /** In the order given; the first is the default. */
  readonly names: readonly string[]
  readonly default: ZcompOps
  /** One trailing newline is ignored, as in sysfs. Throws EINVAL with the list of what exists. */
  get(name: string): ZcompOps
  /** `comp_algorithm` as the kernel prints it: the current one in brackets, a space after each, a newline at the end. */
  show(current: string): string
}

/**
 * Throws EINVAL for an empty list, a duplicate name, or something that `defineBackend` did not make, and ENOTSUP for a backend made
 * for another version of the contract.
 */
export function createRegistry(backends: readonly ZcompOps[]): Registry {
  if (!Array.isArray(backends) || backends.length === 0) {
    throw new ZcompError('EINVAL', 'backends must be a list with at least one backend, such as [lz4()]')
  }
  const byName = new Map<string, ZcompOps>()
  backends.forEach((ops: ZcompOps, i) => {
    checkAbi(ops, `backends[${i}]`)
    if (byName.has(ops.name))
      throw new ZcompError(
        'EINVAL',
        `backends[${i}]: a backend named ${JSON.stringify(ops.name)} is in the list already`,
      )
    byName.set(ops.name, ops)
  })
  const names = [...byName.keys()]
  return {
    names,
    default: backends[0] as ZcompOps,
    get(name) {
      const ops = byName.get(String(name).replace(/\n$/, ''))
      if (ops) return ops
      throw new ZcompError('EINVAL', `no backend named ${JSON.stringify(name)}; there are: ${names.join(', ')}`)
    },
    show: (current) => `${names.map((name) => (name === current ? `[${name}] ` : `${name} `)).join('')}\n`,
  }
}

/** A backend is data, so one made by another copy of core is as good as ours, if it speaks our version. */
export function checkAbi(ops: ZcompOps, what: string): void {
  if (typeof ops === 'function')
    throw new ZcompError('EINVAL', `${what}: is a function; call it to make the backend, such as lz4()`)
  if (typeof ops !== 'object' || ops === null || !('abi' in ops) || typeof ops.setupParams !== 'function') {
    throw new ZcompError('EINVAL', `${what}: is not a backend; make one with defineBackend`)
  }
  if (ops.abi !== abi) {
    throw new ZcompError(
      'ENOTSUP',
      `${what}: backend ${JSON.stringify(ops.name)} speaks version ${String(ops.abi)} of the contract, this core speaks ${abi}`,
    )
  }
}
