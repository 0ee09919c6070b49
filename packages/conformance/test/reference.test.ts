import { describe, it } from 'vitest'
import { BatchDevice } from '../src/fakes/batch-device.js'
import { describeBackend } from '../src/index.js'
import { reference } from '../src/reference.js'

const load = (url: string): Promise<unknown> => import(url)

describe('the reference', () => {
  describe('claims all', () => describeBackend(reference(), { describe, it, import: load, peers: [reference()] }))
  describe('claims nothing', () => describeBackend(reference({ bare: true }), { describe, it, import: load }))
  describe('has a device', () =>
    describeBackend(() => reference({ device: new BatchDevice() }), { describe, it, import: load }))
})
