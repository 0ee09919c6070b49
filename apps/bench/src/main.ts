#!/usr/bin/env node
/** The command line. */
import { bench } from './cli.js'

process.stdout.on('error', () => process.exit())
process.exitCode = await bench(process.argv.slice(2), process.stdout)
