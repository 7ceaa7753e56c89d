import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CompiledQuery } from 'kysely'
import type { Engine } from '../../db/engines/engine.ts'
import { openPostgres } from '../../db/engines/postgres.ts'
import { openSqlite } from '../../db/engines/sqlite.ts'
import { MIGRATIONS, migrate } from '../../db/migrations/migrate.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

export const openEngine = (at: TestDatabase['at']): Engine =>
  'url' in at ? openPostgres(at.url, () => {}) : openSqlite(at.file)

/** Runs a statement past the program. */
export const runOn = (engine: Engine, text: string, parameters: readonly unknown[] = []) =>
  engine.transaction((query) => query.executeQuery(CompiledQuery.raw(text, [...parameters])))

/** A database as the program left it when it knew two migrations: three repairs, the third of an erased customer. */
export async function olderDatabase({ waiting = [] as number[] } = {}) {
  const fresh = await freshDatabase()
  const at = 'url' in fresh.at ? fresh.at : { file: join(fresh.folder, 'older.db') }
  const engine = openEngine(at)
  const run = (text: string, parameters?: unknown[]) => runOn(engine, text, parameters)
  if ('url' in at) for (const text of ['drop schema public cascade', 'create schema public']) await run(text)
  await migrate(engine, { open: async () => null, close: async () => {} }, MIGRATIONS.slice(0, 2))
  for (const line of readFileSync(join(import.meta.dirname, 'older-database.jsonl'), 'utf8')
    .trim()
    .split('\n')) {
    const [table, row] = JSON.parse(line) as [string, Record<string, unknown>]
    const columns = Object.keys(row)
    const marks = columns.map((_, n) => ('url' in at ? `$${n + 1}` : '?'))
    const names = columns.map((column) => `"${column}"`)
    await run(`insert into "${table}" (${names.join()}) values (${marks.join()})`, Object.values(row))
  }
  for (const id of waiting) await run(`insert into search_pending (entity, row_id) values ('user', ${id})`)
  await engine.close()
  return { at, [Symbol.asyncDispose]: fresh.remove }
}
