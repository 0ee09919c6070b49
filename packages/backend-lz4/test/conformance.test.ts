import { describeBackend } from '@zcomp/conformance'
import { describe, it } from 'vitest'
import { lz4 } from '../src/index.js'

const golden = new URL('../golden/', import.meta.url)
const napi = lz4({ codec: 'napi', accelerator: 'none' })
const wasm = lz4({ accelerator: 'none' })

describe('codec wasm', () => {
  describeBackend(wasm, { describe, it, golden, peers: [napi], import: (url) => import(url) })
})

describe('codec napi', () => {
  describeBackend(napi, { describe, it, peers: [wasm], import: (url) => import(url) })
})
