/** The two forms of a backend: software alone, and with streams that workers lend. */
import { accelerate } from '@zcomp/accelerator'
import type { ZcompOps } from '@zcomp/core'

export interface Forms {
  readonly software: ZcompOps
  /** The backend's own where it manages streams itself, else the accelerator's around it. A text says why there is none. */
  readonly managed: ZcompOps | string
}

/** Which form a row is about. */
export type Mode = 'software' | 'managed'

export const modes: readonly Mode[] = ['software', 'managed']

export async function formsOf(ops: ZcompOps): Promise<Forms> {
  if (ops.caps.managed !== 'none') return { software: await rebuilt(ops), managed: ops }
  if (ops.module === 'none') return { software: ops, managed: "module: 'none', so no worker can build it" }
  return { software: ops, managed: wrapped(ops) }
}

/** A backend may be wrong in ways that wrapping it finds out; its rows tell. */
function wrapped(ops: ZcompOps): ZcompOps | string {
  try {
    return accelerate(ops)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** What a worker would build of a backend that brings its own streams; itself where no worker can. */
async function rebuilt(ops: ZcompOps): Promise<ZcompOps> {
  if (ops.module === 'none') return ops
  const { url, factory, options } = ops.module
  const module: Record<string, ((options: unknown) => ZcompOps) | undefined> = await import(url)
  return module[factory]?.(options) ?? ops
}
