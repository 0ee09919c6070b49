/** Compiles a program in C on the spot. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Env, Missing } from './row.js'

const run = promisify(execFile)

/** The path of the program, or why there is none. The source's first lines name its libraries after `libs:`. */
export async function compile({ sources, cache }: Env, name: string): Promise<string | Missing> {
  const source = join(sources, `${name}.c`)
  const text = readFileSync(source, 'utf8')
  const hash = createHash('sha256')
    .update(text)
    .update(readFileSync(join(sources, 'floor.h')))
    .digest('hex')
    .slice(0, 12)
  const program = join(cache, `${name}-${hash}`)
  if (existsSync(program)) return program
  const libs = /libs:([^*\n]*)/.exec(text)?.[1]?.trim().split(/\s+/).filter(Boolean) ?? []
  mkdirSync(cache, { recursive: true })
  try {
    await run('gcc', ['-O2', '-o', program, source, ...libs])
    return program
  } catch (error) {
    return { missing: `${name}.c does not compile here: ${firstLine(error)}` }
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const lines = text.split('\n')
  return (lines.find((line) => /error|ENOENT|cannot find/.test(line)) ?? lines[0] ?? '').trim()
}
