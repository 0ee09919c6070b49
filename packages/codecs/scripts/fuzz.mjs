/**
 * `node scripts/fuzz.mjs <subject> [--count 1000000] [--seed 1] [--seconds 600]`: feeds a decoder good and bad blocks and holds it against a
 * plain one. Prints counts; exits with 1 if they part, or a byte outside the destination was touched. Needs a built package.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '600' },
  },
})

// The oracles are tests' TypeScript, so that they are never published: compile them aside.
const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'))
const compiled = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.fuzz.json'], { cwd: root, stdio: 'inherit' })
if (compiled.status !== 0) process.exit(compiled.status ?? 1)
const at = (path) => new URL(`../.cache/fuzz/test/support/${path}`, import.meta.url).href
const { fuzz } = await import(at('fuzz.js'))
const { subjects } = await import(at('subjects.js'))

const subject = subjects.find(({ name }) => name === positionals[0])
if (!subject) {
  console.error(`which decoder? one of: ${subjects.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

const mebibytes = () => Math.round(process.memoryUsage().rss / 2 ** 20)
const count = Number(values.count)
let early = 0
let peak = 0
const started = Date.now()
const report = fuzz(subject, {
  count,
  seed: Number(values.seed),
  milliseconds: Number(values.seconds) * 1000,
  progress(done) {
    peak = Math.max(peak, mebibytes())
    if (done <= count / 10) early = peak
  },
})
const seconds = ((Date.now() - started) / 1000).toFixed(1)
console.log(
  `${subject.name}: ${report.count} blocks, each decoded twice, in ${seconds} s; ` +
    `${report.accepted} accepted, ${report.rejected} rejected, ${report.faults.length} faults; ` +
    `memory at most ${early} MiB in the first tenth, ${peak} MiB in all`,
)
for (const fault of report.faults) console.log(fault)
process.exit(report.faults.length > 0 ? 1 : 0)
