import type { Db } from '../../../db/handle.ts'
import { seriesOf } from '../../domain/numbers.ts'
import { numbersMeant } from '../../domain/written-numbers.ts'

/** The tickets' and receipts' numbers that somebody means, of every series that a terminal of the shop ever had. */
export async function documentsMeant(db: Db, written: string): Promise<{ numbers: string[]; whole: boolean }> {
  if (!/\d/.test(written) || written.length > 40) return { numbers: [], whole: false }
  const terminals = await db
    .selectFrom('node')
    .innerJoin('store', 'store.id', 'node.store_id')
    .select(['store.code', 'node.terminal'])
    .execute()
  const series = terminals.flatMap(({ code, terminal }) =>
    seriesOf(terminal).map((one) => ({ store: code, terminal: one })),
  )
  return numbersMeant(written, series)
}
