/** Rejections that nobody waits for: Node would end the process over them, here they belong to the claim that was at work. */

export interface Strays extends Disposable {
  /** Those since the last call, in words. */
  take(): string[]
}

export function catchStrays(): Strays {
  const caught: string[] = []
  const listener = (reason: unknown): void => {
    caught.push(reason instanceof Error ? reason.message : String(reason))
  }
  process.on('unhandledRejection', listener)
  return {
    take: () => caught.splice(0),
    [Symbol.dispose]: () => void process.off('unhandledRejection', listener),
  }
}
