/** A list of 32-bit numbers that grows: a plain array of millions would cost several times the memory. */
export class Numbers {
  length = 0
  #words = new Int32Array(1024)

  push(number: number): void {
    if (this.length === this.#words.length) {
      const larger = new Int32Array(2 * this.#words.length)
      larger.set(this.#words)
      this.#words = larger
    }
    this.#words[this.length++] = number
  }

  at(index: number): number {
    return this.#words[index]!
  }
}
