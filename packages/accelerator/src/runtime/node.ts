/** Real time with workers of Node. */
import { Worker } from 'node:worker_threads'
import { type Runtime, realRuntime } from '@zcomp/core'

/** `realRuntime`, and `spawn` by `node:worker_threads`. */
export const nodeRuntime: Runtime = {
  ...realRuntime,
  spawn(spec) {
    let cause: unknown
    const worker = new Worker(new URL(spec.url), { workerData: spec.data, name: 'zcomp engine' })
    worker.on('message', spec.onMessage)
    worker.on('error', (error) => {
      cause = error
    })
    worker.once('exit', () => spec.onExit(cause))
    worker.unref()
    return {
      post: (message) => worker.postMessage(message),
      ref: () => worker.ref(),
      unref: () => worker.unref(),
      async terminate() {
        await worker.terminate()
      },
    }
  },
}
