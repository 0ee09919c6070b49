/** All scenarios, in the order in which they run. */
import type { Scenario } from '../scenario.js'
import { algorithms } from './algorithms.js'
import { checksum } from './checksum.js'
import { close } from './close.js'
import { corruptPage } from './corrupt-page.js'
import { differential } from './differential.js'
import { discard } from './discard.js'
import { failingCodec } from './failing-codec.js'
import { flush } from './flush.js'
import { hugePages } from './huge-pages.js'
import { inFlightWrites } from './in-flight-writes.js'
import { kernelDifferential } from './kernel-differential.js'
import { levels } from './levels.js'
import { managedDifferential } from './managed-differential.js'
import { managedFaults } from './managed-faults.js'
import { managedUnsupported } from './managed-unsupported.js'
import { memLimit } from './mem-limit.js'
import { misuse } from './misuse.js'
import { overwrite } from './overwrite.js'
import { pageSizes } from './page-sizes.js'
import { partialWrites } from './partial-writes.js'
import { readBack } from './read-back.js'
import { readDuringWrite } from './read-during-write.js'
import { reset } from './reset.js'
import { sameFilled } from './same-filled.js'
import { stats } from './stats.js'
import { syncDuringAsync } from './sync-during-async.js'
import { syncReadBack } from './sync-read-back.js'
import { terabyteDisk } from './terabyte.js'
import { twoDevices } from './two-devices.js'

export const scenarios: readonly Scenario[] = [
  readBack,
  syncReadBack,
  overwrite,
  partialWrites,
  inFlightWrites,
  syncDuringAsync,
  readDuringWrite,
  flush,
  sameFilled,
  hugePages,
  discard,
  memLimit,
  failingCodec,
  corruptPage,
  checksum,
  stats,
  pageSizes,
  levels,
  algorithms,
  twoDevices,
  misuse,
  reset,
  close,
  terabyteDisk,
  differential,
  managedUnsupported,
  managedDifferential,
  managedFaults,
  kernelDifferential,
]
