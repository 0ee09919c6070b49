import { describe, it } from 'vitest'
import { BatchDevice } from '../src/fakes/batch-device.js'
import { describeBackend } from '../src/index.js'
import { reference } from '../src/reference.js'

const load = (url: string): Promise<unknown> => import(url)

const opposites = ['contract/*', 'params/*', 'managed/*']

describe('the reference', () => {
  const all = { describe, it, import: load, budget: 150 }
  describe('claims all', () => describeBackend(reference(), { ...all, peers: [reference()] }))
  describe('claims nothing', () =>
    describeBackend(reference({ bare: true }), { ...all, cases: [...opposites, 'round-trip/*'] }))
  describe('has a device', () =>
    describeBackend(() => reference({ device: new BatchDevice() }), {
      ...all,
      cases: ['contract/*', 'managed/*', 'lifetime/*'],
    }))
})
