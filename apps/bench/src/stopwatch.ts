/** Adds up stretches of wall and CPU time. */
import type { Took } from './row.js'

/** What starting and stopping costs in CPU time, in nanoseconds, once per process. */
let ownCpuNs: number | undefined

export class Stopwatch {
  #wallMs = 0
  #cpuUs = 0
  #stretches = 0
  #wallFrom = 0
  #cpuFrom = 0

  start(): void {
    this.#cpuFrom = cpuMicros()
    this.#wallFrom = performance.now()
  }

  stop(): void {
    this.#wallMs += performance.now() - this.#wallFrom
    this.#cpuUs += cpuMicros() - this.#cpuFrom
    this.#stretches++
  }

  took(pages: number): Took {
    ownCpuNs ??= measureOwnCost()
    return { wallNs: this.#wallMs * 1e6, cpuNs: Math.max(0, this.#cpuUs * 1e3 - this.#stretches * ownCpuNs), pages }
  }
}

function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** The system counts whole microseconds, so only many empty stretches together show what one costs. */
function measureOwnCost(): number {
  const many = 20_000
  let total = 0
  for (let i = 0; i < many; i++) {
    const from = cpuMicros()
    performance.now()
    performance.now()
    total += cpuMicros() - from
  }
  return (total * 1e3) / many
}
