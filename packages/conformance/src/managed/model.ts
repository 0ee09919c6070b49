/**
 * What a disk may hold. Per page the model keeps each content that there would be if requests were carried out one after the other as
 * they were submitted; a read must see one of them, and none older than what was complete when it was submitted.
 */
import { equalBytes } from '../check.js'

interface Content {
  readonly bytes: Uint8Array
  complete: boolean
}

export class Model {
  readonly #pageSize: number
  readonly #history: Content[][]

  constructor(pages: number, pageSize: number) {
    this.#pageSize = pageSize
    this.#history = Array.from({ length: pages }, () => [{ bytes: new Uint8Array(pageSize), complete: true }])
  }

  /** The newest content of a page. */
  newest(page: number): Uint8Array {
    return this.#history[page]!.at(-1)!.bytes
  }

  /** Carries a change out; the returned function says that it is complete. */
  change(offset: number, data: Uint8Array): () => void {
    const touched: Content[] = []
    this.#eachPage(offset, data.length, (page, from, to) => {
      const bytes = this.newest(page).slice()
      const start = page * this.#pageSize
      bytes.set(data.subarray(from - offset, to - offset), from - start)
      const content = { bytes, complete: false }
      this.#history[page]!.push(content)
      touched.push(content)
    })
    return () => {
      for (const content of touched) content.complete = true
    }
  }

  /** To be asked when a read is submitted; the returned function says what is wrong with what it saw. */
  reader(offset: number, length: number): (seen: Uint8Array) => string | undefined {
    const oldest: number[] = []
    this.#eachPage(offset, length, (page) => {
      oldest[page] = this.#history[page]!.findLastIndex(({ complete }) => complete)
    })
    return (seen) => {
      let wrong: string | undefined
      this.#eachPage(offset, length, (page, from, to) => {
        const may = this.#history[page]!.slice(oldest[page])
        const part = seen.subarray(from - offset, to - offset)
        const start = page * this.#pageSize
        if (may.some(({ bytes }) => equalBytes(bytes.subarray(from - start, to - start), part))) return
        wrong ??= `page ${page}: none of the ${may.length} contents that it may have`
      })
      return wrong
    }
  }

  #eachPage(offset: number, length: number, each: (page: number, from: number, to: number) => void): void {
    const end = offset + length
    for (let page = Math.floor(offset / this.#pageSize); page * this.#pageSize < end; page++) {
      each(page, Math.max(offset, page * this.#pageSize), Math.min(end, (page + 1) * this.#pageSize))
    }
  }
}
