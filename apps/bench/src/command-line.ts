/** Which options there are. */
import { pagesOption } from '@zcomp/harness/pages'
import { Command, InvalidArgumentError } from 'commander'
import { checks } from './checks/index.js'

export interface Output {
  readonly isTTY?: boolean
  write(text: string): unknown
}

export interface Options {
  readonly pages?: string
  readonly count: number
  readonly rounds: number
  readonly mib: number
  readonly only: string[]
  readonly json?: string
  readonly table?: string
  readonly results?: true
  readonly list?: true
}

export function commandLine(out: Output): Command {
  const several = (value: string, before: string[]): string[] => [...before, value]
  return new Command('bench')
    .description("The C floor, the kernel's zram and ours on the same pages in one run.")
    .argument('[check]', `instead of the tables: ${Object.keys(checks).join(', ')}`)
    .option('--pages <file|live>', 'pages of a file, or gathered anew (default: those gathered last)', pagesOption)
    .option('--count <n>', 'how many pages to gather', whole, 8192)
    .option('--rounds <n>', 'how many rounds count', whole, 5)
    .option('--mib <n>', 'how many MiB a managed row writes in one pass', whole, 1024)
    .option(
      '--only <glob>',
      'only rows of this name, such as codec/*, or backends of this name for a check; may be repeated',
      several,
      [],
    )
    .option('--json <file>', 'write every sample as JSON')
    .option('--table <file>', 'write the tables as Markdown')
    .option('--results', 'write RESULTS.md of this folder anew')
    .option('--list', 'name the rows')
    .exitOverride()
    .configureOutput({ writeOut: (text) => out.write(text), writeErr: (text) => out.write(text) })
}

export function isHelp(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'exitCode' in error && error.exitCode === 0
}

function whole(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number above 0')
  return value
}
