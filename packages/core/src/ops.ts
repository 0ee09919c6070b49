/**
 * The contract between zcomp and a compression backend, whole.
 *
 * A backend is data (`ZcompOps`). It sets up parameters once (`ZcompSetup`); a setup makes contexts that compress and decompress in
 * software at once (`ZcompCtx`), and may lend streams of a device that only compresses, and answers later (`ManagedStreams`).
 * Every member is required. What a backend does not have is the value `'none'`, so nobody asks whether a function exists.
 *
 * ## Rules that types cannot say
 *
 * - **Answers.** `compress` and `decompress` answer with the number of bytes written, or with a `Status`. Everything else counts as
 *   `Status.fault`: zero, NaN, a fraction, a length above the capacity, an unknown negative number, a throw, a rejection. A fault is
 *   counted and contained, never believed. A codec may therefore throw on nonsense, but a throw costs as much as ten page copies:
 *   an answer that is to be expected should be a number.
 * - **Fixed memory.** `input`, `buffer` and `src` are the same views for as long as their owner lives: never detached, never moved,
 *   never grown. Core reads them without asking again. They may lie in WebAssembly or in shared memory; a software context is
 *   fastest in private memory.
 * - **One thread.** A setup, its contexts and its streams are used on the thread that made them. A worker makes its own.
 * - **One format.** Whatever compressed a page, the software context of the same backend and parameters decompresses it. Two
 *   encoders of one format may write different bytes; one decoder reads both. That is what makes fallback possible.
 * - **Policy belongs to core.** When to use a device, when to redo a page, how long to wait, when to stop asking and what to count:
 *   none of it is a backend's business. A backend moves bytes and says what happened.
 * - **Same page, same bytes.** A software context writes the same result for the same page and parameters, whatever it did before. A
 *   device need not.
 * - **Order of ending.** Requests end first, then contexts are disposed of, then the setup.
 */

/**
 * What a codec answers when it has no length to give. The numbers are Linux errnos, so that small negative codes of a native library
 * (-1, -2, …) are not taken for one of these by accident.
 */
export const Status = {
  /** The encoder finds the page not worth compressing. An answer, not a failure: the page is stored raw and nothing is redone (ECANCELED). */
  declined: -125,
  /** The result does not fit. From `compress` it means the same as `declined`; from `decompress` it means `corrupt` (ENOSPC). */
  noSpace: -28,
  /** `decompress` met bytes that no encoder of this format writes (EBADMSG). */
  corrupt: -74,
  /** The codec or the device failed; it says nothing about the page. A managed page is redone in software (EIO). */
  fault: -5,
} as const
export type Status = (typeof Status)[keyof typeof Status]

/** What pages look like and how to compress them. A value that cannot be honoured is refused by name, never ignored. */
export interface ZcompParams {
  /** Bytes in a page, a power of two. Every page has this size. */
  readonly pageSize: number
  /** Compression level, or acceleration for lz4. Absent: the default that `caps.levels` names. */
  readonly level?: number
  /** Bytes that writer and reader both know. What reaches `setupParams` is a private copy: the backend may keep it. */
  readonly dict?: Uint8Array
  /** Base-two logarithm of the window. Absent: the default that `caps.winbits` names. */
  readonly winbits?: number
}

/** Whole numbers from `min` to `max`, both included, and the one taken where a parameter is absent (`'auto'`: it follows from the others). */
export interface Range {
  readonly min: number
  readonly max: number
  readonly default: number | 'auto'
}

/**
 * What a backend can do: cloneable data, printable as a table, the same on every machine. The conformance kit proves it both ways:
 * what is claimed works, what is `'none'` is refused.
 */
export interface ZcompCaps {
  readonly levels: Range | 'none'
  readonly dict: { readonly maxBytes: number } | 'none'
  readonly winbits: Range | 'none'
  /** Smallest and largest page in bytes, powers of two. */
  readonly pageSizes: { readonly min: number; readonly max: number }
  /** `'compress'`: a setup may lend managed streams. Whether it does at this moment is health, which changes; capability does not. */
  readonly managed: 'compress' | 'none'
}

/** Values that `structuredClone` carries to a worker. */
export type Cloneable =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly Cloneable[]
  | { readonly [key: string]: Cloneable }

/**
 * How a worker builds the software form of the same backend: `(await import(url))[factory](options)` gives a `ZcompOps` of the same
 * `format` whose `caps.managed` is `'none'`. Usually `{ url: import.meta.url, factory: 'mine', options }`.
 */
export interface EngineModule {
  readonly url: string
  readonly factory: string
  readonly options: Cloneable
}

/** A backend. Made by `defineBackend`, which checks it, stamps `abi` on it and freezes it. */
export interface ZcompOps {
  /** The version of this contract. Core refuses one it does not speak. */
  readonly abi: 1
  /** Lower-case name, as in `comp_algorithm`. */
  readonly name: string
  /** Names the bytes, not the code that writes them: backends of one format read each other's pages. */
  readonly format: string
  readonly caps: ZcompCaps
  /** `'none'`: this backend was built in place, and no worker can build it again. */
  readonly module: EngineModule | 'none'
  /**
   * Does the slow part once: compiles, digests the dictionary, joins a device's pool. The parameters have been held against `caps`
   * already; refuse here what `caps` cannot say. A rejection means an environment that does not work, and must leave nothing behind.
   * A device that does not come up is neither: software is there, and `managed.getStream` says `'starting'` or `'removed'`.
   */
  setupParams(params: ZcompParams): Promise<ZcompSetup | Refused>
}

/** Names the parameter and says, for a person, why it cannot be honoured. */
export interface Refused {
  readonly refused: keyof ZcompParams
  readonly why: string
}

/** Parameters made ready. Immutable, shared by everything made from it, and the last to be disposed of. */
export interface ZcompSetup {
  /** A new context. May throw where memory is out. Core makes the first before it says that a backend is ready. */
  createCtx(): ZcompCtx
  readonly managed: ManagedStreams | 'none'
  /**
   * Called once, after every context is disposed of. Streams may still be out and requests unanswered, on a device that hangs: stop
   * the device, see to it that it never touches a stream's memory again, answer what is pending with a fault, then resolve. Core may
   * put streams until this resolves, never after, and waits only a bounded time. A pool that other setups share stays theirs.
   */
  [Symbol.asyncDispose](): Promise<void>
}

/** One page at a time, in software, at once. Exclusive: core never enters a context twice. */
export interface ZcompCtx {
  /** One page or more, often 128 KiB: the caller fills many pages with one copy. Only the caller writes here. */
  readonly input: Uint8Array
  /** Two pages or more; `compress` leaves its result at the front, the caller's to read until the next call of `compress`. */
  readonly buffer: Uint8Array
  /** Compresses `length` bytes (1 to a page) at `offset` of `input` into the front of `buffer`. Leaves `input` as it is. */
  compress(offset: number, length: number): number
  /**
   * Fills `dst` (a page) from `src`, and answers `dst.length`; core believes nothing less. A page that is longer than `dst` is refused,
   * never clipped; bytes that make no page are `corrupt` or `noSpace`, not a fault. Writes nothing outside `dst`, whatever `src` holds. Both may lie anywhere, this context's own `input` and `buffer` included. They do not overlap, and neither is kept.
   */
  decompress(src: Uint8Array, dst: Uint8Array): number
  /** Frees what garbage collection would not. Called once, before the setup's. */
  [Symbol.dispose](): void
}

/** Why there is no stream now. `'starting'` and `'exhausted'` pass; `'draining'` and `'removed'` may not. */
export type Unavailable = 'exhausted' | 'starting' | 'draining' | 'removed'

/** A device's streams as one setup sees them. The pool behind it may serve many setups; sharing it fairly is its own business. */
export interface ManagedStreams {
  /** How many streams the pool has when all are free. 0: the device never came up, and `getStream` says `'removed'`. */
  readonly streams: number
  /** Never waits, never throws, allocates nothing: a stream that nobody else holds, or a constant reason. A refusal has no effect. */
  getStream(): ManagedStream | Unavailable
  /** Takes a stream of this setup back, exactly once for each `getStream`, with no request in flight. Works in every state of health. */
  putStream(stream: ManagedStream): void
  /**
   * The doorbell, and the moment to look. What was submitted before completes without another call; until then it may wait for
   * company. Answers that can be had without waiting settle here. Core rings when a device at rest has its first pages, between pages
   * that it compresses itself, at the end of the turn, and some more while it looks for last answers: it must be cheap when there is
   * nothing to do.
   */
  commit(): void
}

/**
 * Told that a device is done with a request: with a length or a `Status`, and the ticket that came with the request. Core drops, and
 * counts as `broken`, what bears any ticket but that of the stream's present request.
 */
export type Answered = (ticket: number, answer: number) => void

/**
 * One request at a time on a device. From `compress` until its promise settles, `src` and `buffer` belong to the device, which writes
 * to `buffer` alone. Core goes on *reading* `src` all that time: a redo in software, a page stored raw and a write to part of the
 * page all start from it. There is no cancel: past its deadline a page is redone in software, and the stream is put when the promise
 * settles, however late.
 */
export interface ManagedStream {
  /** A page or more, readable by JavaScript at any time. Device memory that detaches is staged from here. */
  readonly src: Uint8Array
  /** A page or more. What does not fit is answered `noSpace`. */
  readonly buffer: Uint8Array
  /** Submits the first `length` bytes of `src` (a page). Settling says that the device is done with both areas, whatever the answer. */
  compress(length: number): Promise<number>
  /**
   * Optional: `compress` without its promise, for a device that many pages go to. `answered` is called once, with `ticket`, when the device
   * is done with both areas: from `commit` or from an event, never from within `submit`. A `submit` that throws has taken nothing. Core
   * prefers it: two promises and a turn of the microtasks cost as much as a fifth of all else that a page on a device costs the caller.
   */
  submit?(length: number, ticket: number, answered: Answered): void
}
