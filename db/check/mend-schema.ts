import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { SchemaDamaged } from '../errors.ts'
import { QUERY } from '../handle.ts'
import { differenceIn, schemaDifferences } from './check-schema.ts'

/**
 * Puts right what indexes lack or have too much, which no row depends on. Returns what that was, in words that end a sentence.
 * @throws SchemaDamaged naming a table that is not as this program makes it
 */
export async function mendSchema(database: Database): Promise<string[]> {
  const scan = database.scan()
  const differences = await schemaDifferences(scan).finally(() => scan.close())
  const beyond = differences.find(({ made, found }) => (made ?? found)!.type !== 'index')
  if (beyond) throw new SchemaDamaged(differenceIn(beyond))
  if (differences.length === 0) return []
  await database.writeCheckRecord(async (trx) => {
    for (const { made, found } of differences) {
      if (found) await sql`drop index ${sql.id(found.name)}`.execute(trx[QUERY])
      if (made) await sql.raw(made.text).execute(trx[QUERY])
    }
  })
  return differences.map(differenceIn)
}
