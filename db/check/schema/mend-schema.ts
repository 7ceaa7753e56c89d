import { sql } from 'kysely'
import type { Database } from '../../database.ts'
import { QUERY } from '../../handle.ts'
import { addFindings } from '../check-record.ts'
import { expectTables, indexFinding, schemaDifferences } from './check-schema.ts'
import type { IndexFinding } from '../findings.ts'

/**
 * Puts right what indexes lack or have too much, which no row depends on, and writes down what that was. Triggers are left to
 * whoever opens the file.
 * @throws SchemaDamaged naming a table that is not as this program makes it
 */
export async function mendSchema(database: Database): Promise<IndexFinding[]> {
  const scan = database.scan()
  const differences = await schemaDifferences(scan).finally(() => scan.close())
  expectTables(differences)
  const indexes = differences.filter(({ made, found }) => (made ?? found)!.type === 'index')
  if (indexes.length === 0) return []
  const findings = indexes.map(indexFinding)
  await database.writeCheckRecord(async (trx) => {
    for (const { made, found } of indexes) {
      if (found) await sql`drop index ${sql.id(found.name)}`.execute(trx[QUERY])
      if (made) await sql.raw(made.text).execute(trx[QUERY])
    }
    await addFindings(trx, findings)
  })
  return findings
}
