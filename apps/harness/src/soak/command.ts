/** Options in, exit code out. */
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError } from 'commander'
import { loadPages } from '../pages/load.js'
import { pagesOption } from '../pages/option.js'
import type { Output } from '../report/progress.js'
import { cycle } from './cycles.js'
import { killInMidWrite } from './kill.js'
import { soak } from './soak.js'

const root: string = fileURLToPath(new URL('../../../..', import.meta.url))

interface Options {
  readonly minutes: number
  readonly kill?: true
  readonly mib: number
  readonly cycles?: number
  readonly seed: number
  readonly pages?: string
}

/** 0: nothing went wrong. 1: something did. 2: the command line makes no sense. */
export async function soakCommand(argv: readonly string[], out: Output): Promise<number> {
  const options = parse(argv, out)
  if (typeof options === 'number') return options
  const { minutes, seed } = options
  const pages = await loadPages({ root, count: 4096, seed, pages: options.pages })
  const good = options.kill
    ? await killInMidWrite({ mib: options.mib, seed, pages, out })
    : options.cycles !== undefined
      ? await cycle({ cycles: options.cycles, seed, pages, out })
      : await soak({ minutes, seed, pages, out })
  return good ? 0 : 1
}

function parse(argv: readonly string[], out: Output): Options | number {
  const command = new Command('soak')
    .description(
      'Devices and their accelerator under long and hard use: nothing is lost, nothing grows, nobody waits too long.',
    )
    .option('--minutes <n>', 'how long random faults last', positive, 60)
    .option('--kill', 'instead: an engine is killed in the middle of a large write')
    .option('--mib <n>', 'how large that write is, in MiB', positive, 256)
    .option('--cycles <n>', 'instead: three devices made and ended so many times', positive)
    .option('--seed <n>', 'decides faults and requests, but not the timing of worker threads', whole, 1)
    .option('--pages <file|live>', 'pages of a file, or gathered anew (default: those gathered last)', pagesOption)
    .exitOverride()
    .configureOutput({ writeOut: (text) => out.write(text), writeErr: (text) => out.write(text) })
  try {
    return command.parse(argv, { from: 'user' }).opts<Options>()
  } catch (error) {
    return typeof error === 'object' && error !== null && 'exitCode' in error && error.exitCode === 0 ? 0 : 2
  }
}

function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 100_000)) throw new InvalidArgumentError('must be a number above 0')
  return value
}

function whole(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('must be a whole number')
  return value
}
