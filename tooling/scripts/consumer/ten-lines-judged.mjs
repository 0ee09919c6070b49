// The kit on that backend, in a project that has nothing else.
import assert from 'node:assert/strict'
import { judge } from '@zcomp/conformance'
import * as core from '@zcomp/core'
import { ten } from './ten-lines.mjs'

const report = await judge(ten(core))
assert.deepEqual(report.problems, [])
assert.deepEqual(
  report.cases.filter(({ verdict }) => verdict === 'broke'),
  [],
)
assert.ok(report.ok)
assert.ok(report.counts.held > 10, `only ${report.counts.held} cases held`)
