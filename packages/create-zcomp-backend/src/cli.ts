#!/usr/bin/env node
/** The command line. */
import { main } from './main.js'

const { stdin, stdout } = process
process.exitCode = await main(process.argv.slice(2), {
  input: stdin,
  output: stdout,
  cwd: process.cwd(),
  interactive: stdin.isTTY === true && stdout.isTTY === true,
  agent: process.env.npm_config_user_agent,
})
