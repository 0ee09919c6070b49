/** Reads: pages are made ready many at a time, then copied out at once. */
import type { StreamLease } from '../zcomp/lease.js'
import { Errno } from './errno.js'
import type { PageStore } from './page-store.js'
import type { Step } from './page-writer.js'
import type { ReadRequest } from './requests.js'
import type { Staging } from './staging.js'

export class PageReader {
  readonly #store: PageStore
  readonly #stream: StreamLease
  readonly #staging: Staging

  constructor(store: PageStore, stream: StreamLease, staging: Staging) {
    this.#store = store
    this.#stream = stream
    this.#staging = staging
  }

  /** Reads until all is there, it fails, or `mayGo` says that others should have a turn. */
  read(request: ReadRequest, mayGo: () => boolean): Step {
    while (!request.started && request.intact()) {
      const errno = this.#stretch(request)
      if (errno !== Errno.ok) request.fail(errno)
      else if (!request.started && !mayGo()) return 'turn'
    }
    request.endIfOver()
    return 'done'
  }

  /** As many pages as are staged at a time. */
  #stretch(request: ReadRequest): Errno {
    const { pageSize, pages, input, capacity } = this.#staging
    this.#staging.release()
    const { at, offset, end, data } = request
    const first = Math.floor(at / pageSize)
    const from = at - first * pageSize
    const length = Math.min(capacity - from, end - at)
    const count = Math.ceil((from + length) / pageSize)
    for (let i = 0; i < count; i++) {
      const errno = this.#store.read(first + i, pages[i] as Uint8Array, this.#stream)
      if (errno !== Errno.ok) return errno
    }
    data.set(from === 0 && length === input.length ? input : input.subarray(from, from + length), at - offset)
    request.at = at + length
    return Errno.ok
  }
}
