import type { Random } from './support/random.js'

/** Draws a stream instruction by instruction: nearly always one that a decoder has to take, with forms that no LZO1X-1 encoder writes. */
export function lzoStream(random: Random): Uint8Array {
  return new StreamWriter(random).write()
}

class StreamWriter {
  readonly #random: Random
  readonly #bytes: number[] = []
  /** Bytes that the stream makes so far. */
  #made = 0
  #state = 0

  constructor(random: Random) {
    this.#random = random
  }

  write(): Uint8Array {
    const random = this.#random
    if (random(3)) this.#bytes.push(17, [0, 1, 1, 5, 255][random(5)]!)
    if (random(2)) this.#first()
    for (let left = random(random(2) ? 8 : 120); left > 0; left--) this.#instruction()
    this.#bytes.push(17, random(50) ? 0 : random(256), 0)
    if (!random(30)) this.#bytes.push(random(256))
    return Uint8Array.from(this.#bytes)
  }

  #first(): void {
    const count = 1 + this.#random(this.#random(2) ? 6 : 238)
    this.#bytes.push(17 + count)
    this.#literals(count)
  }

  #instruction(): void {
    const random = this.#random
    const kind = this.#state === 0 ? random(12) : random(9)
    if (kind < 2) this.#nearCopy()
    else if (kind < 5) this.#middleCopy()
    else if (kind === 5) this.#farCopy()
    else if (kind === 6) this.#zeros()
    else if (this.#state === 0) this.#run()
    else if (this.#state < 4) this.#pairCopy()
    else if (this.#made > 2048) this.#tripleCopy()
  }

  #run(): void {
    const random = this.#random
    const count = random(4) ? 4 + random(15) : 19 + random(600)
    if (count <= 18) this.#bytes.push(count - 3)
    else this.#bytes.push(0, ...extension(count - 18))
    this.#literals(count)
  }

  /** Bytes with an instruction's meaning among them, should a decoder take them for one. */
  #literals(count: number): void {
    const random = this.#random
    for (let i = 0; i < count; i++) this.#bytes.push(random(2) ? random(256) : 97 + random(4))
    this.#made += count
    this.#state = Math.min(count, 4)
  }

  #carried(length: number, count: number): void {
    this.#made += length
    this.#literals(count)
  }

  /** From 1 to `most`; mostly not more than there is to reach back to, and often short, so that a copy overlaps itself. */
  #distance(most: number): number {
    const random = this.#random
    const reach = random(200) ? Math.max(1, Math.min(most, this.#made)) : most
    return 1 + random(random(3) ? Math.min(reach, 20) : reach)
  }

  #nearCopy(): void {
    const length = 3 + this.#random(6)
    const back = this.#distance(2048) - 1
    const carried = this.#random(4)
    this.#bytes.push(((length - 1) << 5) | ((back & 7) << 2) | carried, back >> 3)
    this.#carried(length, carried)
  }

  #middleCopy(): void {
    const length = this.#anyLength(33)
    const back = this.#distance(16384) - 1
    this.#wide(32, length, 33, back)
  }

  #farCopy(): void {
    const back = this.#random(4) ? this.#distance(this.#made) : 1 + this.#random(32767)
    this.#wide(16 | ((back >> 11) & 8), this.#anyLength(9), 9, back & 16383)
  }

  #wide(code: number, length: number, longest: number, back: number): void {
    const carried = this.#random(4)
    if (length <= longest) this.#bytes.push(code + length - 2)
    else this.#bytes.push(code, ...extension(length - longest))
    this.#bytes.push(((back << 2) | carried) & 255, (back >> 6) & 255)
    this.#carried(length, carried)
  }

  #anyLength(longest: number): number {
    const random = this.#random
    return random(4) ? 3 + random(longest - 2) : longest + 1 + random(random(2) ? 40 : 700)
  }

  #zeros(): void {
    const extra = this.#random(this.#random(3) ? 40 : 2048)
    const carried = this.#random(4)
    this.#bytes.push(24 | (extra & 7), 252 | carried, 255, extra >> 3)
    this.#carried(extra + 4, carried)
  }

  /** Two bytes, after one to three literals. */
  #pairCopy(): void {
    this.#rareCopy(2, this.#distance(1024) - 1)
  }

  /** Three bytes from far away, after a run. */
  #tripleCopy(): void {
    this.#rareCopy(3, this.#random(Math.min(1024, this.#made - 2048)))
  }

  #rareCopy(length: number, back: number): void {
    const carried = this.#random(4)
    this.#bytes.push(((back & 3) << 2) | carried, back >> 2)
    this.#carried(length, carried)
  }
}

function extension(rest: number): number[] {
  const zeros = Math.floor((rest - 1) / 255)
  return [...Array<number>(zeros).fill(0), rest - 255 * zeros]
}
