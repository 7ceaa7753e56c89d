import Sqlite from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { type Db, handle } from '../../db/handle.ts'
import type { Schema } from '../../db/schema/schema.ts'
import { freshDatabase } from './database.ts'

/** An empty SQLite database that remembers what it was asked, and says by which steps it would find each. */
export async function openWatched(): Promise<{
  db: Db
  plans(): { sql: string; steps: string[] }[]
  [Symbol.asyncDispose](): Promise<void>
}> {
  const { at, remove } = await freshDatabase()
  const sqlite = new Sqlite('file' in at ? at.file : '')
  const asked: { sql: string; parameters: readonly unknown[] }[] = []
  const query = new Kysely<Schema>({
    dialect: new SqliteDialect({ database: sqlite }),
    log: (event) => void asked.push(event.query),
  })
  return {
    db: handle(query, 'sqlite'),
    plans: () =>
      asked.map(({ sql, parameters }) => {
        const steps = sqlite.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[]
        return { sql, steps: steps.map(({ detail }) => detail) }
      }),
    [Symbol.asyncDispose]: async () => {
      await query.destroy()
      await remove()
    },
  }
}
