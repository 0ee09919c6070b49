import type { CodecSpec } from '../../src/shared/spec.js'

/** The decoded bytes, or what is wrong with `src`: it does not fit `capacity`, or no encoder wrote it. */
export type Oracle = (src: Uint8Array, capacity: number) => Uint8Array | 'noSpace' | 'corrupt'

/** A codec to be held against a decoder that is too plain to be wrong. */
export interface Subject {
  readonly name: string
  readonly spec: () => CodecSpec
  readonly oracle: Oracle
}
