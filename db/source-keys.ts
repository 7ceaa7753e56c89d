import { CompiledQuery } from 'kysely'
import { QUERY, type Trx } from './handle.ts'
import { runsOf } from './sql.ts'

/** Which of these keys of another source rows of `table` carry already. */
export async function knownSourceKeys(
  trx: Trx,
  table: 'user' | 'device' | 'repair_order',
  keys: readonly string[],
): Promise<Set<string>> {
  const known = new Set<string>()
  for (const batch of runsOf(keys)) {
    const marks = batch.map((_, index) => (trx.engine === 'sqlite' ? '?' : `$${index + 1}`)).join(', ')
    const text = `select source_key from "${table}" where source_key in (${marks})`
    const { rows } = await trx[QUERY].executeQuery<{ source_key: string }>(CompiledQuery.raw(text, [...batch]))
    for (const row of rows) known.add(row.source_key)
  }
  return known
}
