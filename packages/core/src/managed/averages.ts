/** Moving averages of what a page costs on the device and in software, from samples, since reading the clock costs more than adding. */

/** One sample in so many. */
const every = 8
/** What a new sample counts. */
const weight = 1 / 8
/** A sample counts as no more than so many times the average: turns of the event loop get into the samples. */
const outlier = 8

export class Averages {
  /** Milliseconds from one answer of the device to the next while it works without pause; 0 until known. */
  managedMs = 0
  /** Milliseconds that a page takes in software, with all that is done around it; 0 until known. */
  softwareMs = 0
  #submissions = 0
  #softwarePages = 0
  #softwareSince = -1

  /** Whether this submission is to be timed. */
  sampleNext(): boolean {
    return this.#submissions++ % every === 0
  }

  /** A request was answered after `ms`; `ahead` requests were in flight before it. */
  managed(ms: number, ahead: number): void {
    this.managedMs = blend(this.managedMs, ms / (ahead + 1))
  }

  /** Software takes a page while others wait, so that the next call says how long it took. */
  softwareTakes(now: () => number): void {
    if (this.#softwarePages++ % every === 0) this.#softwareSince = now()
  }

  /** The next page is there. */
  nextPage(now: () => number): void {
    if (this.#softwareSince < 0) return
    this.softwareMs = blend(this.softwareMs, now() - this.#softwareSince)
    this.#softwareSince = -1
  }

  /** Nobody will say when the page was ready. */
  forget(): void {
    this.#softwareSince = -1
  }
}

function blend(average: number, sample: number): number {
  return average === 0 ? sample : average + weight * (Math.min(sample, outlier * average) - average)
}
