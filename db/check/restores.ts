import { GENESIS } from '../../server/domain/chain.ts'
import type { BlockEntry } from '../journal/block.ts'
import type { EndedChain, Restored } from '../journal/begin-epoch.ts'
import type { EntryFinding } from './findings.ts'

/** Where each chain ended, held against the entries of restores that say it, which come after them. */
export type Restores = {
  add(entry: BlockEntry): void
  /** Hears where a chain ended that nothing in the journal says. */
  expect(ended: EndedChain): void
  /** Notes that a chain has no entry after this one. */
  end(last: EndedChain): void
  /** The first chain that does not end where the restore after it says. */
  finding(): EntryFinding | null
  /** What must be remembered when the check goes on another day. */
  state(): RestoreState
}
export type RestoreState = { ends: EndedChain[]; expected: EndedChain[] }

export function openRestores({ ends, expected }: RestoreState = { ends: [], expected: [] }): Restores {
  const state: RestoreState = { ends: [...ends], expected: [...expected] }
  return {
    add: ({ kind, after }) => {
      if (kind !== 'restore' || after === null) return
      const { ended } = JSON.parse(after) as Restored // Its digest says that it is as we wrote it.
      state.expected.push(ended)
    },
    expect: (ended) => void state.expected.push(ended),
    end: ({ origin, epoch, seq, chain }) => void state.ends.push({ origin, epoch, seq, chain }),
    finding: () =>
      state.expected.map((ended) => compare(ended, state.ends)).find((finding) => finding !== null) ?? null,
    state: () => state,
  }
}

function compare({ origin, epoch, seq, chain }: EndedChain, ends: readonly EndedChain[]): EntryFinding | null {
  const own = ends.find((end) => end.origin === origin && end.epoch === epoch)
  const reached = own ?? { seq: 0, chain: GENESIS }
  if (reached.seq === seq && reached.chain === chain) return null
  const first = Math.min(seq, reached.seq) + 1
  return { kind: 'entry', origin, epoch, seq: first, reason: 'end', entity: null, row_id: null }
}
