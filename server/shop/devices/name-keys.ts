import type { Trx } from '../../../db/handle.ts'
import { idOf, ownedNodes } from '../../../db/ownership.ts'
import { patch } from '../../../db/rows.ts'
import { nameKey } from '../../domain/text/fold.ts'

/** What is known by its name. */
export const NAMED = ['device_type', 'brand', 'model', 'problem', 'category', 'trade_in_deduction'] as const

/** Grows with every change of `nameKey`. */
export const NAME_FORM = 2

/** Gives the next rows behind an id, of those that this node owns, the key of their name; null where there are no more. */
export async function renewNameKeys(
  trx: Trx,
  table: (typeof NAMED)[number],
  after: number,
  limit: number,
): Promise<number | null> {
  const rows = await trx
    .selectFrom(table)
    .select(['id', 'name', 'name_key'])
    .where('id', '>', after)
    .where(idOf(await ownedNodes(trx), 'id'))
    .orderBy('id')
    .limit(limit)
    .execute()
  for (const { id, name, name_key } of rows)
    if (nameKey(name) !== name_key) await patch(trx, table, id, { name_key: nameKey(name) })
  return rows.at(-1)?.id ?? null
}
