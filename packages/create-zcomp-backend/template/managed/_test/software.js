import { describe, it } from 'node:test'
import { describeBackend } from '@zcomp/conformance'
import { __factory__ } from '../dist/software.js'

// What workers run, and what takes over where they do not answer in time.
describeBackend(__factory__(), { describe, it })
