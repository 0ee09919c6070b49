/** What only a whole process shows. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const script = fileURLToPath(new URL('./fixtures/idle.mjs', import.meta.url))

/** Rejects where the process has to be killed. */
async function run(file: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args], { timeout: 25_000 })
  return stdout
}

describe('a process', () => {
  test('ends by itself with an idle engine and everything left open', async () => {
    expect(await run(script, 'idle')).toBe('ready true\n')
  })

  test('does not end while a request is in flight', async () => {
    expect(await run(script, 'busy')).toBe('ready true\nanswered 36 managed 1 late 0\n')
  })

  test('ends by itself although its engine hangs, when the deadline has answered', async () => {
    expect(await run(script, 'hung')).toBe('ready true\nanswered 36 managed 0 late 1\n')
  })

  test('may be a program on the command line, with flags that no worker takes', async () => {
    const done = promisify(execFile)(
      process.execPath,
      [
        '--expose-gc',
        '--input-type=module',
        '-e',
        `process.argv.splice(1, 0, ''); process.argv[2] = 'idle'; await import(${JSON.stringify(script)})`,
      ],
      { timeout: 25_000 },
    )
    expect((await done).stdout).toBe('ready true\n')
  })
})
