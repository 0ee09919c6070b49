import { createHash } from 'node:crypto'

/** Pages that are described in a line, and the streams that Linux makes of them. Hashes are the first 12 digits of SHA-256. */
export interface PageVector {
  readonly name: string
  readonly page: Uint8Array
  readonly hash: string
  /** Length and hash of the stream. */
  readonly lzo: readonly [number, string]
  readonly lzoRle: readonly [number, string]
  readonly sw842: readonly [number, string]
}

export const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 12)

/** Draws of a 32-bit xorshift, as unsigned numbers. */
export function xorshift(seed: number): () => number {
  let x = seed
  return () => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return x >>> 0
  }
}

const pageOf = (byteAt: (at: number) => number): Uint8Array => Uint8Array.from({ length: 4096 }, (_, at) => byteAt(at))

/** A page of one draw for each byte. */
function drawn(seed: number, byteOf: (draw: number) => number): Uint8Array {
  const draw = xorshift(seed)
  return pageOf(() => byteOf(draw()))
}

const digits = Array.from({ length: 1500 }, (_, number) => number).join('')
const noise = drawn(1, (draw) => draw % 256)

export const pageVectors: readonly PageVector[] = [
  {
    name: 'ramp',
    page: pageOf((at) => at % 256),
    hash: 'c8f5d0341d54',
    lzo: [300, 'f627c3de0288'],
    lzoRle: [302, '6df5271081e7'],
    sw842: [1064, '680106afeba3'],
  },
  {
    name: 'square',
    page: pageOf((at) => Math.floor((at * at) / 8) % 256),
    hash: '489cf0fd6d67',
    lzo: [1068, 'a14c7a87e435'],
    lzoRle: [1070, '4f5ceb91f4a3'],
    sw842: [1736, '68a82216eff0'],
  },
  {
    name: 'digits',
    page: pageOf((at) => digits.charCodeAt(at)),
    hash: '65c3d4d7dd2c',
    lzo: [3428, '75a769ddaf56'],
    lzoRle: [3430, '1bbdf2f7de5e'],
    sw842: [2528, '5dad58780e00'],
  },
  {
    name: 'noise',
    page: noise,
    hash: 'af2ba40f7dde',
    lzo: [4116, '97682be9ee98'],
    lzoRle: [4118, '83ea8bc317bb'],
    sw842: [4416, '2012463ab53a'],
  },
  {
    name: 'abc',
    page: drawn(2, (draw) => 97 + (draw % 3)),
    hash: '390a3e147c97',
    lzo: [1898, '4d872248a5df'],
    lzoRle: [1900, '45f2ae3d37c4'],
    sw842: [1552, '56f3a63430b0'],
  },
  {
    name: 'sparse',
    page: drawn(3, (draw) => (draw % 16 === 0 ? (draw >>> 8) % 256 : 0)),
    hash: '24667fe1b520',
    lzo: [1003, '15b480edfa91'],
    lzoRle: [1015, '9d4ec058fb64'],
    sw842: [1072, '7343fa2d9ab4'],
  },
  {
    name: 'bits',
    page: drawn(4, (draw) => draw % 2),
    hash: '20a9da901d51',
    lzo: [1713, '0172a7671012'],
    lzoRle: [1792, '11beaf194498'],
    sw842: [1168, 'c977f24662e4'],
  },
  {
    name: 'u32',
    page: pageOf((at) => ((0x1000 + 24 * (at >> 2)) >>> (8 * (at & 3))) & 255),
    hash: '5a85accafc5a',
    lzo: [4116, '560a92441e4d'],
    lzoRle: [4118, '010a22b13894'],
    sw842: [3400, '508601cccc0e'],
  },
  {
    name: 'half',
    page: pageOf((at) => (at < 2048 ? noise[at]! : 0)),
    hash: '8ecf95d1a24e',
    lzo: [2213, '73d058d2d9b9'],
    lzoRle: [2150, '0e76c2780238'],
    sw842: [2216, 'efc2b30ad8fa'],
  },
  {
    name: 'per2049',
    page: pageOf((at) => noise[at % 2049]!),
    hash: '8d55bc2c1bf1',
    lzo: [2149, 'fe012cbc5754'],
    lzoRle: [2151, 'a94a3eabb56f'],
    sw842: [4424, 'be2271061287'],
  },
  {
    name: 'tailrun',
    page: pageOf((at) => (at < 4064 ? noise[at]! : 0)),
    hash: '5649462e074e',
    lzo: [4116, 'b35fc3bd5ac7'],
    lzoRle: [4118, '14ad5492b5df'],
    sw842: [4384, 'bb7ebed6a4b9'],
  },
]

const zeros = (count: number): string => '00'.repeat(count)

/** Short inputs and their streams, in hex. */
export const shortVectors: readonly { readonly input: string; lzo: string; lzoRle: string; sw842: string }[] = [
  { input: '', lzo: '110000', lzoRle: '1101110000', sw842: 'f000000000000000' },
  { input: '41', lzo: '1241110000', lzoRle: '11011241110000', sw842: 'e941f1823b6e0000' },
  { input: '414243', lzo: '14414243110000', lzoRle: '110114414243110000', sw842: 'eb414243f57c114d5000000000000000' },
  {
    input: '4142434445464748',
    lzo: '194142434445464748110000',
    lzoRle: '1101194142434445464748110000',
    sw842: '020a121a222a323a4794f4359a000000',
  },
  {
    input: '616263'.repeat(16),
    lzo: '036162636162633a14000b6263616263616263616263616263110000',
    lzoRle: '1101036162636162633a14000b6263616263616263616263616263110000',
    sw842: '030b131b0b131b0b14c04080180080b201901c8178183b9a5800000000000000',
  },
  {
    input: '01'.repeat(32),
    lzo: '0201010101012a10000c010101010101010101010101010101110000',
    lzoRle: '11010201010101012a10000c010101010101010101010101010101110000',
    sw842: '00080808080808080ec2f53f38751000',
  },
  { input: zeros(24), lzo: `29${zeros(24)}110000`, lzoRle: `110129${zeros(24)}110000`, sw842: 'e6c1f00000000000' },
  {
    input: zeros(48),
    lzo: `0200000000003a10000c${zeros(15)}110000`,
    lzoRle: `11010200000000001bfcff020002${zeros(20)}110000`,
    sw842: 'e6c4f00000000000',
  },
]
