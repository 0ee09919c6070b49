#!/usr/bin/env node
// Beside what is built, so that installing a fresh clone finds something to link.
import '../dist/cli.js'
