import type { InsertObject } from 'kysely'
import { sql } from 'kysely'
import type { Series } from '../server/domain/numbers.ts'
import { run } from './engines/sql-text.ts'
import { QUERY, type Trx } from './handle.ts'
import { counterStep, counterSum, isAsSummed, labelSum, rowSum } from './row-sums.ts'
import { mintIds, sumCounter } from './rows.ts'
import { ownStore } from './self.ts'
import { LOCAL_TABLES, type LocalTable, type MintedLocalTable, type Schema } from './schema/schema.ts'

/** Writes to the tables that stay on this machine: sessions, secrets, keys, progress. None of it enters the journal. */

type Key<T extends LocalTable> = Partial<Schema[T]>

/** Adds a row. */
export async function insertLocal<T extends LocalTable>(
  trx: Trx,
  table: T,
  row: InsertObject<Schema, T>,
): Promise<void> {
  await trx[QUERY]
    .insertInto(table)
    .values({ ...row, sum: rowSum(row) })
    .execute()
}

/** Adds a row under an id that it mints, and returns that. */
export async function insertMinted<T extends MintedLocalTable>(
  trx: Trx,
  table: T,
  row: Omit<Schema[T], 'id' | 'sum'>,
): Promise<number> {
  const [id] = await mintIds(trx, table, 1)
  await insertLocal(trx, table, { ...row, id: id! } as InsertObject<Schema, T>)
  return id!
}

/** Adds a row, or changes the fields of the one that has this primary `key` already. */
export async function upsertLocal<T extends LocalTable>(
  trx: Trx,
  table: T,
  key: Key<T>,
  fields: Partial<Schema[T]>,
): Promise<void> {
  if ((await updateLocal(trx, table, key, fields)) > 0) return
  await insertLocal(trx, table, { ...key, ...fields } as InsertObject<Schema, T>)
}

/** Changes the rows that match `key`; returns how many. */
export const updateLocal = <T extends LocalTable>(
  trx: Trx,
  table: T,
  key: Key<T>,
  fields: Partial<Schema[T]>,
): Promise<number> => change(trx, table, matching(key), () => fields)

type Row = Readonly<Record<string, unknown>>
type Condition = { text: string; parameters: unknown[] }

/** Changes the rows of which `where` is true, each with its sum; returns how many. */
async function change(trx: Trx, table: LocalTable, where: Condition, fieldsOf: (row: Row) => object): Promise<number> {
  const { engine, [QUERY]: query } = trx
  const rows = await run<Row>(query, engine, `select * from "${table}" where ${where.text}`, where.parameters)
  for (const row of rows) {
    const key = Object.fromEntries(LOCAL_TABLES[table].map((column) => [column, row[column]]))
    const stated = Object.entries(fieldsOf(row)).filter(([, value]) => value !== undefined)
    const fields: Row = Object.fromEntries(stated)
    const changed = { ...fields, sum: sumAfter(row, key, fields) }
    const set = Object.keys(changed).map((column) => `"${column}" = ?`)
    const { text, parameters } = matching(key)
    const update = `update "${table}" set ${set.join(', ')} where ${text}`
    await run(query, engine, update, [...Object.values(changed), ...parameters])
  }
  return rows.length
}

/** The sum of a row with these fields; one that was not as its sum said stays so, unless nothing is left of it. */
function sumAfter(row: Row, key: Row, fields: Row): unknown {
  const isStatedAnew = () => Object.keys(row).every((column) => column === 'sum' || column in key || column in fields)
  return isAsSummed(row) || isStatedAnew() ? rowSum({ ...row, ...fields }) : row['sum']
}

/** Whether the row that has this primary `key` is as it was written, or there is none. */
export async function isAsWritten<T extends LocalTable>(trx: Trx, table: T, key: Key<T>): Promise<boolean> {
  const { text, parameters } = matching(key)
  const rows = await run<Row>(trx[QUERY], trx.engine, `select * from "${table}" where ${text}`, parameters)
  return rows.every(isAsSummed)
}

/** Forgets the rows that match `key`; returns how many. */
export async function deleteLocal<T extends LocalTable>(trx: Trx, table: T, key: Key<T>): Promise<number> {
  const { text, parameters } = matching(key)
  const rows = await run(trx[QUERY], trx.engine, `delete from "${table}" where ${text} returning 1`, parameters)
  return rows.length
}

/**
 * Forgets the oldest rows whose instant `column` lies before `before` (ms): `limit` of them, and those of the same instant
 * as the last. Returns whether there are more.
 */
export async function deleteOldestLocal(
  trx: Trx,
  table: LocalTable,
  column: Instant,
  { before, limit }: { before: number; limit: number },
): Promise<boolean> {
  const at = sql.ref<number>(column)
  const last = await trx[QUERY]
    .selectFrom(table)
    .select(at.as('at'))
    .where(at, '<', before)
    .orderBy(at)
    .limit(1)
    .offset(limit - 1)
    .executeTakeFirst()
  await trx[QUERY]
    .deleteFrom(table)
    .where(at, last ? '<=' : '<', last?.at ?? before)
    .execute()
  return last !== undefined
}

type Instant = 'at' | 'created_at' | 'expires_at' | 'updated_at'

/** Moves instants of the rows whose first one lies after `since`, `by` ms. */
export async function moveInstants(
  trx: Trx,
  table: LocalTable,
  [first, ...more]: readonly [Instant, ...Instant[]],
  { since, by }: { since: number; by: number },
): Promise<void> {
  const moved = (row: Row, column: Instant) => [column, (row[column] as number) + Math.trunc(by)]
  await change(trx, table, after(first, since), (row) =>
    Object.fromEntries([first, ...more].map((column) => moved(row, column))),
  )
}

const after = (column: Instant, at: number): Condition => ({ text: `"${column}" > ?`, parameters: [at] })

/** Forgets the rows whose instant `column` lies after `latest`. */
export async function forgetAfter(trx: Trx, table: LocalTable, column: Instant, latest: number): Promise<void> {
  await trx[QUERY].deleteFrom(table).where(sql.ref<number>(column), '>', latest).execute()
}

/** Brings the instant `column` down to `latest` where it lies after that. */
export async function lowerTo(trx: Trx, table: LocalTable, column: Instant, latest: number): Promise<void> {
  await change(trx, table, after(column, latest), () => ({ [column]: latest }))
}

/**
 * The next `count` numbers of a dense series, given out in the document's own transaction: `S1-T1` and the last of them.
 * The label is written down with the first number and stays.
 */
export async function nextInSeries(trx: Trx, name: Series, count = 1): Promise<{ label: string; n: number }> {
  const key = `${name} number`
  const next = `insert into counter (name, n, sum) values (?, ?, ?)
    on conflict (name) do update set n = counter.n + excluded.n, sum = counter.sum + ? returning label, n, sum`
  const first = counterSum({ name: key, n: count, label: null })
  const numbers = await run<SeriesNumber>(trx[QUERY], trx.engine, next, [key, count, first, counterStep(count)])
  const [{ label, n, sum }] = numbers as [SeriesNumber]
  if (sum === null) await sumCounter(trx, { name: key, n, label })
  if (label !== null) return { label, n }
  // The machine's own, whoever asks: no two machines have one series.
  const { code, terminal } = await ownStore(trx).select(['store.code', 'node.terminal']).executeTakeFirstOrThrow()
  const given = `${code}-${terminal}`
  const keep = 'update counter set label = ?, sum = sum + ? where name = ?'
  await run(trx[QUERY], trx.engine, keep, [given, labelSum(given), key])
  return { label: given, n }
}

type SeriesNumber = { label: string | null; n: number; sum: number | null }

/** @throws Error for a key of nothing: every row would match */
function matching(key: object): Condition {
  const columns = Object.entries(key)
  if (columns.length === 0) throw new Error('A key is needed')
  return {
    text: columns.map(([column, value]) => (value === null ? `"${column}" is null` : `"${column}" = ?`)).join(' and '),
    parameters: columns.map(([, value]) => value).filter((value) => value !== null),
  }
}
