import { findBackends } from '@zcomp/harness/backends'
import { bound, type Check, inOwnProcess, mebibyte, mib } from './check.js'
import { pagesFileFor } from './pages-file.js'
import type { TerabyteFigures } from './terabyte-process.js'

/** What a disk of 1 TiB costs when it is made, and what stays after 1 GiB was written and discarded. */
export const terabyte: Check = async (setting) => {
  const file = await pagesFileFor(setting)
  const { backends } = await findBackends(setting.root, [])
  const word = backends.find((each) => setting.only(each.word))?.word
  if (word === undefined) {
    setting.say('no such backend is built')
    return
  }
  const f = await inOwnProcess<TerabyteFigures>('terabyte-process.js', [setting.root, file, word])
  setting.say(
    `${word}: 1 TiB created in ${f.createMs.toFixed(2)} ms, ${mib(f.createBytes)} of buffers and heap, RSS ${mib(f.createRss)} more, ${bound(f.createBytes, mebibyte)}`,
  )
  setting.say(
    `1 GiB written: held ${mib(f.held)}, slot table ${mib(f.slots)}, RSS ${mib(f.filledRss)} (${mib(f.startRss)} before)`,
  )
  const growth = f.discardedRss - f.startRss
  setting.say(
    `discarded in ${f.discardMs.toFixed(1)} ms: held ${mib(f.heldAfter)}, RSS ${mib(growth)} above the start, ${bound(growth, 50 * mebibyte)}`,
  )
  setting.say(`after a second: RSS ${mib(f.laterRss - f.startRss)} above the start`)
}
