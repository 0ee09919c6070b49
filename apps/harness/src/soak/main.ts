#!/usr/bin/env node
/** The command line of the soak. */
import { soakCommand } from './command.js'

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', () => process.exit())
process.exitCode = await soakCommand(process.argv.slice(2), process.stdout)

// Nothing may keep the process: this timer does not, and only fires where something else does.
setTimeout(() => {
  process.stderr.write(`VIOLATION still running, kept by ${process.getActiveResourcesInfo().join(', ')}\n`)
  process.exit(1)
}, 5000).unref()
