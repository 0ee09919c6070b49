import { refusal, type ZcompOps } from '@zcomp/core'
import { describe, it } from 'vitest'
import { BatchDevice } from '../src/fakes/batch-device.js'
import { describeBackend } from '../src/index.js'
import { reference, tinyCtx, tinyOptions } from '../src/reference.js'

const load = (url: string): Promise<unknown> => import(url)

const opposites = ['contract/*', 'params/*', 'managed/*']

/** The same backend without `defineBackend`: an author may write all of it himself. */
function byHand(): ZcompOps {
  const { caps } = reference()
  return Object.freeze<ZcompOps>({
    abi: 1,
    name: 'by-hand',
    format: 'tiny-lz',
    caps,
    module: 'none',
    async setupParams(params) {
      const refused = refusal(caps, params)
      if (refused) return refused
      const options = tinyOptions(params.dict ? { ...params, dict: params.dict.slice() } : params)
      return {
        managed: 'none',
        createCtx: () => tinyCtx(params.pageSize, options),
        async [Symbol.asyncDispose]() {},
      }
    },
  })
}

describe('the reference', () => {
  const all = { describe, it, import: load, budget: 150 }
  describe('claims all', () => describeBackend(reference(), { ...all, peers: [reference()] }))
  describe('claims nothing', () =>
    describeBackend(reference({ bare: true }), { ...all, cases: [...opposites, 'round-trip/*'] }))
  describe('is written by hand', () =>
    describeBackend(byHand(), { ...all, cases: [...opposites, 'dict/*', 'interop/*'], peers: [reference()] }))
  describe('has a device', () =>
    describeBackend(() => reference({ device: new BatchDevice() }), {
      ...all,
      cases: ['contract/*', 'managed/*', 'lifetime/*'],
    }))
  describe('has a device that calls', () =>
    describeBackend(() => reference({ device: new BatchDevice({ answers: 'call' }) }), {
      ...all,
      cases: ['managed/*'],
    }))
})
