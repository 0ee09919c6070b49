/** Somebody else's work on this machine: a process that keeps one core busy. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setPriority } from 'node:os'

/** It counts until it is ended, or until who started it is gone. */
const program = `
  const parent = process.ppid
  process.stdout.write('busy')
  let sum = 0
  while (process.ppid === parent) for (let i = 0; i < 1e7; i++) sum += i
`

/** Below us in rank, as a job in the background is. */
const niceness = 10

/**
 * Runs `work` beside such a process. It leads a session of its own, as a stranger's job does: where the system schedules by sessions, being
 * nice to others counts within a session only, and each gets a core.
 */
export async function besideBusy<T>(work: (pid: number) => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'], detached: true })
  const exited = once(child, 'exit')
  try {
    await Promise.race([once(child.stdout, 'data'), exited])
    if (child.pid === undefined || child.exitCode !== null) throw new Error('no process to keep a core busy')
    setPriority(child.pid, niceness)
    return await work(child.pid)
  } finally {
    child.kill('SIGKILL')
    await exited
  }
}
