/** A device watched while it works: what it holds, what waits, how healthy it is. */
import type { Health, ZramDevice } from '@zcomp/core'

export interface Sample {
  /** Milliseconds since the beginning. */
  readonly ms: number
  /** Streams. */
  readonly inFlight: number
  readonly quarantined: number
  /** Pages begun and not ended, wherever they are. */
  readonly queue: number
  readonly health: Health
}

export interface Timeline {
  readonly backend: string
  /** Streams of the pool. */
  readonly streams: number
  readonly samples: readonly Sample[]
  /** What was done to the device, and when. */
  readonly events: readonly { readonly ms: number; readonly what: string }[]
}

export interface Recorder {
  sample(): void
  event(what: string): void
  end(): Timeline
}

const everyMs = 4

/** Samples by itself until `end`, and whenever it is told to. */
export function recordTimeline(device: ZramDevice, backend: string): Recorder {
  const start = performance.now()
  const samples: Sample[] = []
  const events: { ms: number; what: string }[] = []
  let streams = 0
  const sample = (): void => {
    const { desk, pages } = device.stats()
    if (desk === 'none') return
    const { inFlight, quarantined, health } = desk
    streams = Math.max(streams, desk.streams)
    samples.push({ ms: performance.now() - start, inFlight, quarantined, queue: pages.pending, health })
  }
  const timer = setInterval(sample, everyMs)
  return {
    sample,
    event: (what) => void events.push({ ms: performance.now() - start, what }),
    end() {
      clearInterval(timer)
      sample()
      return { backend, streams, samples, events }
    },
  }
}
