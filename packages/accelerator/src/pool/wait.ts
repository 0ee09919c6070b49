/** Waits with a bound. */
import type { Runtime, WorkerHandle } from '@zcomp/core'

/** True when `done` settled within `ms`, whichever way. Keeps the process alive meanwhile. */
export async function within(runtime: Runtime, ms: number, done: Promise<unknown>): Promise<boolean> {
  let cancel = (): void => {}
  const late = new Promise<boolean>((resolve) => {
    cancel = runtime.after(ms, () => resolve(false))
  })
  const settled = (): boolean => true
  try {
    return await Promise.race([done.then(settled, settled), late])
  } finally {
    cancel()
  }
}

/**
 * Waits `graceMs` for a worker that was told to leave, then ends its thread, and waits as long again. True: it has ended. A thread that is
 * ended from outside stops wherever it is, and not every native code bears that: Node 20 aborts the process where node:zlib was about to
 * begin. One that has not `begun` is ended at once: it is in no such code, and its start would take longer than its end.
 */
export async function parting(
  worker: WorkerHandle,
  ended: Promise<void>,
  begun: boolean,
  { runtime, graceMs }: { readonly runtime: Runtime; readonly graceMs: number },
): Promise<boolean> {
  if (begun && (await within(runtime, graceMs, ended))) return true
  void worker.terminate()
  return within(runtime, graceMs, ended)
}
