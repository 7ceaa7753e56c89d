import type { Kysely } from 'kysely'
import { execute } from './direct.ts'
import type { EngineName } from './handle.ts'
import type { Schema } from './schema.ts'

const texts = new Map<string, string>()

/** `insert into "table" ("a", …) values (?, …), …` for `rows` rows; the text is made once and then the same object. */
export function insertSql(engine: EngineName, table: string, columns: readonly string[], rows: number): string {
  const key = `${engine} ${table} ${rows} ${columns.join()}`
  const known = texts.get(key)
  if (known) return known
  if (texts.size > 2_000) texts.clear()
  const made = `insert into "${table}" (${columns.map((c) => `"${c}"`).join(', ')}) values ${tuples(engine, columns.length, rows)}`
  texts.set(key, made)
  return made
}

/** Rows of the largest statement: SQLite takes 32,766 parameters. */
const SIZES = [500, 100, 20]

/** Cuts rows into runs of a few sizes, so that their statements are compiled once and found again. */
export function* runsOf<T>(rows: readonly T[]): Generator<readonly T[]> {
  let start = 0
  for (const size of SIZES)
    for (; rows.length - start >= size; start += size)
      yield start === 0 && rows.length === size ? rows : rows.slice(start, start + size)
  if (start < rows.length) yield start === 0 ? rows : rows.slice(start)
}

/** `update "table" set "a" = ?, … where "id" = ?`. */
export function updateSql(engine: EngineName, table: string, columns: readonly string[]): string {
  const mark = (n: number) => (engine === 'sqlite' ? '?' : `$${n}`)
  const sets = columns.map((column, index) => `"${column}" = ${mark(index + 1)}`)
  return `update "${table}" set ${sets.join(', ')} where "id" = ${mark(columns.length + 1)}`
}

function tuples(engine: EngineName, width: number, rows: number): string {
  let n = 0
  const tuple = () => `(${Array.from({ length: width }, () => (engine === 'sqlite' ? '?' : `$${++n}`)).join(', ')})`
  return Array.from({ length: rows }, tuple).join(', ')
}

/** Runs a statement written with `?`, for the few that every write makes: nothing is built or compiled. */
export async function run<R>(
  query: Kysely<Schema>,
  engine: EngineName,
  text: string,
  parameters: unknown[],
): Promise<R[]> {
  return await execute<R>(query, engine === 'sqlite' ? text : numbered(text), parameters)
}

function numbered(text: string): string {
  let made = texts.get(text)
  if (made === undefined) {
    let n = 0
    texts.set(text, (made = text.replaceAll('?', () => `$${++n}`)))
  }
  return made
}
