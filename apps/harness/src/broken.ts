/** What a scenario says when a claim does not hold. Values are numbers and codes: never bytes of a page. */
import { isZcompError } from '@zcomp/core'

export class Broken extends Error {
  readonly expected: string
  readonly received: string

  constructor(what: string, expected: unknown, received: unknown) {
    super(what)
    this.expected = String(expected)
    this.received = String(received)
  }
}

export function must(holds: boolean, what: string, expected: unknown, received: unknown): void {
  if (!holds) throw new Broken(what, expected, received)
}

export function mustEqual(what: string, received: number | string, expected: number | string): void {
  must(received === expected, what, expected, received)
}

/** Says where two runs of bytes part, not what they hold. */
export function mustHold(what: string, received: Uint8Array, expected: Uint8Array): void {
  mustEqual(`${what}: bytes`, received.length, expected.length)
  if (Buffer.compare(received, expected) === 0) return
  const at = received.findIndex((byte, i) => byte !== expected[i])
  const differ = received.reduce((sum, byte, i) => sum + (byte === expected[i] ? 0 : 1), 0)
  throw new Broken(what, 'the bytes last written', `${differ} other bytes, the first at offset ${at}`)
}

/** The promise, or the call, fails with a `ZcompError` of this code. */
export async function mustRefuse(what: string, code: string, call: () => unknown): Promise<void> {
  let received = 'no error'
  try {
    await call()
  } catch (error) {
    received = isZcompError(error)
      ? error.code
      : `${error instanceof Error ? error.constructor.name : typeof error} without a code`
  }
  mustEqual(what, received, code)
}
