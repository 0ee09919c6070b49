import { crc842 } from './842-oracle.js'

/** Bits in a row, the top bit of each number first. */
export class BitWriter {
  readonly #bits: number[] = []

  put(value: number, count: number): this {
    for (let bit = count - 1; bit >= 0; bit--) this.#bits.push((value >>> bit) & 1)
    return this
  }

  data(bytes: Uint8Array): this {
    for (const byte of bytes) this.put(byte, 8)
    return this
  }

  /** End mark and checksum, then zeros up to a multiple of 8 bytes. */
  end(crc: number): Uint8Array {
    this.put(0x1e, 5).put(crc, 32)
    const bytes = new Uint8Array(Math.ceil(this.#bits.length / 64) * 8)
    this.#bits.forEach((bit, at) => {
      bytes[at >> 3]! |= bit << (7 - (at & 7))
    })
    return bytes
  }

  endOf(plain: Uint8Array): Uint8Array {
    return this.end(crc842(plain))
  }
}
