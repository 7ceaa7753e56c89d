import { CompiledQuery, sql } from 'kysely'
import { foldText, searchTokens } from '../server/domain/fold.ts'
import { type Db, QUERY, type Trx } from './handle.ts'
import type { SyncedTable } from './schema.ts'
import { insertSql } from './sql.ts'

/**
 * The one place with two implementations: FTS5 on SQLite, pg_trgm on PostgreSQL. Text is folded in JS, so that both
 * find the same. Words of three characters and more are found anywhere, shorter ones at the beginning of a word (and
 * anywhere in scripts without spaces). Hits come newest first.
 */

export type Searchable = 'user' | 'device' | 'repair_order'

type Entry = { id: number; text: string }

/** Hits of one page before the caller filters them. */
const BATCH = 200

/** Ids of the rows that hold every word of `q`, newest first. An empty `q` finds nothing. */
export async function findIds(
  db: Db,
  entity: Searchable,
  q: string,
  { limit, before }: { limit: number; before?: number },
): Promise<number[]> {
  const words = foldText(q).split(' ').filter(Boolean).slice(0, 8)
  if (words.length === 0) return []
  const long = words.filter((word) => [...word].length > 2)
  const short = words.filter((word) => [...word].length <= 2)
  const find = db.engine === 'sqlite' ? findSqlite : findPostgres
  const { text, parameters } = find(`search_${entity}`, long, short, before)
  const { rows } = await db[QUERY].executeQuery<{ id: number }>(CompiledQuery.raw(`${text} limit ${Math.trunc(limit)}`, parameters))
  return rows.map((row) => row.id)
}

function findSqlite(table: string, long: string[], short: string[], before?: number) {
  const starts = short.map((word) => `${quoted(word)}*`).join(' ')
  const below = before === undefined ? '' : 'and rowid < ?'
  const edge = before === undefined ? [] : [before]
  if (long.length === 0)
    return { text: `select rowid as id from ${table}_word where ${table}_word match ? ${below} order by rowid desc`, parameters: [starts, ...edge] }
  const also = short.length ? `and exists (select 1 from ${table}_word w where w.${table}_word match ? and w.rowid = ${table}.rowid)` : ''
  return {
    text: `select rowid as id from ${table} where ${table} match ? ${below} ${also} order by rowid desc`,
    parameters: [long.map(quoted).join(' '), ...edge, ...(short.length ? [starts] : [])],
  }
}

const quoted = (word: string) => `"${word.replaceAll('"', '""')}"`

function findPostgres(table: string, long: string[], short: string[], before?: number) {
  const parameters: unknown[] = []
  const mark = (value: unknown) => `$${parameters.push(value)}`
  const conditions = long.map((word) => `text like ${mark(`%${word.replaceAll(/[\\%_]/g, '\\$&')}%`)}`)
  if (short.length) conditions.push(`starts @> ${mark(short)}`)
  if (before !== undefined) conditions.push(`id < ${mark(before)}`)
  return { text: `select id from ${table} where ${conditions.join(' and ')} order by id desc`, parameters }
}

/** Brings the index in step with the rows that the transaction touched. */
export async function reindex(trx: Trx): Promise<void> {
  for (const entity of ['user', 'device', 'repair_order'] as const) {
    const touched = trx.act.touched.get(entity)
    if (touched) await index(trx, entity, [...touched], newRows(trx, entity))
  }
}

function newRows(trx: Trx, entity: SyncedTable): Set<number> {
  return new Set(trx.act.ops.filter((op) => op.entity === entity && op.kind === 'put').map((op) => op.row_id))
}

async function index(trx: Trx, entity: Searchable, ids: number[], fresh: Set<number>) {
  for (let start = 0; start < ids.length; start += BATCH) {
    const batch = ids.slice(start, start + BATCH)
    await erase(trx, entity, batch.filter((id) => !fresh.has(id)))
    await add(trx, entity, await TEXTS[entity](trx, batch))
  }
}

async function erase(trx: Trx, entity: Searchable, ids: number[]) {
  if (ids.length === 0) return
  const tables = trx.engine === 'sqlite' ? [`search_${entity}`, `search_${entity}_word`] : [`search_${entity}`]
  const key = trx.engine === 'sqlite' ? 'rowid' : 'id'
  for (const table of tables)
    await sql`delete from ${sql.raw(table)} where ${sql.raw(key)} in (${sql.join(ids)})`.execute(trx[QUERY])
}

async function add(trx: Trx, entity: Searchable, entries: Entry[]) {
  const folded = entries.map(({ id, text }) => ({ id, text: foldText(text) })).filter(({ text }) => text !== '')
  if (folded.length === 0) return
  const table = `search_${entity}`
  const run = (name: string, columns: string[], rows: unknown[][]) =>
    trx[QUERY].executeQuery(CompiledQuery.raw(insertSql(trx.engine, name, columns, rows.length), rows.flat()))
  if (trx.engine === 'postgres') {
    await run(table, ['id', 'text', 'starts'], folded.map(({ id, text }) => [id, text, startsOf(text)]))
    return
  }
  await run(table, ['rowid', 'text'], folded.map(({ id, text }) => [id, text]))
  await run(`${table}_word`, ['rowid', 'text'], folded.map(({ id, text }) => [id, searchTokens(text).join(' ')]))
}

/** The first one and two characters of every token. */
function startsOf(text: string): string[] {
  const starts = new Set<string>()
  for (const token of searchTokens(text)) {
    const [first, second] = token
    if (first) starts.add(first)
    if (second) starts.add(first + second)
  }
  return [...starts]
}

const joined = (...parts: (string | null)[]) => parts.filter(Boolean).join(' ')
/** Phone numbers are found by their digits too, however they were written. */
const phoneText = (phone: string | null) => (phone ? `${phone} ${phone.replaceAll(/\D/g, '')}` : null)

const TEXTS: Record<Searchable, (trx: Trx, ids: number[]) => Promise<Entry[]>> = {
  user: async (trx, ids) => {
    const rows = await trx.selectFrom('user').select(['id', 'full_name', 'phone', 'email']).where('id', 'in', ids).where('deleted_at', 'is', null).execute()
    return rows.map((row) => ({ id: row.id, text: joined(row.full_name, phoneText(row.phone), row.email) }))
  },
  device: async (trx, ids) => {
    const rows = await trx
      .selectFrom('device')
      .innerJoin('brand', 'brand.id', 'device.brand_id')
      .innerJoin('model', 'model.id', 'device.model_id')
      .select(['device.id', 'brand.name as brand', 'model.name as model', 'serial_number', 'serial_key', 'notes'])
      .where('device.id', 'in', ids)
      .where('device.deleted_at', 'is', null)
      .execute()
    return rows.map((row) => ({ id: row.id, text: joined(row.brand, row.model, row.serial_number, row.serial_key, row.notes) }))
  },
  repair_order: async (trx, ids) => {
    const rows = await trx.selectFrom('repair_order').select(['id', 'ticket_number', 'note']).where('id', 'in', ids).where('deleted_at', 'is', null).execute()
    return rows.map((row) => ({ id: row.id, text: joined(row.ticket_number, row.note) }))
  },
}
