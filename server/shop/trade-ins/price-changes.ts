import type { Db, Trx } from '../../../db/handle.ts'
import { insertMany, type NewRow, patch, remove } from '../../../db/rows.ts'
import { type Grade, GRADES } from '../../domain/grade.ts'
import { storageKey } from '../../domain/money/trade-in-price.ts'
import { nameKey } from '../../domain/text/fold.ts'
import { changeOf, type PriceLine } from '../../domain/trade-ins/price-lines.ts'
import { takeNamed } from '../devices/catalogue.ts'

/** Many prices of the matrix at once, from an instant on. What was paid before stays in its lines, which end then. */

/** A row of the sheet: what is left out stays, null is no price any more. */
export type PriceRow = {
  brand_id: number
  model: string
  storage: string | null
  prices: Partial<Record<Grade, number | null>>
}

type Cell = Pick<PriceRow, 'brand_id' | 'model' | 'storage'> & { condition: Grade; price_cents: number | null }

/**
 * Sets prices from an instant on and returns how many are others than before. Of a cell that comes twice the last counts.
 * @throws 404 for a brand
 */
export async function setPrices(trx: Trx, rows: readonly PriceRow[], from: number): Promise<number> {
  const cells = new Map(rows.flatMap(cellsOf).map((cell) => [keyOf(cell), cell]))
  const brands = [...new Set(rows.map(({ brand_id }) => brand_id))]
  for (const brand_id of brands) await takeNamed(trx, 'brand', brand_id)
  const lines = await linesFrom(trx, brands, from)
  const added: NewRow<'trade_in_price'>[] = []
  let changed = 0
  for (const [key, { price_cents, ...cell }] of cells) {
    const change = changeOf(lines.get(key) ?? [], price_cents, from)
    if (!change) continue
    changed += 1
    for (const id of change.end) await patch(trx, 'trade_in_price', id, { valid_until: from })
    for (const id of change.remove) await remove(trx, 'trade_in_price', id)
    if (change.add) added.push({ ...cell, ...keysOf(cell), ...change.add })
  }
  await insertMany(trx, 'trade_in_price', added)
  return changed
}

const cellsOf = ({ prices, ...row }: PriceRow): Cell[] =>
  GRADES.flatMap((condition) => {
    const price_cents = prices[condition]
    return price_cents === undefined ? [] : { ...row, condition, price_cents }
  })

const keysOf = ({ model, storage }: Pick<Cell, 'model' | 'storage'>) => ({
  model_key: nameKey(model),
  storage_key: storageKey(storage),
})

/** What tells a price from others, however its model is written. */
const keyOf = ({ brand_id, condition, ...cell }: Omit<Cell, 'price_cents'>) =>
  [brand_id, ...Object.values(keysOf(cell)), condition].join('\n')

/** The lines of these brands that count from then on, by what they are for, the oldest first. */
async function linesFrom(db: Db, brand_ids: readonly number[], from: number): Promise<Map<string, PriceLine[]>> {
  if (brand_ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('trade_in_price')
    .select(['id', 'brand_id', 'model', 'storage', 'condition', 'price_cents', 'valid_from', 'valid_until'])
    .where('brand_id', 'in', brand_ids)
    .where('deleted_at', 'is', null)
    .where(({ or, eb }) => or([eb('valid_until', 'is', null), eb('valid_until', '>', from)]))
    .orderBy('id')
    .execute()
  return Map.groupBy(rows, keyOf)
}
