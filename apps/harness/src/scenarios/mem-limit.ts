import { must, mustRefuse } from '../broken.js'
import { randomPage } from '../pages/made.js'
import type { Scenario } from '../scenario.js'
import { compare, ioStat } from './fill.js'

export const memLimit: Scenario = {
  id: 'device/mem-limit',
  claim: 'At its memory limit a device refuses with ENOMEM, keeps what it had, and goes on when the limit is raised.',
  async run({ sample, open, random }) {
    const old = sample(8)
    const device = await open({ disksize: '64M', memLimit: '2M' })
    await device.write(0, old)
    const page = randomPage(random)
    let refusedAt = 0
    for (let at = old.length; at < 4 * 1024 * 1024 && refusedAt === 0; at += 4096) {
      await device.write(at, page).catch(() => {
        refusedAt = at
      })
    }
    must(refusedAt > 0, '4 MiB of random pages within 2 MiB', 'ENOMEM', 'every write succeeded')
    await mustRefuse('overwriting an old page', 'ENOMEM', () => device.write(0, page))
    await mustRefuse('the same, synchronously', 'ENOMEM', () => device.writeSync(0, page))
    await compare(device, old, 'what was there before')
    must(ioStat(device).failedWrites >= 3, 'failed_writes', '3 or more', ioStat(device).failedWrites)
    await device.write(0, new Uint8Array(4096))
    await device.store('mem_limit', '0')
    await device.write(0, page)
    await compare(device, page, 'after the limit was raised')
  },
}
