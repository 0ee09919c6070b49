#!/usr/bin/env node
/** The command line. */
import { harness } from './cli.js'

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', () => process.exit())
process.exitCode = await harness(process.argv.slice(2), process.stdout)
