import { SELECT_ENTITIES } from '../journal/shapes.ts'
import type { JournalTable } from '../schema/schema.ts'
import type { IndexedFinding } from './findings.ts'
import type { Scan } from './scan.ts'
import { fieldHash, placeHash } from './sums.ts'

/**
 * Holds the index of the journal by row against the journal. What it should have is added up while the journal is walked, and
 * what it has is taken off again. Of both counts only what was indexed when the check began, which nothing changes any more,
 * however much is packed meanwhile.
 */
export type IndexCheck = {
  /** How far each chain was indexed. */
  upTo: readonly (readonly [origin: number, epoch: number, seq: number])[]
  /** Nothing is left of it where both agree. */
  sum: number
  expected: number
  found: number
  /** The last row of the index that was read. */
  after: readonly number[]
}

export const newIndexCheck = (upTo: IndexCheck['upTo'] = []): IndexCheck => ({
  upTo,
  sum: 0,
  expected: 0,
  found: 0,
  after: [-1, -1, -1, -1, -1],
})

const INDEXED = `select origin, epoch, seq, cast((select count(*) from journal
  where journal.origin = p.origin and journal.epoch = p.epoch and journal.seq = p.seq) as bigint) from journal_packing p`

/** What the index is held against from now on; where a chain is indexed up to a place which the journal has not, something is left. */
export async function openIndexCheck(scan: Scan): Promise<IndexCheck> {
  const rows = (await scan.rows(INDEXED, [])) as [number, number, number, number][]
  const sum = rows.filter(([, , , isThere]) => isThere === 0).length
  return { ...newIndexCheck(rows.map(([origin, epoch, seq]) => [origin, epoch, seq])), sum }
}

/** A row that a row of the journal speaks of; `entity` is null where the index names none that there is. */
export type Named = { entity: string | null; row_id: number }

type Place = Pick<JournalTable, 'origin' | 'epoch' | 'seq'>

/** Adds what the index should have of a row of the journal that speaks of `named`: each once. */
export function expectIndexed(check: IndexCheck, place: Place, named: readonly Named[]): void {
  if (!isIndexed(check, place)) return
  const chain = chainHash(place)
  named.forEach(({ entity, row_id }, index) => {
    if (isNamedBefore(named, index)) return
    check.expected += 1
    check.sum = (check.sum + placeHash(fieldHash(entity ?? ''), row_id, chain, place.seq)) | 0
  })
}

function isNamedBefore(named: readonly Named[], index: number): boolean {
  const { entity, row_id } = named[index]!
  for (let i = 0; i < index; i++) if (named[i]!.row_id === row_id && named[i]!.entity === entity) return true
  return false
}

const KEY = 'entity, row_id, origin, epoch, seq'
const SELECT_INDEX = `select ${KEY} from journal_row where (${KEY}) > (?, ?, ?, ?, ?) order by ${KEY} limit ?`

/** Takes off what the next `limit` rows of the index say. Returns whether there is more to read. */
export async function readIndex(check: IndexCheck, scan: Scan, limit: number): Promise<boolean> {
  const entities = new Map((await scan.rows(SELECT_ENTITIES, [])) as [number, string][])
  const hashes = new Map<number, number>([...entities].map(([id, entity]) => [id, fieldHash(entity)]))
  const rows = (await scan.rows(SELECT_INDEX, [...check.after, limit])) as [number, number, number, number, number][]
  for (const [entity, row_id, origin, epoch, seq] of rows) {
    const place = { origin, epoch, seq }
    if (!isIndexed(check, place)) continue
    check.found += 1
    check.sum = (check.sum - placeHash(hashes.get(entity) ?? fieldHash(''), row_id, chainHash(place), seq)) | 0
  }
  check.after = rows.at(-1) ?? check.after
  return rows.length === limit
}

/** What the index is found to be; null where it has what it should have. */
export function indexedFinding({ sum, expected, found }: IndexCheck): IndexedFinding | null {
  return sum === 0 && expected === found ? null : { kind: 'indexed', expected, found }
}

function isIndexed({ upTo }: IndexCheck, { origin, epoch, seq }: Place): boolean {
  for (const [ofOrigin, ofEpoch, last] of upTo) if (origin === ofOrigin && epoch === ofEpoch) return seq <= last
  return false
}

const chainHash = ({ origin, epoch }: Place) => Math.imul(origin, 0x9e3779b1) ^ epoch
