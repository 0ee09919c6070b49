/** Sizes as people and sysfs write them. */
import { ZcompError } from '../errors.js'

/** Bytes as a number, or as text with one of the kernel's suffixes: `'64M'`. */
export type Size = number | string

const suffixes = 'KMGTPE'

/**
 * Whole bytes, 0 to 2^53 - 1. Text is read as the kernel's memparse does: decimal, `0x` or octal digits, then K, M, G, T, P or E for powers
 * of 1024; a trailing newline is allowed. Throws EINVAL that names `what`.
 */
export function parseSize(value: Size, what: string): number {
  const bytes = typeof value === 'number' ? value : typeof value === 'string' ? parseText(value) : Number.NaN
  if (Number.isSafeInteger(bytes) && bytes >= 0) return bytes
  throw new ZcompError(
    'EINVAL',
    `${what} must be whole bytes from 0, as a number or as text such as '64M', not ${show(value)}`,
  )
}

function parseText(text: string): number {
  const match = /^(0x[0-9a-f]+|[0-9]+)([kmgtpe]?)\n?$/i.exec(text)
  if (!match) return Number.NaN
  const [, digits = '', suffix = ''] = match
  const octal = /^0[0-7]+$/.test(digits)
  const base = octal ? Number.parseInt(digits, 8) : Number(digits)
  return suffix === '' ? base : base * 1024 ** (suffixes.indexOf(suffix.toUpperCase()) + 1)
}

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
