import type { InsertObject, UpdateObject } from 'kysely'
import { sql } from 'kysely'
import { executeNoResult } from './engines/direct.ts'
import { QUERY, type Trx } from './handle.ts'
import type { Series } from '../server/domain/numbers.ts'
import { isSummed, rowSum } from './row-sums.ts'
import { mintIds } from './rows.ts'
import type { LocalTable, MintedLocalTable, Schema, SummedTable } from './schema/schema.ts'
import { run } from './engines/sql-text.ts'

/** Writes to the tables that stay on this machine: sessions, secrets, keys, progress. None of it enters the journal. */

type Key<T extends LocalTable> = Partial<Schema[T]>

/** Adds a row. */
export async function insertLocal<T extends LocalTable>(
  trx: Trx,
  table: T,
  row: InsertObject<Schema, T>,
): Promise<void> {
  const sum = isSummed(table) ? { sum: rowSum(row) } : {}
  await trx[QUERY]
    .insertInto(table)
    .values({ ...row, ...sum })
    .execute()
}

/** Adds a row under an id that it mints, and returns that. */
export async function insertMinted<T extends MintedLocalTable>(
  trx: Trx,
  table: T,
  row: Omit<Schema[T], 'id'>,
): Promise<number> {
  const [id] = await mintIds(trx, table, 1)
  await insertLocal(trx, table, { ...row, id: id! } as InsertObject<Schema, T>)
  return id!
}

/** Adds a row, or changes the fields of the one that has this primary `key` already. */
export async function upsertLocal<T extends Exclude<LocalTable, SummedTable>>(
  trx: Trx,
  table: T,
  key: Key<T>,
  fields: Partial<Schema[T]>,
): Promise<void> {
  const set = fields as UpdateObject<Schema, T, T>
  const { sql: text, parameters } = trx[QUERY]
    .insertInto(table)
    .values({ ...key, ...fields } as InsertObject<Schema, T>)
    .onConflict((row) => row.columns(Object.keys(key) as never).doUpdateSet(set as never))
    .compile()
  await executeNoResult(trx[QUERY], text, parameters)
}

/** Changes the rows that match `key`; returns how many. */
export async function updateLocal<T extends LocalTable>(
  trx: Trx,
  table: T,
  key: Key<T>,
  fields: Partial<Schema[T]>,
): Promise<number> {
  const set = fields as UpdateObject<Schema, T, T>
  const update = trx[QUERY]
    .updateTable(table as LocalTable)
    .set(set as never)
    .where(matches(key))
  const result = await summed(trx, table, () => update.executeTakeFirst())
  return Number(result.numUpdatedRows)
}

/** Does an update, and sums anew what it changed; a row that was not as its sum said stays so. */
async function summed<T>(trx: Trx, table: LocalTable, update: () => Promise<T>): Promise<T> {
  if (!isSummed(table)) return await update()
  const rows = () => trx[QUERY].selectFrom(table).selectAll().execute()
  const whole = (await rows()).filter((row) => row.sum === null || row.sum === rowSum(row)).map(({ id }) => id)
  const result = await update()
  for (const row of await rows()) {
    const sum = rowSum(row)
    if (sum !== row.sum && whole.includes(row.id))
      await trx[QUERY].updateTable(table).set({ sum }).where('id', '=', row.id).execute()
  }
  return result
}

/** Forgets the rows that match `key`; returns how many. */
export async function deleteLocal<T extends LocalTable>(trx: Trx, table: T, key: Key<T>): Promise<number> {
  const result = await trx[QUERY]
    .deleteFrom(table as LocalTable)
    .where(matches(key))
    .executeTakeFirst()
  return Number(result.numDeletedRows)
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
  const moved = (column: Instant) => sql`${sql.ref(column)} = ${sql.ref(column)} + cast(${by} as bigint)`
  const update = sql`update ${sql.table(table)} set ${sql.join([first, ...more].map(moved))}
    where ${sql.ref(first)} > ${since}`
  await summed(trx, table, () => update.execute(trx[QUERY]))
}

/** Forgets the rows whose instant `column` lies after `latest`. */
export async function forgetAfter(trx: Trx, table: LocalTable, column: Instant, latest: number): Promise<void> {
  await trx[QUERY].deleteFrom(table).where(sql.ref<number>(column), '>', latest).execute()
}

/** Brings the instant `column` down to `latest` where it lies after that. */
export async function lowerTo(trx: Trx, table: LocalTable, column: Instant, latest: number): Promise<void> {
  const update = sql`update ${sql.table(table)} set ${sql.ref(column)} = ${latest}
    where ${sql.ref(column)} > ${latest}`
  await summed(trx, table, () => update.execute(trx[QUERY]))
}

/**
 * The next `count` numbers of a dense series, given out in the document's own transaction: `S1-T1` and the last of them.
 * The label is written down with the first number and stays.
 */
export async function nextInSeries(trx: Trx, name: Series, count = 1): Promise<{ label: string; n: number }> {
  const { store_id, terminal } = trx.act.node
  const key = `${name} number`
  const next = `insert into counter (name, n) values (?, ?) on conflict (name) do update set n = counter.n + excluded.n returning label, n`
  const [{ label, n }] = (await run(trx[QUERY], trx.engine, next, [key, count])) as [SeriesNumber]
  if (label !== null) return { label, n }
  const first = `update counter set label = (select store.code || '-' || cast(? as text) from store where store.id = ?)
    where name = ? returning label, n`
  const [labelled] = (await run(trx[QUERY], trx.engine, first, [terminal, store_id, key])) as [SeriesNumber]
  return { label: labelled.label!, n }
}

type SeriesNumber = { label: string | null; n: number }

function matches(key: object) {
  const conditions = Object.entries(key).map(([column, value]) =>
    value === null ? sql<boolean>`${sql.ref(column)} is null` : sql<boolean>`${sql.ref(column)} = ${value}`,
  )
  if (conditions.length === 0) throw new Error('A key is needed')
  return sql<boolean>`${sql.join(conditions, sql` and `)}`
}
