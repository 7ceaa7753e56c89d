import { sql } from 'kysely'
import { IN_MEMORY, openSqlite } from '../engines/sqlite.ts'
import { SchemaDamaged } from '../errors.ts'
import { migrate } from '../migrations/migrate.ts'
import type { Scan } from './scan.ts'

/** What SQLite keeps of a table or an index: the text that made it. */
const SELECT_SCHEMA = `select type || ' ' || name, sql from sqlite_schema where sql is not null and name not like 'sqlite\\_%' escape '\\'`

/**
 * Holds the tables of an SQLite file against those that this program's migrations make, by their text: a letter that a failing
 * disk has changed in the name of a column breaks statements long after, and no row tells.
 * @throws SchemaDamaged naming the first that is missing or different
 */
export async function checkSchema(scan: Scan): Promise<void> {
  if (scan.engine !== 'sqlite') return
  const found = new Map((await scan.rows(SELECT_SCHEMA, [])) as [string, string][])
  for (const [name, text] of await expectedSchema())
    if (found.get(name) !== text)
      throw new SchemaDamaged(found.has(name) ? `${name} is not as it was made` : `${name} is missing`)
}

/** The schema of a new database, which is made in memory for it. */
async function expectedSchema(): Promise<[string, string][]> {
  const engine = openSqlite(IN_MEMORY)
  try {
    await migrate(engine, { open: async () => null, close: async () => {} })
    const { rows } = await engine.transaction((query) =>
      sql.raw<Record<string, string>>(SELECT_SCHEMA).execute(query as never),
    )
    return rows.map((row) => Object.values(row) as [string, string])
  } finally {
    await engine.close()
  }
}
