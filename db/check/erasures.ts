import { isArchived } from '../journal/archive.ts'
import type { BlockEntry } from '../journal/block.ts'
import type { Erased } from '../journal/erase.ts'
import type { EntryFinding } from './findings.ts'

/** Bodies that are blank, held against the entries that say what was erased, which come after them. */
export type Erasures = {
  add(entry: BlockEntry): void
  /** Hears of bodies of an archive that were erased, which no entry says. */
  cover(places: readonly { origin: number; epoch: number; seq: number }[]): void
  /** The first body that is gone although nothing says that it was erased. */
  finding(): EntryFinding | null
  /** What must be remembered when the check goes on another day. */
  state(): ErasureState
}
export type ErasureState = { blank: EntryFinding[]; covered: string[] }

export function openErasures(kept: ErasureState = { blank: [], covered: [] }): Erasures {
  const blank = new Map(kept.blank.map((finding) => [placeOf(finding), finding]))
  const covered = new Set(kept.covered)
  /** What says that something was erased is never erased itself. */
  const settle = (place: string) => {
    if (!covered.has(place) || !blank.has(place) || blank.get(place)!.entity === 'journal') return
    covered.delete(place)
    blank.delete(place)
  }
  const cover = (place: string) => {
    covered.add(place)
    settle(place)
  }
  return {
    add: ({ origin, epoch, seq, kind, entity, row_id, salt, after }) => {
      if (salt === null) {
        const finding: EntryFinding = { kind: 'entry', origin, epoch, seq, reason: 'blank', entity, row_id }
        blank.set(placeOf(finding), finding)
        settle(placeOf(finding))
      } else if (kind === 'erase' && after !== null) {
        // An archive names its own entries by the origin that it had.
        for (const place of placesOf(after, isArchived({ origin }) ? origin : null)) cover(place)
      }
    },
    cover: (places) => places.forEach((place) => cover(placeOf(place))),
    finding: () => [...blank.values()][0] ?? null,
    state: () => ({ blank: [...blank.values()], covered: [...covered] }),
  }
}

/** What an entry says was erased. Other nodes may have written anything, which then stands in quarantine: it names nothing. */
function placesOf(after: string, archive: number | null): string[] {
  try {
    const { origin, epoch, seqs } = JSON.parse(after) as Erased
    return seqs.map((seq) => placeOf({ origin: archive ?? origin, epoch, seq }))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return []
    throw error
  }
}

const placeOf = ({ origin, epoch, seq }: { origin: number; epoch: number; seq: number }) => `${origin}/${epoch}/${seq}`
