import { CompiledQuery, type Kysely, sql } from 'kysely'
import { execute, executeNoResult } from '../engines/direct.ts'
import { isConstraint, SearchIndexDamaged } from '../errors.ts'
import type { Engine } from '../engines/engine.ts'
import { type EngineName, QUERY, type Trx } from '../handle.ts'
import type { Schema } from '../schema/schema.ts'
import { readHead } from '../journal/journal.ts'
import { productText } from './product-words.ts'
import { searchWords } from './search-words.ts'
import { keepSorted } from './sort-keys.ts'
import { SEARCHABLE, type Searchable } from './searchable.ts'
import { chunksOf, insertSql } from '../engines/sql-text.ts'

/**
 * Keeps the search index in step. A write only notes which rows it touched, in its own transaction; soon after, they are
 * indexed many at a time: a transaction of its own for each would cost more than everything else about it. The note
 * survives a crash, and a search indexes what is noted before it looks, so nobody ever misses what was just written.
 */

type Entry = { id: number; text: string }
type Query = { query: Kysely<Schema>; engine: EngineName }

/** Rows indexed in one transaction: it holds the write lock for less than 20 ms. */
export const BATCH = 200

/** Rows noted by one statement. */
const ROWS_PER_STATEMENT = 2_000

/** Notes the touched rows for the index; returns whether there were any. */
export async function queueForIndexing(trx: Trx): Promise<boolean> {
  const queued = SEARCHABLE.flatMap((entity) => [...(trx.act.touched.get(entity) ?? [])].map((id) => [entity, id]))
  for (let start = 0; start < queued.length; start += ROWS_PER_STATEMENT) {
    const batch = queued.slice(start, start + ROWS_PER_STATEMENT)
    const text = `${insertSql(trx.engine, 'search_pending', ['entity', 'row_id'], batch.length)} on conflict do nothing`
    await executeNoResult(trx[QUERY], text, batch.flat())
  }
  return queued.length > 0
}

/** Indexes rows that the transaction has just added, for an import that brings the words along; they need no note then. */
export async function indexNow(
  trx: Trx,
  entity: Searchable,
  ids: readonly number[],
  wordsOf: (index: number) => string,
): Promise<void> {
  const columns = [trx.engine === 'sqlite' ? 'rowid' : 'id', 'text']
  const entries = ids.map((id, index) => ({ id, words: wordsOf(index) })).filter(({ words }) => words !== '')
  for (const batch of chunksOf(entries)) {
    const text = insertSql(trx.engine, `search_${entity}`, columns, batch.length)
    const parameters = batch.flatMap(({ id, words }) => [id, words])
    await executeNoResult(trx[QUERY], text, parameters)
  }
  await keepSorted(trx[QUERY], entity, ids)
  const touched = trx.act.touched.get(entity)
  for (const id of ids) touched?.delete(id)
}

/** Empties a damaged index of SQLite and notes all its rows: it is made anew from them, a batch after the other. */
export async function renewIndex({ [QUERY]: query }: Trx, entity: Searchable): Promise<void> {
  const index = sql.raw(`search_${entity}`)
  await sql`insert into ${index} (${index}) values ('delete-all')`.execute(query)
  await sql`insert into search_pending (entity, row_id) select ${entity}, id from ${sql.table(entity)}
    where deleted_at is null on conflict do nothing`.execute(query)
}

/** Notes the next rows behind an id, to have their words made anew; returns the last of them, null where there are no more. */
export async function noteForIndexing(
  trx: Trx,
  entity: Searchable,
  after: number,
  limit: number,
): Promise<number | null> {
  const ids = await trx
    .selectFrom(entity)
    .select('id')
    .where('id', '>', after)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute()
  const last = ids.at(-1)?.id
  if (last === undefined) return null
  const text = `${insertSql(trx.engine, 'search_pending', ['entity', 'row_id'], ids.length)} on conflict do nothing`
  await executeNoResult(
    trx[QUERY],
    text,
    ids.flatMap(({ id }) => [entity, id]),
  )
  return last
}

/** Whether rows are waiting for the index, of whichever process wrote them. */
export async function isPending(engine: Engine): Promise<boolean> {
  const rows = await execute(engine.read, 'select 1 from search_pending limit 1', [])
  return rows.length > 0
}

/**
 * Indexes one batch of noted rows; returns how many, 0 when all is in step.
 * @throws SearchIndexDamaged naming the indexes of the batch, one of which must be made anew
 */
export async function indexPending(engine: Engine): Promise<number> {
  const touched = new Set<string>()
  try {
    return await engine.transaction(async (query) => {
      await readHead(query, engine.name)
      const pending = await query.selectFrom('search_pending').select(['entity', 'row_id']).limit(BATCH).execute()
      for (const entity of SEARCHABLE) {
        const ids = pending.filter((row) => row.entity === entity).map((row) => row.row_id)
        if (ids.length === 0) continue
        touched.add(`search_${entity}`)
        await index({ query, engine: engine.name }, entity, ids)
      }
      return pending.length
    })
  } catch (error) {
    // SQLite's index numbers its parts: one that has lost its list of them begins with numbers that are there.
    throw isConstraint(error) ? new SearchIndexDamaged([...touched].join(), { cause: error }) : error
  }
}

async function index(at: Query, entity: Searchable, ids: number[]) {
  await erase(at, entity, ids)
  await add(at, entity, await TEXTS[entity](at.query, ids))
  await keepSorted(at.query, entity, ids)
  await at.query.deleteFrom('search_pending').where('entity', '=', entity).where('row_id', 'in', ids).execute()
}

async function erase({ query, engine }: Query, entity: Searchable, ids: number[]) {
  const key = engine === 'sqlite' ? 'rowid' : 'id'
  await sql`delete from ${sql.raw(`search_${entity}`)} where ${sql.raw(key)} in (${sql.join(ids)})`.execute(query)
}

async function add({ query, engine }: Query, entity: Searchable, entries: Entry[]) {
  const rows = entries.map(({ id, text }) => [id, searchWords(text)]).filter(([, text]) => text !== '')
  if (rows.length === 0) return
  const columns = [engine === 'sqlite' ? 'rowid' : 'id', 'text']
  await query.executeQuery(CompiledQuery.raw(insertSql(engine, `search_${entity}`, columns, rows.length), rows.flat()))
}

const joined = (...parts: (string | null)[]) => parts.filter(Boolean).join(' ')
/** Phone numbers are found by their digits too, however they were written, and by those behind their country. */
const phoneText = (phone: string | null, key: string | null) =>
  joined(phone, ...new Set([phone, key].map((written) => written?.replaceAll(/\D/g, '') ?? null)))

/** The end of a serial number is marked: `4711$` finds what ends so. */
const serialText = (key: string | null) => (key ? `${key}$` : null)

const TEXTS: Record<Searchable, (query: Kysely<Schema>, ids: number[]) => Promise<Entry[]>> = {
  user: async (query, ids) => {
    const rows = await query
      .selectFrom('user')
      .select(['id', 'full_name', 'phone', 'phone_key', 'email'])
      .where('id', 'in', ids)
      .where('deleted_at', 'is', null)
      .execute()
    return rows.map((row) => ({
      id: row.id,
      text: joined(row.full_name, phoneText(row.phone, row.phone_key), row.email),
    }))
  },
  device: async (query, ids) => {
    const rows = await query
      .selectFrom('device')
      .innerJoin('brand', 'brand.id', 'device.brand_id')
      .innerJoin('model', 'model.id', 'device.model_id')
      .select(['device.id', 'brand.name as brand', 'model.name as model', 'serial_number', 'serial_key', 'notes'])
      .where('device.id', 'in', ids)
      .where('device.deleted_at', 'is', null)
      .execute()
    return rows.map((row) => ({
      id: row.id,
      text: joined(row.brand, row.model, row.serial_number, serialText(row.serial_key), row.notes),
    }))
  },
  repair_order: async (query, ids) => {
    const rows = await query
      .selectFrom('repair_order')
      .select(['id', 'ticket_number', 'note'])
      .where('id', 'in', ids)
      .where('deleted_at', 'is', null)
      .execute()
    return rows.map((row) => ({ id: row.id, text: joined(row.ticket_number, row.note) }))
  },
  product: async (query, ids) => {
    const rows = await query
      .selectFrom('product')
      .innerJoin('brand', 'brand.id', 'product.brand_id')
      .select(['product.id', 'product.name', 'brand.name as brand', 'model', 'product.description'])
      .where('product.id', 'in', ids)
      .where('product.deleted_at', 'is', null)
      .execute()
    return rows.map(({ id, ...product }) => ({ id, text: productText(product) }))
  },
}
