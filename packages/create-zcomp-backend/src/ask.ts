/** Questions for a person at a terminal. A wrong answer is said to be wrong, and the question is asked again. */

import { createInterface } from 'node:readline/promises'
import type { Readable, Writable } from 'node:stream'
import { type Answers, checkChoice, checkName, codes, kinds, Refusal } from './answers.js'

export interface Terminal {
  readonly input: Readable
  readonly output: Writable
}

/** Asks for what is not known yet. Rejects with a `Refusal` where the input ends before all is answered. */
export async function ask(known: Partial<Answers>, { input, output }: Terminal): Promise<Answers> {
  const lines = createInterface({ input, output })
  const ended = new Promise<never>((_, reject) => {
    lines.once('close', () => reject(new Refusal('the input ended before all was answered')))
  })
  // Where all is answered, nobody waits for this any more.
  ended.catch(() => {})
  const question = async <T>(text: string, check: (answer: string) => T): Promise<T> => {
    for (;;) {
      const answer = (await Promise.race([lines.question(text), ended])).trim()
      try {
        return check(answer)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        output.write(`${error.message}\n`)
      }
    }
  }
  const choice = <T extends string>(option: string, text: string, choices: readonly [T, ...T[]]): Promise<T> =>
    question(`${text} (${choices.join(', ')}) [${choices[0]}] `, (answer) =>
      checkChoice(option, answer === '' ? choices[0] : answer, choices),
    )
  try {
    const name = known.name ?? (await question('Name of the backend, as in comp_algorithm: ', checkName))
    const kind = known.kind ?? (await choice('kind', 'In software only, or with streams of workers?', kinds))
    const code = known.code ?? (await choice('code', 'JavaScript, WebAssembly or native code?', codes))
    return { name, kind, code }
  } finally {
    lines.close()
  }
}
