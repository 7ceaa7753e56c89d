import type { Db, NodeHead, Trx } from '../../../db/handle.ts'
import { sharesOf } from '../../../db/fleet/feed.ts'
import { type FoundRow, idsWithTwins, markedPairs, rowsById, rowsWith } from '../../../db/queries/alike.ts'
import { idIn, idListParameter, padded } from '../../../db/queries/id-list.ts'
import { readRowState } from '../../../db/row-states.ts'
import { insert, patch, remove } from '../../../db/rows.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { nodeOf } from '../../domain/ids.ts'
import { compareClocks } from '../../domain/time/write-order.ts'
import { homeOf, type Stream, worksHere } from '../core/closure.ts'
import { type Candidate, columnsOfKey, DUPLICATE_KEYS, duplicatesAmong, keysOf } from '../core/duplicates.ts'
import { DELETED } from '../core/registers.ts'

/**
 * Marks rows that two nodes have added of one thing. Head office alone writes `duplicate_of`, for it has all rows: a terminal does
 * not see what others share a key with, and every node's own op about the same mark would be one too many each. What a person says
 * of two rows is a fact, a `task_note`, which any node may write; the mark follows from rows and facts alone.
 */

/** Tables whose rows may be marked. */
export type Marked = 'user' | 'device' | 'brand' | 'device_type' | 'problem' | 'model'
export const MARKED = Object.keys(DUPLICATE_KEYS) as readonly Marked[] // As a test of the registers demands.
export const isMarked = (table: string): table is Marked => MARKED.some((marked) => marked === table)

const KIND = { same: 'same-thing', apart: 'other-thing' } as const

/** More rows than one thing has: what so many share is no key, and nothing is said of them. */
const MOST = 100

/** Of rows that have changed those whose marks may change with them. */
export const rowsToMark = (trx: Trx, table: Marked, ids: readonly number[]): Promise<number[]> =>
  idsWithTwins(trx, table, ids, DUPLICATE_KEYS[table]!)

/** Marks at head office whatever follows from these rows. */
export async function markDuplicates(trx: Trx, table: Marked, ids: readonly number[]): Promise<void> {
  if (trx.act.node.role !== 'head-office') return
  const seen = new Set<number>()
  for (const id of ids) {
    if (seen.has(id)) continue
    const group = await groupOf(trx, table, id)
    for (const member of group?.keys() ?? []) seen.add(member)
    if (group) await markGroup(trx, table, [...group.values()])
  }
}

async function markGroup(trx: Trx, table: Marked, group: readonly FoundRow[]): Promise<void> {
  for (const { id, values } of group)
    if (values[DELETED] === null && (await hideAgain(trx, table, id))) values[DELETED] = trx.act.now
  const told = await whatIsTold(trx, table, group)
  for (const [id, original] of duplicatesAmong(table, group, told)) {
    const { values } = group.find((row) => row.id === id)!
    if (values['duplicate_of'] !== original) await patch(trx, table, id, { duplicate_of: original })
  }
}

/**
 * A row that somebody had deleted, unknown here, when the mark was written is brought back by the mark alone: nobody has
 * wanted that, and it is hidden again.
 */
async function hideAgain(trx: Trx, table: Marked, id: number): Promise<boolean> {
  const row = await readRowState(trx, table, id)
  const deletion = row?.conflicts.find(({ register }) => register === DELETED)
  if (!row || !deletion || deletion.won.actor !== null) return false
  const isLater = ([, clock]: [string, Parameters<typeof compareClocks>[0]]) =>
    compareClocks(clock, deletion.lost.clock) > 0
  const later = Object.entries(row.clocks.registers).filter(isLater)
  const isMarkAlone = later.every(([register]) => register === 'duplicate_of' || register === DELETED)
  return isMarkAlone && (await remove(trx, table, id))
}

/** All rows that a row may be one thing with, and those with them; null where they are too many. */
async function groupOf(db: Db, table: Marked, id: number): Promise<Map<number, FoundRow> | null> {
  const group = new Map<number, FoundRow>()
  const asked = new Set<string>()
  let next = [id]
  while (next.length > 0) {
    const rows = (await rowsById(db, table, next)).filter((row) => !group.has(row.id))
    for (const row of rows) group.set(row.id, row)
    if (group.size > MOST) return null
    const found: number[] = []
    for (const row of rows) {
      found.push(...(await linkedTo(db, table, row)))
      for (const key of keysOf(table, row)) {
        if (asked.has(key)) continue
        asked.add(key)
        found.push(...(await rowsWith(db, table, columnsOfKey(key), MOST + 1)).map((other) => other.id))
      }
    }
    next = [...new Set(found)].filter((other) => !group.has(other)).slice(0, MOST + 1)
  }
  return group
}

/** What its mark names, whose marks name it, and what a person has made one with it. */
async function linkedTo(db: Db, table: Marked, row: FoundRow): Promise<number[]> {
  const { id, values } = row
  const marked = values['duplicate_of']
  const marks = await rowsWith(db, table, { duplicate_of: id }, MOST + 1)
  const pairs = (await pairsOf(db, table, [id])).filter((pair) => isHeeded(pair, row))
  return [
    ...(typeof marked === 'number' ? [marked] : []),
    ...marks.map((other) => other.id),
    ...pairs.map(({ other }) => other),
  ]
}

type Pair = { about_id: number; other: number; kind: string; isOffices: boolean; store_id: number }

/** The words of people about pairs with one of these rows, the last of each pair behind those before it. */
async function pairsOf(db: Db, table: Marked, ids: readonly number[]): Promise<Pair[]> {
  if (ids.length === 0) return []
  const notes = await db
    .selectFrom('task_note')
    .select(['id', 'kind', 'about_id', 'facts_seen', 'store_id'])
    .where('about_entity', '=', table)
    .where('about_id', 'in', padded(ids))
    .where('kind', 'in', Object.values(KIND))
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  const { node_id } = await db.selectFrom('self').select('node_id').executeTakeFirstOrThrow()
  return notes.map(({ id, facts_seen, ...note }) => ({
    ...note,
    other: Number(facts_seen),
    isOffices: nodeOf(id) === node_id,
  }))
}

/** A terminal can be stolen: head office heeds what it says of rows of its own store, but not of people who work. */
const isHeeded = ({ isOffices, store_id }: Pair, ...rows: readonly FoundRow[]) =>
  isOffices || rows.every(({ values }) => values['store_id'] === store_id && !worksHere(values))

const nameOf = (one: number, other: number) => `${Math.min(one, other)} ${Math.max(one, other)}`

async function whatIsTold(db: Db, table: Marked, group: readonly FoundRow[]) {
  const byId = new Map(group.map((row) => [row.id, row]))
  const told = new Map<string, string>()
  for (const pair of await pairsOf(db, table, [...byId.keys()])) {
    const [one, other] = [byId.get(pair.about_id), byId.get(pair.other)]
    if (one && other && isHeeded(pair, one, other)) told.set(nameOf(one.id, other.id), pair.kind)
  }
  const streams = new Map<number, Stream[]>()
  for (const { id, values } of group) {
    const shared = (await sharesOf(db, table, id)) as Stream[] // As head office wrote them.
    streams.set(id, [homeOf(table, values), ...shared])
  }
  const isHeardBy = (stream: Stream, row: Candidate) =>
    streams.get(row.id)!.some((one) => one === 'org' || one === stream)
  return {
    same: (one: number, other: number) => told.get(nameOf(one, other)) === KIND.same,
    apart: (one: number, other: number) => told.get(nameOf(one, other)) === KIND.apart,
    hears: (one: Candidate, other: Candidate) => streams.get(one.id)!.every((stream) => isHeardBy(stream, other)),
  }
}

/**
 * Writes down what a person says of two rows: that they are one thing (`same`), or two. At head office the mark follows at once,
 * elsewhere once head office has heard of it.
 * @throws Error where one of them is not here, or both are the same row: whoever asks looks before
 */
export async function tellOfPair(
  trx: Trx,
  table: Marked,
  [one, other]: readonly [number, number],
  said: 'same' | 'apart',
): Promise<void> {
  const rows = await rowsById(trx, table, [one, other])
  const [first, second] = rows
  if (!first || !second) throw new Error(`There are not two rows ${one} and ${other} of ${table}`)
  // Both are asked about: whoever looks at the one finds the other.
  for (const [row, about] of [
    [first, second],
    [second, first],
  ] as const)
    await insert(trx, 'task_note', {
      kind: KIND[said],
      about_entity: table satisfies SyncedTable,
      about_id: row.id,
      by: trx.act.actor!,
      text: null,
      facts_seen: String(about.id),
    })
  await markDuplicates(trx, table, [one, other])
}

/** Two rows that are marked as one thing, and of which nobody has said yet whether they are. */
export type OpenPair = { table: Marked; later: FoundRow; original: FoundRow }

/**
 * Pairs that a person has to look at: `limit` of them behind the first `offset`, and whether there are more. What was said and is
 * not heeded (of another store's rows, by a terminal) is as if nobody had said it.
 */
export async function openPairs(
  db: Db,
  limit: number,
  offset: number,
): Promise<{ pairs: OpenPair[]; areMore: boolean }> {
  const marks = await openMarks(db, limit + 1, offset)
  const pairs: OpenPair[] = []
  for (const [table, ofTable] of Map.groupBy(marks.slice(0, limit), ({ entity }) => entity)) {
    const ids = ofTable.flatMap(({ id, original }) => [id, original])
    const rows = new Map((await rowsById(db, table, ids)).map((row) => [row.id, row]))
    for (const { id, original: first } of ofTable) {
      const [later, original] = [rows.get(id), rows.get(first)]
      if (later && original) pairs.push({ table, later, original })
    }
  }
  return { pairs, areMore: marks.length > limit }
}

/** How many pairs a person has to look at; beyond `most` nobody counts. */
export const countOpenPairs = async (db: Db, most: number): Promise<number> => (await openMarks(db, most, 0)).length

async function openMarks(db: Db, limit: number, offset: number) {
  const { node_id } = await db.selectFrom('self').select('node_id').executeTakeFirstOrThrow()
  // As `isHeeded` has it.
  return await markedPairs(db, MARKED, { kinds: Object.values(KIND), node: node_id }, limit, offset)
}

/** Whether one of two rows is marked as the other: nobody is asked about any others. */
export const isMarkedPair = ([one, other]: readonly FoundRow[]): boolean =>
  one !== undefined &&
  other !== undefined &&
  (one.values['duplicate_of'] === other.id || other.values['duplicate_of'] === one.id)

/** Whether head office heeds what is said at this machine of these rows. */
export const isHeededFrom = (
  { role, store_id }: Pick<NodeHead, 'role' | 'store_id'>,
  rows: readonly FoundRow[],
): boolean => role !== 'terminal' || rows.every(({ values }) => values['store_id'] === store_id && !worksHere(values))

/** The tables and rows that notes of `tellOfPair` are about. */
export async function toldAbout(db: Db, note_ids: readonly number[]): Promise<{ table: Marked; id: number }[]> {
  if (note_ids.length === 0) return []
  const notes = await db
    .selectFrom('task_note')
    .select(['about_entity', 'about_id'])
    .where(idIn(db, 'id', idListParameter(db, note_ids)))
    .where('kind', 'in', Object.values(KIND))
    .execute()
  return notes.flatMap(({ about_entity, about_id }) => (isMarked(about_entity) ? [{ table: about_entity, id: about_id }] : [])) // oxfmt-ignore
}
