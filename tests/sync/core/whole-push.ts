import type { JournalEntry } from '../../../server/domain/chain.ts'
import { linkingPush, type Push, readingPush } from '../../../server/sync/core/op.ts'

/** What a server does in parts, with others in between, at once. */
function whole<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}

export const readPush = (origin: number, body: unknown) => whole(readingPush(origin, body))

export const linkPush = (sha256: Parameters<typeof linkingPush>[0], push: Push): JournalEntry[] | null =>
  whole(linkingPush(sha256, push))
