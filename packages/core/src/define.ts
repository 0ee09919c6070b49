/** `defineBackend`: checks what an author wrote, stamps the contract's version on it and freezes it. */
import { ZcompError } from './errors.js'
import type { Range, Refused, ZcompCaps, ZcompOps, ZcompParams, ZcompSetup } from './ops.js'

/** The contract's version that this core speaks. */
export const abi = 1

/** What an author hands over: all of `ZcompOps` but the version. */
export type BackendSpec = Omit<ZcompOps, 'abi'>

/**
 * Makes a backend. Throws a `ZcompError` EINVAL that names the first member that is wrong. Parameters reach `setupParams` only where
 * `caps` allows them, the dictionary as a private copy.
 */
export function defineBackend(spec: BackendSpec): ZcompOps {
  checkSpec(spec)
  const { name, format, caps, module } = spec
  return deepFreeze({
    abi,
    name,
    format,
    caps: structuredCopy(caps),
    module,
    async setupParams(params: ZcompParams): Promise<ZcompSetup | Refused> {
      const refused = refusal(caps, params)
      if (refused) return refused
      return spec.setupParams(params.dict ? { ...params, dict: params.dict.slice() } : params)
    },
  })
}

/** The first parameter that `caps` rules out, or undefined. */
export function refusal(caps: ZcompCaps, params: ZcompParams): Refused | undefined {
  const { pageSize, level, dict, winbits } = params
  const { min, max } = caps.pageSizes
  if (!isPowerOfTwo(pageSize) || pageSize < min || pageSize > max) {
    return { refused: 'pageSize', why: `must be a power of two from ${min} to ${max}, not ${pageSize}` }
  }
  return refusedDict(caps, dict) ?? outside('level', level, caps.levels) ?? outside('winbits', winbits, caps.winbits)
}

function refusedDict(caps: ZcompCaps, dict: Uint8Array | undefined): Refused | undefined {
  if (dict === undefined) return undefined
  if (caps.dict === 'none') return { refused: 'dict', why: 'is not supported by this backend' }
  if (!(dict instanceof Uint8Array)) return { refused: 'dict', why: `must be a Uint8Array, not ${typeof dict}` }
  const { maxBytes } = caps.dict
  if (dict.length > 0 && dict.length <= maxBytes) return undefined
  return { refused: 'dict', why: `must have 1 to ${maxBytes} bytes, not ${dict.length}` }
}

function outside(refused: 'level' | 'winbits', value: number | undefined, range: Range | 'none'): Refused | undefined {
  if (value === undefined) return undefined
  if (range === 'none') return { refused, why: 'is not supported by this backend' }
  if (inRange(value, range)) return undefined
  return { refused, why: `must be a whole number from ${range.min} to ${range.max}, not ${value}` }
}

function checkSpec(spec: BackendSpec): void {
  const need = needFor(spec?.name)
  need(typeof spec === 'object' && spec !== null, 'must be an object')
  need(
    typeof spec.name === 'string' && /^[a-z0-9][a-z0-9-]*$/.test(spec.name),
    'name must be lower-case letters, digits and hyphens',
  )
  need(typeof spec.format === 'string' && /^\S+$/.test(spec.format), 'format must be one word')
  need(typeof spec.setupParams === 'function', 'setupParams must be a function')
  checkCaps(spec.caps, need)
  checkModule(spec.module, need)
}

type Need = (ok: boolean, what: string) => void

function needFor(name: unknown): Need {
  return (ok, what) => {
    if (!ok) throw new ZcompError('EINVAL', `backend ${JSON.stringify(name)}: ${what}`)
  }
}

function checkCaps(caps: ZcompCaps, need: Need): void {
  need(isObject(caps), 'caps must be an object')
  for (const name of ['levels', 'winbits'] as const) {
    const range = caps[name]
    if (range === 'none') continue
    need(isObject(range), `caps.${name} must be a range { min, max, default }, or 'none'`)
    need(inRange(range.min, range) && inRange(range.max, range), `caps.${name} must have whole numbers min <= max`)
    const fits = range.default === 'auto' || inRange(range.default, range)
    need(fits, `caps.${name}.default must be from ${range.min} to ${range.max}, or 'auto'`)
  }
  const { dict, pageSizes } = caps
  need(
    dict === 'none' || (isObject(dict) && Number.isInteger(dict.maxBytes) && dict.maxBytes > 0),
    "caps.dict must be { maxBytes } above 0, or 'none'",
  )
  const sizes =
    isObject(pageSizes) && isPowerOfTwo(pageSizes.min) && isPowerOfTwo(pageSizes.max) && pageSizes.min <= pageSizes.max
  need(sizes, 'caps.pageSizes must be powers of two, min <= max')
  need(caps.managed === 'compress' || caps.managed === 'none', "caps.managed must be 'compress' or 'none'")
}

function checkModule(module: ZcompOps['module'], need: Need): void {
  if (module === 'none') return
  need(isObject(module), "module must be { url, factory, options }, or 'none'")
  need(/^[a-z][a-z0-9+.-]*:/.test(module.url), 'module.url must be a URL, such as import.meta.url')
  need(typeof module.factory === 'string' && module.factory !== '', 'module.factory must name an export')
  need(isCloneable(module.options), 'module.options must hold only what structuredClone carries')
}

const isPowerOfTwo = (n: number): boolean => Number.isInteger(n) && n > 0 && Number.isInteger(Math.log2(n))
const inRange = (n: number, { min, max }: Range): boolean => Number.isInteger(n) && n >= min && n <= max
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

function isCloneable(value: unknown): boolean {
  if (isObject(value)) return value instanceof Uint8Array || Object.values(value).every(isCloneable)
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol' && typeof value !== 'bigint'
}

/** Caps are ours from here on: an author who changes his object later changes nothing. */
function structuredCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

/** All the way down, but for typed arrays, which cannot be frozen. */
function deepFreeze<T>(value: T): T {
  if (!isObject(value) || value instanceof Uint8Array) return value
  Object.values(value).forEach(deepFreeze)
  return Object.freeze(value)
}
