/** A program that answers a line for a line. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Took } from './row.js'

export interface Child {
  /** Sends a line; the numbers of the answer are wall time and CPU time in ns, and pages. */
  pass(line: string): Promise<Took>
  close(): Promise<void>
}

const alive = new Set<ChildProcess>()

/** Before anybody else's last act: a device that a program has open cannot be removed. */
function killAll(): void {
  for (const child of alive) child.kill('SIGKILL')
}

function forget(child: ChildProcess): void {
  alive.delete(child)
  if (alive.size === 0) process.off('exit', killAll)
}

/** Resolves once the program says that it is ready; rejects with its last words where it ends before. */
export async function startChild(program: string, args: readonly string[]): Promise<Child> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let words = ''
  child.stderr.on('data', (data: Buffer) => {
    words += data
  })
  // Not 'exit', after which last words may still be on their way.
  const closed = once(child, 'close')
  if (alive.size === 0) process.prependListener('exit', killAll)
  alive.add(child)
  void closed.then(() => forget(child))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (!done) return value
    await closed
    throw new Error(`${program} ended: ${words.trim() || 'without a word'}`)
  }
  await next()
  return {
    async pass(line) {
      child.stdin.write(`${line}\n`)
      const [wallNs = 0, cpuNs = 0, pages = 0] = (await next()).split(' ').map(Number)
      return { wallNs, cpuNs, pages }
    },
    async close() {
      child.stdin.end()
      await closed
    },
  }
}
