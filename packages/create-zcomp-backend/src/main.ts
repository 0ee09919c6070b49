/** Flags in, a package out. */
import { basename, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Answers, checkChoice, checkName, codes, kinds, packageName, Refusal } from './answers.js'
import { ask, type Terminal } from './ask.js'
import { createBackend } from './create.js'

const usage = `npm create zcomp-backend -- [options] [DIR]

Makes a package with a compression backend for zcomp, which builds, and tests itself with the conformance kit.

  --name NAME                 lower-case letters, digits and hyphens; the package is zcomp-backend-NAME
  --kind sync|managed         software only, or with streams of worker engines too
  --code js|wasm|native       TypeScript, AssemblyScript, or a native package from npm
  --yes                       asks nothing: NAME from DIR, sync and js where nothing else is said
  --help                      this

DIR is made, or must be empty; zcomp-backend-NAME if it is not given. What is not said is asked at a terminal.
`

export interface Environment extends Terminal {
  readonly cwd: string
  /** Whether somebody is there to ask. */
  readonly interactive: boolean
  /** `npm_config_user_agent`, which names the package manager that runs us. */
  readonly agent: string | undefined
}

/** Answers the exit code: 0, or 2 for what is refused, which is said on `output`. */
export async function main(argv: readonly string[], env: Environment): Promise<0 | 2> {
  try {
    const { values, dir, known } = read(argv)
    if (values.help) {
      env.output.write(usage)
      return 0
    }
    const answers = await complete(values.yes ? withDefaults(known, dir) : known, env)
    const target = resolve(env.cwd, dir ?? packageName(answers.name))
    const files = createBackend(target, answers)
    env.output.write(done(target, files, env))
    return 0
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    env.output.write(`create-zcomp-backend: ${error.message}\n`)
    return 2
  }
}

interface Read {
  readonly values: { readonly help?: boolean; readonly yes?: boolean }
  readonly dir: string | undefined
  readonly known: Partial<Answers>
}

function read(argv: readonly string[]): Read {
  const { values, positionals } = parsed(argv)
  if (positionals.length > 1) throw new Refusal(`one folder at most, not ${positionals.join(' and ')}`)
  const known: Partial<Answers> = {
    ...(values.name === undefined ? {} : { name: checkName(values.name) }),
    ...(values.kind === undefined ? {} : { kind: checkChoice('kind', values.kind, kinds) }),
    ...(values.code === undefined ? {} : { code: checkChoice('code', values.code, codes) }),
  }
  return { values, dir: positionals[0], known }
}

function parsed(argv: readonly string[]): ReturnType<typeof parse> {
  try {
    return parse(argv)
  } catch (error) {
    // parseArgs says by name which option it does not know or which has no value.
    throw new Refusal(`${error instanceof Error ? error.message : error}\nSee --help.`)
  }
}

const parse = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      kind: { type: 'string' },
      code: { type: 'string' },
      yes: { type: 'boolean', short: 'y' },
      help: { type: 'boolean', short: 'h' },
    },
  })

function withDefaults(known: Partial<Answers>, dir: string | undefined): Answers {
  if (known.name === undefined && dir === undefined)
    throw new Refusal('--yes needs --name NAME or a folder named after it')
  const name = known.name ?? checkName(basename(resolve(dir ?? '')).replace(/^zcomp-backend-/, ''))
  return { kind: 'sync', code: 'js', ...known, name }
}

async function complete(known: Partial<Answers>, env: Environment): Promise<Answers> {
  const { name, kind, code } = known
  if (name !== undefined && kind !== undefined && code !== undefined) return { name, kind, code }
  if (env.interactive) return ask(known, env)
  const missing = (['name', 'kind', 'code'] as const).filter((option) => known[option] === undefined)
  throw new Refusal(`nobody is here to ask: give ${missing.map((option) => `--${option}`).join(', ')}, or --yes`)
}

function done(target: string, files: readonly string[], { cwd, agent }: Environment): string {
  const manager = agent?.startsWith('pnpm') ? 'pnpm' : 'npm'
  const way = relative(cwd, target)
  const steps = [
    ...(way === '' ? [] : [`cd ${/\s/.test(way) ? JSON.stringify(way) : way}`]),
    `${manager} install`,
    `${manager} test`,
  ]
  return `${files.length} files in ${target}\n\n${steps.map((step) => `  ${step}\n`).join('')}`
}
