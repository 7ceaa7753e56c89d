import { sql } from 'kysely'
import { type Builder, flag, instant, nullable, ref } from './columns.ts'

/** By what the clock is judged at the start, and who last said that it is right. */
export async function clock({ addColumn, query }: Builder): Promise<void> {
  await addColumn('node', 'trusted_at', nullable(instant()))
  await addColumn('node', 'is_restored', flag(0))
  await addColumn('node', 'clock_confirmed_at', nullable(instant()))
  await addColumn('node', 'clock_confirmed_by', nullable(ref('user')))
  await addColumn('node', 'clock_expected_at', nullable(instant()))
  // The head of the journal is not a row of the shop's: it moves without an entry.
  const lastWrite = sql`select journal.at from journal
    where journal.origin = node.id and journal.epoch = node.epoch and journal.seq = node.seq`
  await sql`update node set trusted_at = (${lastWrite}) where is_self = 1`.execute(query)
}
