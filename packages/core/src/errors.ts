/** Kernel names for what a caller did wrong, or what the machine could not give. */
export type ZcompErrorCode =
  | 'E2BIG'
  | 'EACCES'
  | 'EAGAIN'
  | 'EBUSY'
  | 'EINVAL'
  | 'EIO'
  | 'ENODEV'
  | 'ENOMEM'
  | 'ENOSPC'
  | 'ENOTSUP'
  | 'EOPNOTSUPP'
  | 'ERANGE'

/**
 * A stable code, and a sentence that names the failing check, what was expected and what came. Ask `isZcompError`, not `instanceof`:
 * a program may hold two copies of this class.
 */
export class ZcompError extends Error {
  override readonly name: string = 'ZcompError'
  readonly isZcompError: true = true
  readonly code: ZcompErrorCode

  constructor(code: ZcompErrorCode, message: string, options?: { readonly cause: unknown }) {
    super(message, options)
    this.code = code
  }
}

export function isZcompError(value: unknown): value is ZcompError {
  return typeof value === 'object' && value !== null && 'isZcompError' in value && value.isZcompError === true
}
