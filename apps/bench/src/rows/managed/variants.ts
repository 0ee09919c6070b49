/** What is compared: software alone, and how pages may go to engines. */
import { assist, defaultPolicy, type ManagedPolicy, neverWait } from '@zcomp/core'

export interface Engines {
  readonly count: number
  readonly codec: 'wasm' | 'napi'
  readonly policy: ManagedPolicy
}

export interface Variant {
  /** `software`, or `<engines>-<codec>-<policy>`. */
  readonly name: string
  readonly engines: Engines | 'none'
  /** The policy remembers how the device fared, for seconds: every way of writing has a device of its own. */
  readonly learns: boolean
}

const policies: Readonly<Record<string, ManagedPolicy>> = {
  default: defaultPolicy,
  assist: assist(),
  'never-wait': neverWait(),
}

export const variants: readonly Variant[] = [
  { name: 'software', engines: 'none', learns: false },
  ...[1, 2].flatMap((count) =>
    (['wasm', 'napi'] as const).flatMap((codec) =>
      Object.entries(policies).map(([name, policy]) => ({
        name: `${count}-${codec}-${name}`,
        engines: { count, codec, policy },
        learns: policy === defaultPolicy,
      })),
    ),
  ),
]
