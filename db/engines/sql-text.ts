import type { Kysely } from 'kysely'
import { execute } from './direct.ts'
import type { EngineName } from '../handle.ts'
import type { Schema } from '../schema/schema.ts'

const texts = new Map<string, string>()

/**
 * `insert into "table" ("a", …) values (?, …), …` for `rows` rows; the text is made once and then the same object. The
 * columns in `shared` are alike in every row and bound once (`parametersOf`).
 */
export function insertSql(
  engine: EngineName,
  table: string,
  columns: readonly string[],
  rows: number,
  shared: readonly string[] = [],
): string {
  const key = `${engine} ${table} ${rows} ${columns.join()} ${shared.join()}`
  const known = texts.get(key)
  if (known) return known
  if (texts.size > 2_000) texts.clear()
  const names = [...shared, ...columns].map((column) => `"${column}"`).join(', ')
  const built = `insert into "${table}" (${names}) values ${tuples(engine, shared, columns.length, rows)}`
  texts.set(key, built)
  return built
}

/** The parameters of an `insertSql` with shared columns. */
export function parametersOf(engine: EngineName, values: unknown[], shared: Record<string, unknown>): unknown[] {
  return engine === 'sqlite' ? [...values, shared] : [...Object.values(shared), ...values]
}

/** Rows of a statement: what SQLite does with more of them at once no longer fits the processor's cache. */
const CHUNK_SIZES = [100, 20]

/** Cuts rows into runs of a few sizes, so that their statements are compiled once and found again. */
export function* chunksOf<T>(rows: readonly T[]): Generator<readonly T[]> {
  let start = 0
  for (const size of CHUNK_SIZES)
    for (; rows.length - start >= size; start += size)
      yield start === 0 && rows.length === size ? rows : rows.slice(start, start + size)
  if (start < rows.length) yield start === 0 ? rows : rows.slice(start)
}

/** `update "table" set "a" = ?, … where "id" = ?`. */
export function updateSql(engine: EngineName, table: string, columns: readonly string[]): string {
  const placeholder = (n: number) => (engine === 'sqlite' ? '?' : `$${n}`)
  const sets = columns.map((column, index) => `"${column}" = ${placeholder(index + 1)}`)
  return `update "${table}" set ${sets.join(', ')} where "id" = ${placeholder(columns.length + 1)}`
}

function tuples(engine: EngineName, shared: readonly string[], width: number, rows: number): string {
  let n = shared.length
  const sharedPlaceholders = shared.map((column, index) => (engine === 'sqlite' ? `:${column}` : `$${index + 1}`))
  const rowPlaceholders = () => Array.from({ length: width }, () => (engine === 'sqlite' ? '?' : `$${++n}`))
  return Array.from({ length: rows }, () => `(${[...sharedPlaceholders, ...rowPlaceholders()].join(', ')})`).join(', ')
}

/** Runs a statement written with `?`, for the few that every write makes: nothing is built or compiled. */
export async function run<R>(
  query: Kysely<Schema>,
  engine: EngineName,
  text: string,
  parameters: unknown[],
): Promise<R[]> {
  return await execute<R>(query, engine === 'sqlite' ? text : withNumberedPlaceholders(text), parameters)
}

/** PostgreSQL's `$1` for each `?`. */
export function withNumberedPlaceholders(text: string): string {
  let built = texts.get(text)
  if (built === undefined) {
    let n = 0
    texts.set(text, (built = text.replaceAll('?', () => `$${++n}`)))
  }
  return built
}
