import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A C program around a library that the machine may have. It reads all requests, then answers them in order. */
export interface CProgram<Request> {
  readonly source: URL
  /** As people call it, and as the linker does. */
  readonly library: { readonly name: string; readonly link: string }
  /** A request as the program reads it, in parts. */
  write(request: Request): readonly Uint8Array[]
  /** The answer at `at` of what the program wrote, bytes or an error code, and where the next one begins. */
  read(out: Buffer, at: number): readonly [Answer, number]
}

export type Answer = Uint8Array<ArrayBuffer> | number

/** The machine's own library, or why it cannot be had. */
export interface CLibrary<Request> {
  readonly missing: string | undefined
  /** The library's answers in order: bytes, or its error code. */
  run(requests: readonly Request[]): Answer[]
  [Symbol.dispose](): void
}

/** Compiles the program with the C compiler at hand. */
export function compileC<Request>(program: CProgram<Request>): CLibrary<Request> {
  const { source, library } = program
  const folder = mkdtempSync(join(tmpdir(), `zcomp-${library.link}-`))
  const path = join(folder, library.link)
  const built = spawnSync('cc', ['-O1', fileURLToPath(source), '-o', path, `-l${library.link}`], { encoding: 'utf8' })
  return {
    missing: built.error
      ? `no C compiler: ${built.error.message}`
      : built.status
        ? `no ${library.name} library: ${built.stderr.split('\n')[0]}`
        : undefined,
    run: (requests) => answers(path, program, requests),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function answers<Request>(path: string, program: CProgram<Request>, requests: readonly Request[]): Answer[] {
  const input = Buffer.concat(requests.flatMap((request) => program.write(request)))
  const { stdout, status, error } = spawnSync(path, { input, maxBuffer: 2 ** 30 })
  if (status !== 0) throw new Error(`the C program failed: ${error ?? status}`)
  let at = 0
  return requests.map(() => {
    const [answer, next] = program.read(stdout, at)
    at = next
    return answer
  })
}
