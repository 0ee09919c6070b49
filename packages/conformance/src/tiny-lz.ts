/**
 * The smallest LZ that has all that a backend can claim. A byte below 128 opens a run of literals, 1 to 128 of them; a byte from 128
 * opens a match of 3 to 130 bytes and is followed by its distance less one, in two bytes. Distances reach back into the dictionary.
 */
import { Status } from '@zcomp/core'

export interface TinyOptions {
  /** 1 to 9: how many earlier places a match is looked for at, two to the power of that less one. */
  readonly level: number
  /** Logarithm of the farthest distance, up to 16. */
  readonly winbits: number
  /** What the page may refer back to. */
  readonly dict: Uint8Array
}

const shortest = 3
const longest = 130
const hashBits = 12

/** Scratch for encoding, to be used by one context at a time. */
export class TinyEncoder {
  readonly #options: TinyOptions
  readonly #head = new Int32Array(1 << hashBits)
  #prev = new Int32Array(0)
  /** Dictionary and page, one behind the other. */
  #text = new Uint8Array(0)

  constructor(options: TinyOptions) {
    this.#options = options
  }

  /** A length, or `noSpace`. */
  encode(src: Uint8Array, dst: Uint8Array): number {
    const { dict } = this.#options
    const end = dict.length + src.length
    if (this.#text.length < end) {
      this.#text = new Uint8Array(end)
      this.#prev = new Int32Array(end)
    }
    const text = this.#text
    text.set(dict)
    text.set(src, dict.length)
    this.#head.fill(-1)
    for (let at = 0; at < dict.length; at++) this.#enter(at, end)
    const out = new Writer(dst)
    let literals = dict.length
    for (let at = dict.length; at < end; ) {
      const [from, length] = this.#longestMatch(at, end)
      const next = at + Math.max(1, length)
      if (length > 0) {
        out.literals(text, literals, at)
        out.match(length, at - from)
        literals = next
      }
      for (; at < next; at++) this.#enter(at, end)
    }
    out.literals(text, literals, end)
    return out.full ? Status.noSpace : out.length
  }

  #enter(at: number, end: number): void {
    if (at + shortest > end) return
    const slot = this.#slot(at)
    this.#prev[at] = this.#head[slot]!
    this.#head[slot] = at
  }

  #slot(at: number): number {
    const text = this.#text
    const word = text[at]! | (text[at + 1]! << 8) | (text[at + 2]! << 16)
    return Math.imul(word, 0x9e3779b1) >>> (32 - hashBits)
  }

  #longestMatch(at: number, end: number): [from: number, length: number] {
    if (at + shortest > end) return [0, 0]
    const text = this.#text
    const most = Math.min(longest, end - at)
    const farthest = at - 2 ** this.#options.winbits
    let best = shortest - 1
    let from = 0
    let tries = 2 ** (this.#options.level - 1)
    for (let p = this.#head[this.#slot(at)]!; p >= 0 && p >= farthest && tries > 0; p = this.#prev[p]!, tries--) {
      let length = 0
      while (length < most && text[p + length] === text[at + length]) length++
      if (length > best) {
        best = length
        from = p
      }
    }
    return best >= shortest ? [from, best] : [0, 0]
  }
}

class Writer {
  length = 0
  full = false
  readonly #dst: Uint8Array

  constructor(dst: Uint8Array) {
    this.#dst = dst
  }

  literals(text: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to; at += 128) {
      const n = Math.min(128, to - at)
      if (!this.#room(n + 1)) return
      this.#dst[this.length++] = n - 1
      for (let i = 0; i < n; i++) this.#dst[this.length++] = text[at + i]!
    }
  }

  match(length: number, distance: number): void {
    if (!this.#room(3)) return
    this.#dst[this.length++] = 128 + length - shortest
    this.#dst[this.length++] = (distance - 1) & 255
    this.#dst[this.length++] = (distance - 1) >> 8
  }

  #room(n: number): boolean {
    this.full ||= this.length + n > this.#dst.length
    return !this.full
  }
}

/** Fills `dst`, exactly: a length or `corrupt`. Writes nothing outside it. */
export function tinyDecode(src: Uint8Array, dst: Uint8Array, dict: Uint8Array): number {
  let i = 0
  let o = 0
  while (i < src.length) {
    const op = src[i++]!
    if (op < 128) {
      const n = op + 1
      if (i + n > src.length || o + n > dst.length) return Status.corrupt
      for (let k = 0; k < n; k++) dst[o++] = src[i++]!
      continue
    }
    const n = op - 128 + shortest
    if (i + 2 > src.length || o + n > dst.length) return Status.corrupt
    const distance = (src[i]! | (src[i + 1]! << 8)) + 1
    i += 2
    if (distance > o + dict.length) return Status.corrupt
    for (let k = 0; k < n; k++, o++) dst[o] = o >= distance ? dst[o - distance]! : dict[dict.length + o - distance]!
  }
  return o === dst.length ? o : Status.corrupt
}
