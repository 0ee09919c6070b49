/** Engines that slept on. Each life of an engine counts from nothing; here its lives are told apart, as far as looks now and then can. */
export class LostWakeUps {
  readonly #seen: number[] = []

  /** Sleeps with work at hand that only their time limit ended, since the last call. */
  take(engines: readonly { readonly lost: number }[]): number {
    let fresh = 0
    engines.forEach(({ lost }, nth) => {
      const before = this.#seen[nth] ?? 0
      fresh += lost < before ? lost : lost - before
      this.#seen[nth] = lost
    })
    return fresh
  }
}
