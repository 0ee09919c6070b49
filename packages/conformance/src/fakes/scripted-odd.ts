/** Answers that are no proper promises. */
import type { ScriptedRequest } from './scripted-slot.js'

/** Answers without a promise, or by one that lies. */
export function oddly(request: ScriptedRequest): Promise<number> {
  const wrote = request.work()
  if (request.plan.how === 'bare') return wrote as unknown as Promise<number>
  const lying = {
    // biome-ignore lint/suspicious/noThenProperty: a promise that settles twice is what is to be tried
    then(resolve: (answer: number) => void) {
      resolve(wrote)
      resolve(1)
    },
  }
  return lying as unknown as Promise<number>
}
