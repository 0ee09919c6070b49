/** What the inner parts answer where there is no value: 0, or one of these. An error object is made at the surface only. */
export const Errno = {
  ok: 0,
  /** The codec failed, or stored bytes are not what was stored. */
  EIO: -5,
  /** The host has no memory left, or `mem_limit` is reached. */
  ENOMEM: -12,
} as const
export type Errno = (typeof Errno)[keyof typeof Errno]
