/** What has to be reached, as ratios of two measures of one round, or of two facts. Below is better. */

export interface Target {
  readonly what: string
  readonly over: string
  readonly under: string
  readonly must: number
  readonly aim?: number
  /** Which clock counts: CPU time where one thread works, so that a busy machine does not blur it. */
  readonly clock: 'cpu' | 'wall' | 'fact'
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

export const targets: readonly Target[] = [
  ...codec('lz4', 'lz4', [1.1, 1.35], [1.03, 1.2]),
  ...codec('zstd', 'zstd', [1.05, 1.2], [0.9, 1.1]),
  ...codec('deflate', 'deflate', [1.5, 2.5]),
  ...codec('lz4hc', 'lz4hc', [1.4, 1.6], [1.15, 1.3]),
  ...codec('lzo', 'lzo', [1.4, 1.6], [1.15, 1.3]),
  ...codec('lzo-rle', 'lzo', [1.4, 1.6], [1.15, 1.3]),
  one('lz4 device write over its codec', 'device/lz4/write-sync', 'codec/lz4/compress', 1.15, 1.1),
  one('lz4 device read over its codec', 'device/lz4/read-sync', 'codec/lz4/decompress', 1.35, 1.15),
  one('lz4 device / kernel zram: write', 'device/lz4/write-sync', 'kernel/lz4/write', 1.05, 0.9),
  one('lz4 device / kernel zram: read', 'device/lz4/read-sync', 'kernel/lz4/read', 1.05, 0.85),
  {
    what: "lz4 memory held / the kernel's",
    over: 'device/lz4/held',
    under: 'kernel/lz4/held',
    must: 1.03,
    aim: 1,
    clock: 'fact',
  },
]

function one(what: string, over: string, under: string, must: number, aim: number): Target {
  return { what, over, under, must, aim, clock: 'cpu' }
}
