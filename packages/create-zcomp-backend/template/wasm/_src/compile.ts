import { readFile } from 'node:fs/promises'

let compiled: Promise<WebAssembly.Module> | undefined

/** Once in a process, when the first setup asks. */
export function compile(): Promise<WebAssembly.Module> {
  compiled ??= readFile(new URL('./codec.wasm', import.meta.url)).then((bytes) => WebAssembly.compile(bytes))
  return compiled
}
