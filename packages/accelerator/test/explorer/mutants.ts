/** The code, broken on purpose: what the explorer must see. */
import type { Mutation } from './open-code.js'
import type { WorldOptions } from './world-options.js'

export interface Mutant {
  readonly title: string
  readonly mutation: Mutation
  readonly options: Partial<WorldOptions>
  /** What it must be found to do. */
  readonly kind: string
}

export const mutants: readonly Mutant[] = [
  {
    title: 'main does not look again after it wished to be woken',
    mutation: {
      file: 'rings/host.ts',
      from: 'return ((Atomics.load(words, word.answerHead) - at) | 0) < 0',
      to: 'return true',
    },
    options: { asleep: false },
    kind: 'lost wake-up',
  },
  {
    title: 'main reads the word that it sleeps on after it has looked',
    mutation: {
      file: 'pool/dispatcher.ts',
      from: 'Atomics.waitAsync(this.#wakeWord, 0, seen)',
      to: 'Atomics.waitAsync(this.#wakeWord, 0, Atomics.load(this.#wakeWord, 0))',
    },
    options: { asleep: false },
    kind: 'lost wake-up',
  },
  {
    title: 'main looks whether the engine sleeps before it rings the bell',
    mutation: {
      file: 'rings/host.ts',
      from: 'Atomics.add(words, word.bell, 1)\n  return Atomics.load(words, word.asleep) === 1 && Atomics',
      to: 'const sleeps = Atomics.load(words, word.asleep) === 1\n  Atomics.add(words, word.bell, 1)\n  return sleeps && Atomics',
    },
    options: { asleep: false },
    kind: 'lost wake-up',
  },
  {
    title: 'an engine says that it sleeps after its last look at the bell',
    mutation: {
      file: 'rings/guest.ts',
      from: 'Atomics.store(this.words, word.asleep, 1)\n    return this.bell === bell',
      to: 'const still = this.bell === bell\n    Atomics.store(this.words, word.asleep, 1)\n    return still',
    },
    options: { asleep: false },
    kind: 'lost wake-up',
  },
  {
    title: 'requests are matched without their generation',
    mutation: {
      file: 'pool/slots.ts',
      from: 'this.#generations[slot] === generation',
      to: 'generation === generation',
    },
    options: { rounds: 2, faults: 1, kinds: ['twice'] },
    kind: "another request's result",
  },
  {
    title: 'slots of an engine that is being ended are free before it has ended',
    mutation: {
      file: 'pool/pool.ts',
      from: 'onKill(engine: Engine): void {\n',
      to: 'onKill(engine: Engine): void {\n    this.#dispatcher.orphan(engine)\n',
    },
    options: { rounds: 2, engines: 2, faults: 2, kinds: ['hang'] },
    kind: 'an engine writes into a slot that is not its own',
  },
  {
    title: 'engines are not told of a setup that comes later',
    mutation: {
      file: 'pool/pool.ts',
      from: 'for (const engine of this.#engines) engine.announce(message)',
      to: 'if (id === 1) for (const engine of this.#engines) engine.announce(message)',
    },
    options: { setups: 2, comes: true, answers: 'call' },
    kind: 'a setup that no engine serves',
  },
]
