import type { ZcompOps } from '@zcomp/core'

/** Brotli pages: levels 0 to 11, default 4; no dictionaries. */
export function brotli(): ZcompOps
