/** Real time with workers of Node. */
import { Worker, type WorkerOptions } from 'node:worker_threads'
import { type Runtime, realRuntime } from '@zcomp/core'

/** Flags about a program on the command line, each with a value. */
const programFlags = new Set(['--input-type', '-e', '--eval', '-p', '--print', '-pe'])

/**
 * A worker inherits the flags of the process, which is right for loaders and conditions. But one of them, `--input-type` for a program on
 * the command line, keeps a worker with a file from starting: then it gets the others by name, as far as Node lets it.
 */
function startWorker(url: URL, options: WorkerOptions): Worker {
  const flags = process.execArgv
  if (!flags.some((flag) => flag.startsWith('--input-type'))) return new Worker(url, options)
  const execArgv = flags.filter(
    (flag, i) => !programFlags.has(flags[i - 1] ?? '') && !programFlags.has(flag.split('=', 1)[0]!),
  )
  try {
    return new Worker(url, { ...options, execArgv })
  } catch {
    return new Worker(url, { ...options, execArgv: [] })
  }
}

/** `realRuntime`, and `spawn` by `node:worker_threads`. */
export const nodeRuntime: Runtime = {
  ...realRuntime,
  spawn(spec) {
    let cause: unknown
    const worker = startWorker(new URL(spec.url), { workerData: spec.data, name: 'zcomp engine' })
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
