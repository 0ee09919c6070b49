#!/usr/bin/env node
/** `zcomp-conformance`: judges the backends that a module exports. */
import { main } from './command.js'

process.exitCode = await main(process.argv.slice(2), console.log, console.error)
