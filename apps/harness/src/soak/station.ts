/** A place for one device after the other: they are closed under load now and then, and a new one takes over. */
import { type Accelerator, FaultControl, faults } from '@zcomp/accelerator'
import { type DeviceStats, type ManagedCounts, type ZcompOps, ZramDevice } from '@zcomp/core'
import { type Kind as FaultKind, weatherPlan } from './faults.js'
import { readAll, request, type Surroundings, scratchFor, type Target } from './load.js'
import type { Place } from './places.js'
import { Shadow } from './shadow.js'
import { addUp } from './sums.js'

export interface Tools extends Surroundings {
  readonly pool: Accelerator
  readonly injected: Record<FaultKind, number>
  readonly diskBytes: number
}

export class Station {
  readonly place: Place
  readonly control: FaultControl = new FaultControl()
  devices = 0
  /** Counters of devices that are closed. */
  past: ManagedCounts | undefined
  readonly #tools: Tools
  readonly #ops: ZcompOps
  #target: Target | undefined
  #changing = false
  #ended = false
  #out = 0

  constructor(place: Place, tools: Tools) {
    this.place = place
    this.#tools = tools
    const plan = weatherPlan(tools.chance, place.managed.deadlineMs + 20, tools.injected)
    this.#ops = faults(place.ops(tools.pool), plan, { control: this.control })
  }

  get stats(): DeviceStats | undefined {
    return this.#target?.device.stats()
  }

  get managed(): ManagedCounts {
    const now = this.stats?.managed
    return addUp([this.past, now === 'none' ? undefined : now])
  }

  get brokenLaws(): string[] {
    return this.#target?.device.brokenLaws() ?? []
  }

  async open(): Promise<void> {
    const { name, pageSize, managed } = this.place
    const { diskBytes } = this.#tools
    const device = await ZramDevice.create({
      backends: [this.#ops],
      disksize: diskBytes,
      pageSize,
      managed,
      checksum: true,
    })
    this.devices++
    this.#target = { name, device, deadlineMs: managed.deadlineMs, shadow: new Shadow(diskBytes, pageSize) }
    this.#changing = false
  }

  /** One of several loads of this device, until `end`. Pauses by chance, so that bursts and rests take turns. */
  async load(): Promise<void> {
    const { chance } = this.#tools
    const scratch = scratchFor(this.place.pageSize)
    while (!this.#ended) {
      const target = this.#target
      if (target && !this.#changing) {
        this.#out++
        await request(target, scratch, this.#tools)
        this.#out--
      }
      if (chance.hit(0.5) || this.#changing)
        await sleep(chance.hit(0.02) ? chance.between(10, 300) : chance.between(0, 12))
    }
  }

  /** Closes the device with requests out, and opens another, which is empty. */
  async replace(): Promise<void> {
    if (this.#changing || this.#ended) return
    const { waits, violation } = this.#tools
    const target = this.#target as Target
    this.#changing = true
    const since = performance.now()
    const broken = target.device.brokenLaws()
    await this.#lastLook(target)
    await target.device.close()
    const ms = performance.now() - since
    waits.closed(ms)
    for (const law of broken) violation(`${target.name} as it was closed: ${law}`)
    for (let i = 0; i < 1000 && this.#out > 0; i++) await sleep(5)
    if (this.#out > 0) violation(`${target.name}: ${this.#out} requests have no answer after close`)
    await this.open()
  }

  /** Its counters; they are gone when it is closed. */
  async #lastLook({ device }: Target): Promise<void> {
    const { managed } = device.stats()
    if (managed !== 'none') this.past = addUp([this.past, managed])
  }

  /** Waits for what is out, reads everything back, closes. */
  async end(loads: Promise<unknown>): Promise<void> {
    this.#ended = true
    const { violation } = this.#tools
    await loads
    const target = this.#target as Target
    await target.device.flush()
    for (const wrong of [...(await readAll(target)), ...target.device.brokenLaws()])
      violation(`${target.name}: ${wrong}`)
    await this.#lastLook(target)
    this.#target = undefined
    await target.device.close()
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
