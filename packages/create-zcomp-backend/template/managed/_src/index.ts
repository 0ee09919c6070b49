/** The backend with managed streams: contexts are those of the software form, streams come from workers that run the same code. */
import { accelerate } from '@zcomp/accelerator'
import type { ZcompOps } from '@zcomp/core'
import { __factory__ as software } from './software.js'

/** Streams belong to the accelerator of the process; workers start when the first page is to be compressed, and end by themselves. */
export const __factory__ = (): ZcompOps => accelerate(software())
