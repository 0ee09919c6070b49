import type { ZcompOps, ZramDevice } from '@zcomp/core'
import { mustEqual, mustHold } from '../broken.js'
import type { Scenario, Setting } from '../scenario.js'
import { mmStat } from './fill.js'

const diskBytes = 512 * 1024

export const differential: Scenario = {
  id: 'device/differential',
  claim: 'The same requests leave the same contents and the same totals, whatever the backend.',
  async run(setting) {
    const other = setting.backends.find(({ format }) => format !== setting.ops.format)
    if (!other) return { skipped: 'no backend of another format in this run' }
    const source = setting.sample(256)
    const script = requests(setting.random, source.length)
    const ours = await play(setting, setting.ops, source, script)
    const theirs = await play(setting, other, source, script)
    const [left, right] = [new Uint8Array(diskBytes), new Uint8Array(diskBytes)]
    ours.readSync(0, left)
    theirs.readSync(0, right)
    mustHold(`contents beside ${other.name}`, left, right)
    const [a, b] = [mmStat(ours), mmStat(theirs)]
    mustEqual(`orig_data_size beside ${other.name}`, a.orig_data_size, b.orig_data_size)
    mustEqual(`same_pages beside ${other.name}`, a.same_pages, b.same_pages)
  },
}

interface Request {
  readonly kind: number
  readonly at: number
  readonly length: number
  readonly from: number
}

function requests(random: () => number, sourceBytes: number): Request[] {
  const upTo = (n: number): number => Math.floor(random() * n)
  return Array.from({ length: 400 }, () => {
    const whole = random() < 0.5
    const length = whole ? 4096 * (1 + upTo(8)) : 1 + upTo(20_000)
    const at = whole ? 4096 * upTo((diskBytes - length) / 4096) : upTo(diskBytes - length)
    return { kind: random(), at, length, from: upTo(sourceBytes - length) }
  })
}

async function play(
  { open }: Setting,
  ops: ZcompOps,
  source: Uint8Array,
  script: readonly Request[],
): Promise<ZramDevice> {
  const device = await open({ ops, disksize: diskBytes })
  for (const { kind, at, length, from } of script) {
    if (kind < 0.8) await device.write(at, source.subarray(from, from + length))
    else if (kind < 0.9) await device.discard(at, length)
    else await device.writeZeroes(at, length)
  }
  return device
}
