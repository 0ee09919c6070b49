/** The option `--pages` of a command line. */
import { accessSync, constants, statSync } from 'node:fs'
import { getSystemErrorMap } from 'node:util'
import { InvalidArgumentError } from 'commander'
import { granule } from './page-set.js'

/** The value as it came. An `InvalidArgumentError`, to which commander adds the option and the value, where it is no file of pages. */
export function pagesOption(value: string): string {
  const why = value === 'live' ? undefined : whyNotPages(value)
  if (why !== undefined) throw new InvalidArgumentError(`Pages cannot be read from it: ${why}.`)
  return value
}

function whyNotPages(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK)
    const stat = statSync(path)
    if (stat.isDirectory()) return 'it is a folder'
    // A pipe has no size.
    return stat.isFile() && stat.size < granule ? `it has less than one page of ${granule} bytes` : undefined
  } catch (error) {
    return systemWords(error)
  }
}

/** What the system says, such as `no such file or directory`. */
function systemWords(error: unknown): string {
  const number = error instanceof Error && 'errno' in error ? Number(error.errno) : 0
  return getSystemErrorMap().get(number)?.[1] ?? String(error)
}
