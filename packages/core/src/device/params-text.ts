/** `algorithm_params`: `key=value` pairs, as the kernel reads them. Unknown keys are ignored, as there. */
import { ZcompError } from '../errors.js'

export interface CodecParams {
  readonly level?: number
  readonly dict?: Uint8Array
  readonly winbits?: number
}

/** Throws EINVAL that names the pair. A dictionary is a path in the kernel; here it is bytes, given when the device is made. */
export function parseParams(text: string, algorithm: string): CodecParams {
  let params: CodecParams = {}
  for (const pair of text.trim().split(/\s+/)) {
    const [key = '', value] = pair.split(/=(.*)/s)
    if (value === undefined || value === '')
      throw new ZcompError('EINVAL', `algorithm_params: ${JSON.stringify(pair)} must be key=value, such as level=3`)
    if (key === 'level') params = { ...params, level: whole(key, value) }
    else if (key === 'deflate.winbits') params = { ...params, winbits: Math.abs(whole(key, value)) }
    else if (key === 'dict')
      throw new ZcompError(
        'EINVAL',
        'algorithm_params: dict is a path in the kernel; give the bytes as params.dict when the device is made',
      )
    else if (key === 'priority' && whole(key, value) !== 0)
      throw new ZcompError('EINVAL', `algorithm_params: no algorithm of priority ${value} is configured`)
    else if (key === 'algo' && value !== algorithm)
      throw new ZcompError(
        'EINVAL',
        `algorithm_params: algo ${JSON.stringify(value)} is not configured; ${algorithm} is`,
      )
  }
  return params
}

function whole(key: string, value: string): number {
  if (/^-?[0-9]+$/.test(value)) return Number(value)
  throw new ZcompError('EINVAL', `algorithm_params: ${key} must be a whole number, not ${JSON.stringify(value)}`)
}
