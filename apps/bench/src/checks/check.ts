/** Checks look at a whole process, so each runs in one of its own and prints what it saw. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export interface CheckSetting {
  readonly root: string
  /** A file, `'live'`, or undefined for what was gathered last. */
  readonly pages: string | undefined
  readonly count: number
  /** Whether a backend of this name is wanted. */
  readonly only: (name: string) => boolean
  say(text: string): void
}

export type Check = (setting: CheckSetting) => Promise<void>

export const mebibyte: number = 1024 * 1024

/** What a module of this folder prints as JSON, run by itself. */
export async function inOwnProcess<T>(module: string, args: readonly string[]): Promise<T> {
  const file = fileURLToPath(new URL(module, import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args])
  return JSON.parse(stdout)
}

export function mib(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`
}

/** Whether a bound holds, in words. A figure, not a verdict on the run. */
export function bound(value: number, most: number): string {
  return value <= most ? `within ${mib(most)}` : `ABOVE ${mib(most)}`
}
