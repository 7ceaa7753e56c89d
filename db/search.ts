import { CompiledQuery, sql } from 'kysely'
import { foldText, searchTokens } from '../server/domain/fold.ts'
import { type Db, QUERY, type Trx } from './handle.ts'
import type { SyncedTable } from './schema.ts'
import { insertSql } from './sql.ts'

/**
 * The one place with two implementations: FTS5 on SQLite, pg_trgm on PostgreSQL. Text is folded in JS, so that both
 * find the same. Words of three characters and more are found anywhere, shorter ones at the beginning of a word (and
 * anywhere in scripts without spaces). Hits come newest first.
 *
 * Both indexes know trigrams only. The beginnings of words are made trigrams as well by two spaces before each word:
 * `  a` and ` an`. One index then answers every mixture of words, where intersecting two took seconds.
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
  const patterns = foldText(q).split(' ').filter(Boolean).slice(0, 8).map(patternOf)
  if (patterns.length === 0) return []
  const { text, parameters } = (db.engine === 'sqlite' ? findSqlite : findPostgres)(`search_${entity}`, patterns, before)
  const { rows } = await db[QUERY].executeQuery<{ id: number }>(CompiledQuery.raw(`${text} limit ${Math.trunc(limit)}`, parameters))
  return rows.map((row) => row.id)
}

/** What a word looks like in the index: one or two characters must begin a word there. */
function patternOf(word: string): string {
  const length = [...word].length
  return length > 2 ? word : length === 2 ? ` ${word}` : `  ${word}`
}

function findSqlite(table: string, patterns: string[], before?: number) {
  const match = patterns.map((pattern) => `"${pattern.replaceAll('"', '""')}"`).join(' ')
  if (before === undefined) return { text: `select rowid as id from ${table} where ${table} match ? order by rowid desc`, parameters: [match] }
  return { text: `select rowid as id from ${table} where ${table} match ? and rowid < ? order by rowid desc`, parameters: [match, before] }
}

function findPostgres(table: string, patterns: string[], before?: number) {
  const parameters: unknown[] = patterns.map((pattern) => `%${pattern.replaceAll(/[\\%_]/g, '\\$&')}%`)
  const conditions = patterns.map((_, index) => `text like $${index + 1}`)
  if (before !== undefined) conditions.push(`id < $${parameters.push(before)}`)
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
  const key = trx.engine === 'sqlite' ? 'rowid' : 'id'
  await sql`delete from ${sql.raw(`search_${entity}`)} where ${sql.raw(key)} in (${sql.join(ids)})`.execute(trx[QUERY])
}

async function add(trx: Trx, entity: Searchable, entries: Entry[]) {
  const rows = entries.map(({ id, text }) => [id, indexed(foldText(text))]).filter(([, text]) => text !== '')
  if (rows.length === 0) return
  const columns = [trx.engine === 'sqlite' ? 'rowid' : 'id', 'text']
  await trx[QUERY].executeQuery(CompiledQuery.raw(insertSql(trx.engine, `search_${entity}`, columns, rows.length), rows.flat()))
}

/** Folded text with two spaces before each word; what begins a word after a sign or inside a run of characters is added at the end. */
function indexed(folded: string): string {
  if (folded === '') return ''
  const words = folded.split(' ')
  const begun = new Set(words.map(beginning))
  const inside = [...new Set(searchTokens(folded).map(beginning))].filter((start) => !begun.has(start))
  return [...words, ...inside].map((word) => `  ${word}`).join('')
}

/** The first two characters. */
function beginning(word: string): string {
  const [first = '', second = ''] = word
  return first + second
}

const joined = (...parts: (string | null)[]) => parts.filter(Boolean).join(' ')
/** Phone numbers are found by their digits too, however they were written. */
const phoneText = (phone: string | null) => (phone ? `${phone} ${phone.replaceAll(/\D/g, '')}` : null)

/** The end of a serial number is marked: `4711$` finds what ends so. */
const serialText = (key: string | null) => (key ? `${key}$` : null)

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
    return rows.map((row) => ({ id: row.id, text: joined(row.brand, row.model, row.serial_number, serialText(row.serial_key), row.notes) }))
  },
  repair_order: async (trx, ids) => {
    const rows = await trx.selectFrom('repair_order').select(['id', 'ticket_number', 'note']).where('id', 'in', ids).where('deleted_at', 'is', null).execute()
    return rows.map((row) => ({ id: row.id, text: joined(row.ticket_number, row.note) }))
  },
}
