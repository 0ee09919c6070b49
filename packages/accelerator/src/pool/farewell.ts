/** The end of a setup: every request answered, in bounded time, and no slot given to anybody while an engine may still write to it. */
import type { AcceleratorOptions } from '../options.js'
import type { Dispatcher } from './dispatcher.js'
import type { Engine } from './engine.js'
import type { Member } from './member.js'
import { within } from './wait.js'

/** Times that one looks whether a slow engine gets on, before it is ended. */
const patience = 4

/**
 * What waits is answered with a fault now, what an engine has when it is done with it, and an engine that stands still is ended. A worker
 * that cannot even be ended costs the pool the slots that it holds. At the longest it takes three times `graceMs` where an engine stands
 * still, and six times where it gets on, but slowly.
 */
export async function farewell(
  member: Member,
  engines: readonly Engine[],
  dispatcher: Dispatcher,
  { runtime, graceMs }: AcceleratorOptions,
): Promise<void> {
  const holders = (): Engine[] => engines.filter((engine) => dispatcher.holds(engine, member))
  dispatcher.cancel(member)
  // The first look, so that one that gives no answer in all of `graceMs` is known by the second.
  for (const engine of holders()) engine.stuckFor(runtime.now())
  for (let i = 1; holders().some(({ busy }) => busy) && i <= patience; i++) {
    await landed(member, dispatcher, runtime, graceMs)
    const now = runtime.now()
    for (const engine of holders()) {
      if (i === patience || engine.stuckFor(now) >= graceMs / 2) engine.kill('a setup ended while it stood still')
    }
  }
  const ending = holders().map((engine) => engine.ended)
  // Those leave, or their threads are ended: `graceMs` for either.
  if (ending.length > 0) await within(runtime, 2 * graceMs, Promise.all(ending))
  for (const engine of engines) dispatcher.giveUp(engine, member)
  // Whoever holds a stream has learnt of its answer, and puts it before a turn is over.
  if (member.held > 0) await new Promise<void>((resolve) => runtime.nextTurn(resolve))
}

/** Waits until nothing of this setup is out, looking every now and then. */
async function landed(
  member: Member,
  dispatcher: Dispatcher,
  runtime: AcceleratorOptions['runtime'],
  ms: number,
): Promise<void> {
  const end = runtime.now() + ms
  dispatcher.look()
  for (let pause = 1; member.flying > 0 && runtime.now() < end; pause *= 2) {
    const left = Math.min(pause, end - runtime.now())
    await new Promise<void>((resolve) => void runtime.after(left, resolve))
    dispatcher.look()
  }
}
