/** What has to be reached: ratios of two measures of one round, of two facts, or a figure by itself. */

export interface Target {
  readonly what: string
  readonly over: string
  /** `'none'`: `over` alone. */
  readonly under: string
  /** Absent: for comparison only. */
  readonly must?: number
  readonly aim?: number
  /** Which way is better. Default `'less'`. */
  readonly better?: 'less' | 'more'
  /** Which clock counts: CPU time where one thread works, so that a busy machine does not blur it. `figure`: one of a sample's figures. */
  readonly clock: 'cpu' | 'wall' | 'fact' | 'figure'
  readonly figure?: string
  /** Codecs are compared by the page, since a page that one of them declines is not one for its decompressor. Absent: by the pass. */
  readonly per?: 'page'
}

const codec = (name: string, library: string, must: Pair, aim?: Pair): Target[] =>
  (['compress', 'decompress'] as const).map((what, i) => ({
    what: `${name} codec / C: ${what}`,
    over: `codec/${name}/${what}`,
    under: `c/${library}/${what}`,
    must: must[i] as number,
    ...(aim ? { aim: aim[i] as number } : {}),
    clock: 'cpu',
    per: 'page',
  }))
type Pair = readonly [compress: number, decompress: number]

/** Managed rows that the design's figures are for: one engine, on the codec and the policy that are used where nothing is said. */
const usual = 'managed/1-wasm-default'
const native = 'managed/1-napi-default'
const software = 'managed/software'
const bare = 'managed/bare'

export const targets: readonly Target[] = [
  ...codec('lz4', 'lz4', [1.1, 1.35], [1.03, 1.2]),
  ...codec('zstd', 'zstd', [1.05, 1.2], [0.9, 1.1]),
  ...codec('deflate', 'deflate', [1.5, 2.5]),
  ...codec('lz4hc', 'lz4hc', [1.4, 1.6], [1.15, 1.3]),
  ...codec('lzo', 'lzo', [1.4, 1.6], [1.15, 1.3]),
  ...codec('lzo-rle', 'lzo', [1.4, 1.6], [1.15, 1.3]),
  byCpu('lz4 device write over its codec', 'device/lz4/write-sync', 'codec/lz4/write-floor', [1.15, 1.1]),
  byCpu('lz4 device read over its codec', 'device/lz4/read-sync', 'codec/lz4/decompress', [1.35, 1.15]),
  byCpu('lz4 codec with copies in and out / without: write', 'copied/lz4/write', 'codec/lz4/write-floor'),
  byCpu('lz4 codec with copies in and out / without: read', 'copied/lz4/read', 'codec/lz4/decompress'),
  byCpu('lz4 device / codec with copies: write', 'device/lz4/write-sync', 'copied/lz4/write'),
  byCpu('lz4 device / codec with copies: read', 'device/lz4/read-sync', 'copied/lz4/read'),
  byCpu('lz4 device / kernel zram: write', 'device/lz4/write-sync', 'kernel/lz4/write', [1.05, 0.9]),
  byCpu('lz4 device / kernel zram: read', 'device/lz4/read-sync', 'kernel/lz4/read', [1.05, 0.85]),
  byCpu('lz4 device with checksums / without: write', 'device/lz4+checksum/write-sync', 'device/lz4/write-sync'),
  byCpu('lz4 device with checksums / without: read', 'device/lz4+checksum/read-sync', 'device/lz4/read-sync'),
  byCpu('kernel zram / C lz4: write', 'kernel/lz4/write', 'c/lz4/compress'),
  byCpu('kernel zram / C lz4: read', 'kernel/lz4/read', 'c/lz4/decompress'),
  {
    what: "lz4 memory held / the kernel's",
    over: 'device/lz4/held',
    under: 'kernel/lz4/held',
    must: 1.03,
    aim: 1,
    clock: 'fact',
  },
  gain('software / managed: 8 requests outstanding', `${software}/8-outstanding`, `${usual}/8-outstanding`, 1.6, 1.8),
  gain('software / managed: 1 request outstanding', `${software}/1-outstanding`, `${usual}/1-outstanding`, 1.4, 1.6),
  gain('software / managed: a busy neighbour', `${software}/busy-neighbour`, `${usual}/busy-neighbour`, 0.8, 0.95),
  figure('managed / software: p50 of a request, idle', 'p50 us', `${usual}/idle`, `${software}/idle`, 1.2, 1),
  figure('managed / software: p99 of a request, idle', 'p99 us', `${usual}/idle`, `${software}/idle`),
  figure('event-loop delay p99 in a managed write, ms', 'loop delay p99 ms', `${usual}/8-outstanding`, 'none', 2, 0.6),
  gain(
    'software / two threads that promise nothing: 8 outstanding',
    `${software}/8-outstanding`,
    `${bare}/8-outstanding`,
  ),
  gain(
    'software / two threads that promise nothing: 1 outstanding',
    `${software}/1-outstanding`,
    `${bare}/1-outstanding`,
  ),
  gain('engine codec wasm / napi: 8 requests outstanding', `${native}/8-outstanding`, `${usual}/8-outstanding`),
  { ...gain('C lz4: two processes / one', 'managed/c-lz4/one', 'managed/c-lz4/two'), per: 'page' },
]

function byCpu(what: string, over: string, under: string, bounds?: readonly [must: number, aim: number]): Target {
  return { what, over, under, clock: 'cpu', ...limits(...(bounds ?? [])) }
}

/** How many times the throughput: wall time of `over` by that of `under`. */
function gain(what: string, over: string, under: string, must?: number, aim?: number): Target {
  return { what, over, under, clock: 'wall', better: 'more', ...limits(must, aim) }
}

function figure(what: string, name: string, over: string, under: string, must?: number, aim?: number): Target {
  return { what, over, under, clock: 'figure', figure: name, ...limits(must, aim) }
}

function limits(must?: number, aim?: number): Pick<Target, 'must' | 'aim'> {
  return { ...(must !== undefined && { must }), ...(aim !== undefined && { aim }) }
}
