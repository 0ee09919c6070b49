import type { Runtime } from '@zcomp/core'

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
