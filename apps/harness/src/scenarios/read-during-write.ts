import { must } from '../broken.js'
import type { Scenario } from '../scenario.js'

const pageBytes = 4096
const versions = 200

export const readDuringWrite: Scenario = {
  id: 'device/read-during-write',
  claim: 'A read beside writes sees each page as one write left it, and not older than the last one completed before.',
  async run({ sample, open }) {
    const filler = sample(1)
    const device = await open({ disksize: '64K' })
    let done = 0
    const reads: Promise<() => void>[] = []
    for (let version = 1; version <= versions; version++) {
      const write = device.write(0, stamped(filler, version)).then(() => {
        done = Math.max(done, version)
      })
      const oldest = done
      reads.push(device.read(0, pageBytes).then((page) => () => check(page, oldest)))
      if (version % 8 === 0) await write
    }
    for (const look of await Promise.all(reads)) look()
  },
}

/** The version stands at both ends, so a page torn between two writes shows. */
function stamped(filler: Uint8Array, version: number): Uint8Array {
  const page = filler.slice()
  const view = new DataView(page.buffer)
  view.setUint32(0, version)
  view.setUint32(pageBytes - 4, version)
  return page
}

function check(page: Uint8Array, oldest: number): void {
  const view = new DataView(page.buffer, page.byteOffset, page.length)
  const head = view.getUint32(0)
  must(
    head === view.getUint32(pageBytes - 4),
    'both ends of the page are of one write',
    head,
    view.getUint32(pageBytes - 4),
  )
  must(head >= oldest && head <= versions, 'the version read', `${oldest} or later`, head)
}
