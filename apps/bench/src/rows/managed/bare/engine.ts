/** The engine of the bare pipeline: a worker that trusts main in everything, and that main ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { lz4 } from '@zcomp/backend-lz4'
import { granule } from '@zcomp/harness/pages'
import { slots, viewsOf, word } from './layout.js'

/** How long to look out before going to sleep, in milliseconds: as the accelerator's engines do. */
const lookOutMs = 1

const { words, sources, results } = viewsOf(workerData as SharedArrayBuffer)
const setup = await lz4({ accelerator: 'none' }).setupParams({ pageSize: granule })
if ('refused' in setup) throw new Error(`lz4: ${setup.refused} ${setup.why}`)
const ctx = setup.createCtx()
let answered = 0
parentPort?.postMessage('up')
for (;;) {
  const requested = lookOut()
  while (answered !== requested) {
    serve(words[word.ring + (answered & (slots - 1))] as number)
    answered++
    Atomics.store(words, word.answered, answered)
  }
}

function serve(slot: number): void {
  ctx.input.set(sources[slot] as Uint8Array)
  const wrote = ctx.compress(0, granule)
  const raw = wrote <= 0 || wrote >= granule
  if (!raw) results[slot]?.set(ctx.buffer.subarray(0, wrote))
  words[word.lengths + slot] = raw ? granule : wrote
}

/** How many were requested, when there are more than were answered. */
function lookOut(): number {
  for (;;) {
    const until = performance.now() + lookOutMs
    do {
      for (let look = 0; look < 64; look++) {
        const requested = Atomics.load(words, word.requested)
        if (requested !== answered) return requested
      }
    } while (performance.now() < until)
    Atomics.store(words, word.asleep, 1)
    Atomics.wait(words, word.requested, answered)
    Atomics.store(words, word.asleep, 0)
  }
}
