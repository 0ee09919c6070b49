/** Sums that hold at every moment, whatever happens: a page that is lost or counted twice breaks one of them. */
import type { ManagedCounts } from './counts.js'

/** A law: its name, what it says, and the two numbers that it compares. */
type Law = readonly [name: string, left: number, relation: '=' | '<=', right: number]

/**
 * Which laws a desk's numbers break, each as its name and the numbers; empty if all hold. `inFlight`, `held` and `quarantined` are the
 * desk's own at the same moment.
 *
 * - asked: `asked` = `got` + all `refused` + `waits`
 * - streams: `got` = `put` + `stranded` + held + in flight + quarantined
 * - requests: `submitted` = in flight + the nine outcomes together
 * - quarantine: quarantined + `late` = `deadline` + `forced` + `abandoned`
 * - redo: `redone` + `failed` = what the device failed: `fault`, `invalid`, `deadline`, `forced`
 * - lent: `submitted` <= `got`; verify: `verified` <= `compressed`
 * - probes: good, bad and void together <= `probes` <= those + 1
 * - breaker: `closed` <= `halfOpened` <= `opened` + `removed`
 * - whole: every number is a whole number and not negative
 */
export function checkManagedLaws(counts: ManagedCounts, inFlight: number, held: number, quarantined: number): string[] {
  const c = counts
  const refused = Object.values(c.refused).reduce((sum, n) => sum + n, 0)
  const failed = c.fault + c.invalid.status + c.invalid.length + c.invalid.verify + c.deadline + c.forced
  const { probes, probesGood, probesBad, probesVoid, halfOpened, opened, removed, closed } = c.breaker
  const probed = probesGood + probesBad + probesVoid
  return [
    ...brokenLaws([
      ['asked', c.asked, '=', refused + c.waits + c.got],
      ['streams', c.got, '=', c.put + c.stranded + held + inFlight + quarantined],
      ['requests', c.submitted, '=', inFlight + c.compressed + c.declined + failed + c.abandoned],
      ['quarantine', quarantined + c.late, '=', c.deadline + c.forced + c.abandoned],
      ['redo', c.redone + c.failed, '=', failed],
      ['lent', c.submitted, '<=', c.got],
      ['verify', c.verified, '<=', c.compressed],
      ['probes', probed, '<=', probes],
      ['one probe', probes, '<=', probed + 1],
      ['breaker closes', closed, '<=', halfOpened],
      ['breaker opens', halfOpened, '<=', opened + removed],
    ]),
    ...notWhole({ ...c, ...c.invalid, ...c.refused, ...c.breaker, inFlight, held, quarantined }),
  ]
}

/** What became of the pages of accepted writes. */
export interface PageNumbers {
  /** Pages of accepted writes that were begun. */
  readonly written: number
  /** Same-filled: they never reach a codec. */
  readonly same: number
  /** Stored compressed. */
  readonly compressed: number
  /** Stored as they are, since compressing them is not worth it. */
  readonly raw: number
  /** Not stored: neither path compressed them, or there was no memory. A page may compress and still end here. */
  readonly failed: number
  /** A newer content of the same page was stored first. Default 0. */
  readonly superseded?: number
  /** Not ended yet. Default 0. */
  readonly pending?: number
}

/** What codecs said of pages, whatever became of the result. */
export interface CompressionNumbers {
  /** Compressed by a device and believed. */
  readonly managed: number
  /** Compressed in software, redone pages included. */
  readonly software: number
  /** Not worth storing compressed, said by either. */
  readonly declined: number
}

/**
 * Which laws of a device's page counters are broken. What became of a page and what a codec made of it are two things: a page may
 * compress and not find memory, or compress to a size that is stored raw.
 *
 * - pages: `written` = `same` + `compressed` + `raw` + `failed` + `superseded` + `pending`
 * - compressed: `compressed` <= `managed` + `software`
 * - tried: `compressed` + `raw` <= `managed` + `software` + `declined`
 */
export function checkLaws(pages: PageNumbers, compression?: CompressionNumbers): string[] {
  const { written, same, compressed, raw, failed, superseded = 0, pending = 0 } = pages
  const laws: Law[] = [['pages', written, '=', same + compressed + raw + failed + superseded + pending]]
  if (compression) {
    const { managed, software, declined } = compression
    laws.push(['compressed', compressed, '<=', managed + software])
    laws.push(['tried', compressed + raw, '<=', managed + software + declined])
  }
  return [...brokenLaws(laws), ...notWhole({ ...pages, ...compression })]
}

function brokenLaws(laws: readonly Law[]): string[] {
  return laws
    .filter(([, left, relation, right]) => !(relation === '=' ? left === right : left <= right))
    .map(([name, left, relation, right]) => `${name}: ${left} ${relation} ${right} does not hold`)
}

function notWhole(numbers: object): string[] {
  return Object.entries(numbers)
    .filter(([, n]) => typeof n === 'number' && !(Number.isInteger(n) && n >= 0))
    .map(([name, n]) => `whole: ${name} is ${n}`)
}
