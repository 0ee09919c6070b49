/** What has to be known to make a backend, and what cannot be taken. */

/** `'managed'` lends streams of worker engines, beside the contexts that both kinds have. */
export const kinds = ['sync', 'managed'] as const
export type Kind = (typeof kinds)[number]

/** What the codec is written in. */
export const codes = ['js', 'wasm', 'native'] as const
export type Code = (typeof codes)[number]

export interface Answers {
  /** The backend's name, as in `comp_algorithm`: lower-case letters, digits and hyphens, a letter first. */
  readonly name: string
  readonly kind: Kind
  readonly code: Code
}

/** A wish that cannot be honoured: a message for a person, not a mistake of ours. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

const longestName = 60

/** Words that cannot name the exported function: JavaScript's own, and names that the templates use for something else. */
const taken = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if ' +
    'implements import in interface let new null package private protected public return static super switch this throw true try ' +
    'typeof undefined var void while with yield arguments compile software accelerate status'
  ).split(' '),
)
const takenInTemplates = new Set([
  'defineBackend',
  'simpleCtx',
  'createCodec',
  'createCtx',
  'compressSync',
  'uncompressSync',
])

/** Throws a `Refusal` that names the name. */
export function checkName(name: string): string {
  const bad = (why: string): Refusal => new Refusal(`--name ${JSON.stringify(name)} ${why}`)
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw bad('must be lower-case letters, digits and single hyphens, a letter first, such as "my-lz"')
  }
  if (name.length > longestName) throw bad(`must have at most ${longestName} characters, not ${name.length}`)
  if (name.startsWith('zcomp-'))
    throw bad('must not begin with "zcomp-": the package gets "zcomp-backend-" in front of it')
  const factory = factoryName(name)
  if (taken.has(factory) || takenInTemplates.has(factory)) {
    throw bad(`cannot name a function: ${factory} means something else`)
  }
  return name
}

/** Throws a `Refusal` that names the option, what it may be and what came. */
export function checkChoice<T extends string>(option: string, value: string, choices: readonly T[]): T {
  const choice = choices.find((each) => each === value)
  if (choice === undefined) throw new Refusal(`--${option} must be ${choices.join(', ')}, not ${JSON.stringify(value)}`)
  return choice
}

/** The exported function: `my-lz` becomes `myLz`. */
export function factoryName(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

export function packageName(name: string): string {
  return `zcomp-backend-${name}`
}
