import { BitWriter } from './842-bits.js'
import { templates } from './842-oracle.js'

/** The order in which Linux tries the templates. */
const order = '19 18 17 13 12 16 15 0e 09 11 10 0d 08 14 04 0f 0c 0b 07 06 03 0a 05 02 01 00'
  .split(' ')
  .map((code) => Number.parseInt(code, 16))

/** Units that an index can tell, and its bits, by the bytes of a unit. */
const units: Readonly<Record<number, number>> = { 2: 256, 4: 512, 8: 256 }
const indexBits: Readonly<Record<number, number>> = { 2: 8, 4: 9, 8: 8 }

const asText = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

interface Part {
  readonly index: boolean
  readonly bytes: number
  readonly offset: number
  readonly place: string
}

const parts: readonly (readonly Part[])[] = templates.map((args) => {
  let next = 0
  return args.map(({ index, bytes }) => {
    const offset = next
    next += bytes
    return { index, bytes, offset, place: `${offset}+${bytes}` }
  })
})
const partsOf = (code: number): readonly Part[] => parts[code]!

/** 842 in the plainest way: everything is remembered, and looked up by its text. */
class Encoder {
  readonly #src: Uint8Array
  readonly #out = new BitWriter()
  /** The number of the last unit of each value. */
  readonly #last = new Map<string, number>()

  constructor(src: Uint8Array) {
    this.#src = src
  }

  encode(): Uint8Array {
    const whole = this.#src.length - (this.#src.length % 8)
    let before = ''
    let repeats = 0
    for (let at = 0; at < whole; at += 8) {
      const key = asText(this.#src.subarray(at, at + 8))
      const again = key === before
      if (again) repeats++
      if (repeats > 0 && (!again || repeats === 64)) {
        this.#out.put(0x1b, 5).put(repeats - 1, 6)
        repeats = 0
      }
      if (!again) this.#group(at)
      before = key
      this.#remember(at)
    }
    if (repeats > 0) this.#out.put(0x1b, 5).put(repeats - 1, 6)
    const rest = this.#src.subarray(whole)
    if (rest.length > 0) this.#out.put(0x1d, 5).put(rest.length, 3).data(rest)
    return this.#out.endOf(this.#src)
  }

  #group(at: number): void {
    if (this.#src.subarray(at, at + 8).every((byte) => byte === 0)) {
      this.#out.put(0x1c, 5)
      return
    }
    const found = this.#lookUp(at)
    const code = order.find((each) => partsOf(each).every(({ index, place }) => !index || found.get(place)! >= 0))!
    this.#out.put(code, 5)
    for (const { index, bytes, offset, place } of partsOf(code)) {
      if (index) this.#out.put(found.get(place)! % units[bytes]!, indexBits[bytes]!)
      else this.#out.data(this.#src.subarray(at + offset, at + offset + bytes))
    }
  }

  /** The last unit of the same value for each unit of the group, or -1. */
  #lookUp(at: number): Map<string, number> {
    const found = new Map<string, number>()
    for (const bytes of [2, 4, 8]) {
      for (let offset = 0; offset < 8; offset += bytes) {
        const last = this.#last.get(asText(this.#src.subarray(at + offset, at + offset + bytes))) ?? -1
        found.set(`${offset}+${bytes}`, last >= at / bytes - units[bytes]! ? last : -1)
      }
    }
    return found
  }

  #remember(at: number): void {
    for (const bytes of [2, 4, 8]) {
      for (let from = at; from < at + 8; from += bytes) {
        this.#last.set(asText(this.#src.subarray(from, from + bytes)), from / bytes)
      }
    }
  }
}

export const encode842 = (src: Uint8Array): Uint8Array => new Encoder(src).encode()
