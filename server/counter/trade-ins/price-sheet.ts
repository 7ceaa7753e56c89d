import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { type Grade, GRADES } from '../../domain/grade.ts'
import { storageKey } from '../../domain/money/trade-in-price.ts'
import { nameKey } from '../../domain/text/fold.ts'
import { type PriceLine, priceNow } from '../../domain/trade-ins/price-lines.ts'
import { listPrices } from '../../shop/trade-ins/prices.ts'
import { type Figures, modelKey, unitFigures } from './unit-figures.ts'
import type { HistoryQuery, PriceHistory, PriceSheet } from './price-sheet.contract.ts'

type Sheet = z.output<typeof PriceSheet>
type Row = Sheet['rows'][number]

/** Every model and storage that has or had a price, and those of which units are kept, with what such units did. */
export async function priceSheet(db: Db, now: number): Promise<Sheet> {
  const priced = Map.groupBy(await listPrices(db).execute(), rowKey)
  const figures = await unitFigures(db, now)
  const types = await typesOfModels(db)
  const rows = [...priced.values()].map((lines): Row => {
    const { brand_id, brand_name, model, storage } = lines[0]!
    const named = { brand_id, brand_name, model, storage }
    const of = figures.get(modelKey(brand_id, model, storage))
    return { ...named, device_type: types(named), prices: pricesOf(lines, now), ...summed(of), by_grade: graded(of) }
  })
  const known = new Set(rows.map(({ brand_id, model, storage }) => modelKey(brand_id, model, storage)))
  const unpriced = [...figures].filter(([key, { isKept }]) => isKept && !known.has(key))
  for (const [, of] of unpriced) {
    const named = { brand_id: of.brand_id, brand_name: of.brand_name, ...of.called }
    rows.push({
      ...named,
      device_type: types(named),
      prices: pricesOf([], now),
      ...summed(of),
      by_grade: graded(of),
    })
  }
  return { rows: rows.toSorted(byName) }
}

/** The lines of one price, the last one first. */
export async function historyOf(
  db: Db,
  { brand_id, model, storage, condition }: z.output<typeof HistoryQuery>,
): Promise<z.output<typeof PriceHistory>> {
  const lines = await listPrices(db)
    .where('trade_in_price.brand_id', '=', brand_id)
    .where('trade_in_price.model_key', '=', nameKey(model))
    .where('trade_in_price.storage_key', '=', storageKey(storage))
    .where('trade_in_price.condition', '=', condition)
    .execute()
  return lines.toReversed().toSorted((a, b) => (b.valid_from ?? 0) - (a.valid_from ?? 0))
}

type Line = PriceLine & { brand_id: number; model: string; storage: string | null; condition: Grade }

const rowKey = ({ brand_id, model, storage }: Pick<Line, 'brand_id' | 'model' | 'storage'>) =>
  [brand_id, nameKey(model), storageKey(storage)].join('\n')

function pricesOf(lines: readonly Line[], now: number): Row['prices'] {
  const of = (grade: Grade) =>
    priceNow(
      lines.filter(({ condition }) => condition === grade),
      now,
    )
  return { A: of('A'), B: of('B'), C: of('C'), D: of('D'), E: of('E') }
}

const NOTHING = { sold: [], bought: [], here: 0 }

/** Of all grades together. */
function summed(of: Figures | undefined) {
  const all = [...(of?.by_grade.values() ?? [])]
  return shown({
    sold: all.flatMap(({ sold }) => sold),
    bought: all.flatMap(({ bought }) => bought),
    here: all.reduce((sum, { here }) => sum + here, 0),
  })
}

const graded = (of: Figures | undefined): Row['by_grade'] =>
  GRADES.flatMap((condition) => {
    const figures = of?.by_grade.get(condition)
    return figures ? [{ condition, ...shown(figures) }] : []
  })

const shown = ({
  sold,
  bought,
  here,
}: { sold: readonly number[]; bought: readonly number[]; here: number } = NOTHING) => ({
  sold: sold.length,
  sold_cents: middleOf(sold),
  bought: bought.length,
  bought_cents: bought.length === 0 ? null : Math.round(bought.reduce((sum, one) => sum + one, 0) / bought.length),
  here,
})

/** The amount in the middle; of two the lower one, so that it is one that was paid. */
const middleOf = (amounts: readonly number[]): number | null =>
  amounts.toSorted((a, b) => a - b)[Math.ceil(amounts.length / 2) - 1] ?? null

/** What type of device the catalogue has a model as. */
async function typesOfModels(db: Db) {
  const models = await db
    .selectFrom('model')
    .innerJoin('device_type', 'device_type.id', 'model.device_type_id')
    .select(['model.brand_id', 'model.name_key', 'device_type.name'])
    .where('model.deleted_at', 'is', null)
    .orderBy('model.id', 'desc')
    .execute()
  // The oldest counts where two types have a model of this name.
  const types = new Map(models.map(({ brand_id, name_key, name }) => [`${brand_id} ${name_key}`, name]))
  return ({ brand_id, model }: Pick<Line, 'brand_id' | 'model'>) => types.get(`${brand_id} ${nameKey(model)}`) ?? null
}

const byName = (a: Row, b: Row) =>
  NAMES.compare(a.brand_name, b.brand_name) ||
  NAMES.compare(a.model, b.model) ||
  NAMES.compare(a.storage ?? '', b.storage ?? '')

/** `64GB` before `128GB`, `iPhone 9` before `iPhone 13`. */
const NAMES = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
