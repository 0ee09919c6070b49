/** `node turbo.mjs run test`: turbo with the same arguments. */
import { runTurbo } from './lib/turbo.mjs'

process.exitCode = runTurbo(process.argv.slice(2))
