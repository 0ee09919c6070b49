import { BitWriter } from './842-bits.js'
import { crc842, templates, unchecked842 } from './842-oracle.js'
import type { Random } from './support/random.js'

/** An operation as code and argument bits. */
type Put = readonly [value: number, bits: number]

/** Draws operations of all kinds. Nearly always the checksum is right, so that all that was decoded counts. */
export function stream842(random: Random): Uint8Array {
  const puts = Array.from({ length: random(random(3) ? 20 : 300) }, () => operation(random)).flat()
  const written = (crc: number): Uint8Array => {
    const out = new BitWriter()
    for (const [value, bits] of puts) out.put(value, bits)
    return out.end(crc)
  }
  const plain = unchecked842(written(0), 65536)
  return written(typeof plain === 'string' || !random(30) ? random(2 ** 31) : crc842(plain))
}

function operation(random: Random): Put[] {
  const kind = random(200)
  if (kind < 30) return [[0x1c, 5]]
  if (kind < 60)
    return [
      [0x1b, 5],
      [random(random(4) ? 8 : 64), 6],
    ]
  if (kind === 60) return shortData(random)
  if (kind === 61) return [[[0x1a, 0x1f][random(2)]!, 5]]
  const code = random(3) ? random(templates.length) : 0
  const args = templates[code]!.flatMap(({ index, bytes }) => (index ? [anIndex(bytes, random)] : data(bytes, random)))
  return [[code, 5], ...args]
}

function shortData(random: Random): Put[] {
  const count = random(8)
  return [[0x1d, 5], [count, 3], ...data(count, random)]
}

const data = (bytes: number, random: Random): Put[] => Array.from({ length: bytes }, () => [random(256), 8])

/** Low ones most of the time, which a short output has. */
const anIndex = (bytes: number, random: Random): Put => {
  const bits = bytes === 4 ? 9 : 8
  return [random(random(8) ? 4 : 2 ** bits), bits]
}
