import { applyHeard } from '../../../db/applied.ts'
import { type ClockChanges, readClocks } from '../../../db/clocks.ts'
import type { Db, Trx } from '../../../db/handle.ts'
import { readRowState } from '../../../db/row-states.ts'
import { insert, rejournal } from '../../../db/rows.ts'
import { isMine } from '../../../db/ownership.ts'
import { REFERENCES } from '../../../db/schema/references.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import type { TakenDay } from '../../domain/fleet/differences.ts'
import type { DayOfRows, WriteBy } from '../../shop/fleet/differences.ts'
import { type Clock, compareClocks } from '../../domain/time/write-order.ts'
import type { Fields } from '../core/registers.ts'
import type { RowState, RowWrite } from '../core/merge.ts'
import { registerOf } from '../../../db/schema/sync-rules.ts'
import { followPeople } from '../people/follow-people.ts'
import { noteHeardPhotos } from '../photos/note-heard.ts'
import { nameOf } from '../take.ts'
import {
  apart,
  ask,
  type At,
  type Comparing,
  expectStill,
  NotComparable,
  ownRows,
  rowsThere,
  standingAt,
} from './compare.ts'
import { provenHere } from './own-journal.ts'
import { MOST_WHOLE, type Whole } from './wire.ts'

/**
 * What a person does about a day whose rows differ: they are taken from head office, as it has them, or those that are here alone are
 * said to it. Nothing does so by itself. Whatever is changed is noted.
 */

/** So many rows are taken in one transaction, the rows that they lean on aside: of more a person takes the rest afterwards. */
const MOST_TAKEN = 500
/** More rows than these lean on nothing that is here: something else is wrong. */
const MOST_LEANT_ON = 5_000

/**
 * Takes the rows of a day as head office has them; those that it has not stay, and are named. What this machine's own journal proves to
 * be right here stays too, and is counted.
 * @throws NotComparable where something waits, or came meanwhile; ParentRefused, ReplyBroken
 */
export async function takeDay(comparing: Comparing, { entity, day }: DayOfRows, write: WriteBy): Promise<TakenDay> {
  const { known, database } = comparing.sync
  const at = await standingAt(database.db)
  const { other, lacking, onlyHere } = await differingRows(comparing, at, { entity, day })
  // A row that is here alone on this day may be there on another one.
  const wanted = [...other, ...lacking, ...onlyHere].map((id): Key => [entity, id])
  const found = await fetchWhole(comparing, at, wanted.slice(0, MOST_TAKEN))
  const all = await withThoseLeantOn(comparing, at, found)
  const { changed, came, left } = await write(async (trx) => {
    await expectStill(trx, at)
    return await takeRows(trx, known, all)
  })
  const there = new Set(found.map(({ id }) => id))
  const alone = onlyHere.filter((id) => !there.has(id))
  return { changed, came, left, onlyHere: alone, more: wanted.length > MOST_TAKEN }
}

/**
 * Says rows of a day anew to head office, as new entries of this machine's: those that head office has not and that it minted itself, and
 * those that are other there though its own journal proves them. Returns how many.
 * @throws NotComparable, ParentRefused, ReplyBroken
 */
export async function sendDay(comparing: Comparing, { entity, day }: DayOfRows, write: WriteBy): Promise<number> {
  const { known, database } = comparing.sync
  const at = await standingAt(database.db)
  const { other, onlyHere } = await differingRows(comparing, at, { entity, day })
  const fetch = (ids: readonly number[]) =>
    fetchWhole(
      comparing,
      at,
      ids.slice(0, MOST_TAKEN).map((id): Key => [entity, id]),
    )
  const there = await fetch(onlyHere)
  const lacking = onlyHere.filter((id) => there.every((row) => row.id !== id)).slice(0, MOST_TAKEN)
  const others = await fetch(other)
  return await write(async (trx) => {
    await expectStill(trx, at)
    const wanted: number[] = []
    for (const id of lacking) if (await isMine(trx, id)) wanted.push(id)
    for (const row of others) if (await isProven(trx, known, row)) wanted.push(row.id)
    for (const id of wanted) await rejournal(trx, entity, id)
    return wanted.length
  })
}

/** Whether this machine's own journal proves all that is other in a row at head office. */
async function isProven(trx: Trx, known: Known, row: Whole): Promise<boolean> {
  const here = await readRowState(trx, row.table, row.id)
  if (!here) return false
  const names = differingIn(known, row, here).filter((name) => name !== 'updated_at')
  return (await provenHere(trx, known, row, here, names)).size === names.length
}

async function differingRows(comparing: Comparing, at: At, { entity, day }: DayOfRows) {
  const there = await rowsThere(comparing, at, entity, day)
  const here = (await ownRows(comparing, entity, new Set([day]))).get(day) ?? new Map<number, string>()
  return apart(here, there)
}

type Key = [SyncedTable, number]

async function fetchWhole(comparing: Comparing, at: At, keys: readonly Key[]): Promise<Whole[]> {
  const found: Whole[] = []
  for (let next = 0; next < keys.length;) {
    const { whole, read } = await ask(comparing, at, { of: 'rows', rows: keys.slice(next, next + MOST_WHOLE) }, 'whole')
    found.push(...whole)
    next += read
  }
  return found
}

/** The rows, behind those that they refer to and that are not here: of which a day may lack all. */
async function withThoseLeantOn(comparing: Comparing, at: At, rows: readonly Whole[]): Promise<Whole[]> {
  const { db } = comparing.sync.database
  const all = new Map(rows.map((row) => [keyOf(row.table, row.id), row]))
  for (let next = rows; next.length > 0;) {
    const lacking = new Map<string, Key>()
    for (const [table, id] of next.flatMap(referencesOf))
      if (!all.has(keyOf(table, id)) && !(await readRowState(db, table, id))) lacking.set(keyOf(table, id), [table, id])
    next = await fetchWhole(comparing, at, [...lacking.values()])
    for (const row of next) all.set(keyOf(row.table, row.id), row)
    if (all.size > rows.length + MOST_LEANT_ON) throw new NotComparable('Rows lean on too many that are not here')
  }
  return inOrder(all)
}

const keyOf = (table: SyncedTable, id: number) => `${table} ${id}`

const referencesOf = ({ table, values }: Whole): Key[] =>
  Object.entries(REFERENCES[table]).flatMap(([column, other]): Key[] => {
    const id = values[column]
    return typeof id === 'number' ? [[other, id]] : []
  })

/** What is referred to first. */
function inOrder(rows: ReadonlyMap<string, Whole>): Whole[] {
  const ordered = new Set<Whole>()
  const add = (row: Whole, under: readonly Whole[]) => {
    if (ordered.has(row) || under.includes(row)) return
    for (const [table, id] of referencesOf(row)) {
      const other = rows.get(keyOf(table, id))
      if (other) add(other, [...under, row])
    }
    ordered.add(row)
  }
  for (const row of rows.values()) add(row, [])
  return [...ordered]
}

type Known = Comparing['sync']['known']

/** The columns that are other here, or all where the row is not here. */
const differingIn = ({ columns }: Known, { table, values }: Whole, here: Pick<RowState, 'values'> | null): string[] =>
  [...columns.get(table)!.keys()].filter(
    (name) => name !== 'id' && (!here || here.values[name] !== (values[name] ?? null)),
  )

/** Writes rows as head office has them, with the clocks by which their registers are judged; a note about each says what it was. */
async function takeRows(trx: Trx, known: Known, rows: readonly Whole[]) {
  const befores = new Map<string, Fields | null>()
  let [changed, came, left] = [0, 0, 0]
  for (const row of rows) {
    const { table, id } = row
    const here = await readRowState(trx, table, id)
    const before = here?.values ?? null
    const names = differingIn(known, row, here)
    const proven = here ? await provenHere(trx, known, row, here, names) : new Set<string>()
    if (proven.size > 0) left++
    const differ = names.filter((name) => !proven.has(name))
    if (proven.size > 0 && differ.every((name) => name === 'updated_at')) continue
    const values = Object.fromEntries(differ.map((name) => [name, row.values[name] ?? null]))
    const clocks = await clockChanges(trx, row, proven)
    const write: RowWrite = { entity: table, row_id: id, isNew: !before, values, clocks, conflicts: [], settled: [] }
    befores.set(nameOf(write), before)
    await applyHeard(trx, [], [write])
    await followPeople(trx, [write], befores)
    await noteHeardPhotos(trx, [write])
    await note(trx, row, before, differ.filter((name) => name !== 'updated_at')) // oxfmt-ignore
    if (before) changed++
    else came++
  }
  return { changed, came, left }
}

/** Those of `proven` columns stay. */
async function clockChanges(
  db: Db,
  { table, id, clocks: there }: Whole,
  proven: ReadonlySet<string>,
): Promise<ClockChanges> {
  const here = await readClocks(db, table, id)
  const stay = new Set([...proven].map((name) => registerOf(table, name)))
  const names = [...new Set([...Object.keys(here.registers), ...Object.keys(there.registers)])]
  const moved = names.filter((name) => !stay.has(name) && !isSameClock(here.registers[name], there.registers[name]))
  const registers = Object.fromEntries(moved.map((name) => [name, there.registers[name] ?? null]))
  const isPut = there.put && stay.size === 0 && !isSameClock(here.put, there.put)
  return { ...(isPut && { put: there.put! }), registers }
}

const isSameClock = (one: Clock | undefined | null, other: Clock | undefined | null) =>
  one && other ? compareClocks(one, other) === 0 : (one ?? null) === (other ?? null)

/** Columns whose texts are the program's own, and numbers of papers. */
const CODES: ReadonlySet<string> = new Set([
  'status', 'kind', 'role', 'currency', 'channel', 'cancel_reason', 'tax_mode', 'method', 'payment_method', 'ticket_number', 'receipt_number',
]) // oxfmt-ignore

/**
 * What of a row was taken, by whom: a note about it, which travels like any. What people have written is not in it: an erasure takes
 * their words out of rows and of what was said of them, and would not find a copy here.
 */
async function note(trx: Trx, { table, id, values }: Whole, before: Fields | null, names: readonly string[]) {
  const said = (name: string, value: unknown) => (typeof value === 'string' && !CODES.has(name) ? '…' : (value ?? null))
  const changes = before && names.map((name) => [name, [said(name, before[name]), said(name, values[name])]])
  const text = changes && JSON.stringify(Object.fromEntries(changes))
  const about = { kind: 'taken-from-head-office', about_entity: table, about_id: id }
  await insert(trx, 'task_note', { ...about, by: trx.act.actor!, text, facts_seen: before ? 'changed' : 'came' })
}
