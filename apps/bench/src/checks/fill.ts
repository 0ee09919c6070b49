import { findBackends } from '@zcomp/harness/backends'
import { bound, type Check, inOwnProcess, mebibyte, mib } from './check.js'
import type { FillFigures } from './fill-process.js'
import { pagesFileFor } from './pages-file.js'

/** All pages written and read back over each backend; and what the process holds at the end beyond the pages and the slot table. */
export const fill: Check = async (setting) => {
  const file = await pagesFileFor(setting)
  const { backends, missing } = await findBackends(setting.root, [])
  for (const { name, why } of missing.filter(({ name }) => setting.only(name)))
    setting.say(`${name}: not measured: ${why}`)
  for (const { word } of backends.filter(({ word }) => setting.only(word))) {
    const { bytes, differ, held, slots, rss, rssAtStart, peak } = await inOwnProcess<FillFigures>('fill-process.js', [
      setting.root,
      file,
      word,
    ])
    const beyond = rss - held - slots
    const equal = differ === 0 ? 'all read back equal' : `${differ} REQUESTS CAME BACK CHANGED`
    setting.say(
      `${word}: ${mib(bytes)} written, ${equal}; held ${mib(held)}, slot table ${mib(slots)}, RSS ${mib(rss)} ` +
        `(${mib(rssAtStart)} before, ${mib(peak)} at most): ${mib(beyond)} beyond what is held, ${bound(beyond, 100 * mebibyte)}`,
    )
  }
}
