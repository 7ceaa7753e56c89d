import type { Db } from '../../../db/handle.ts'
import { idIn, idListParameter } from '../../../db/queries/id-list.ts'
import type { Grade } from '../../domain/grade.ts'
import { SALES_STATUSES, holdsStock } from '../../domain/sales-status.ts'
import { nameKey } from '../../domain/text/fold.ts'
import { OWN_STORE } from '../../shop/stock/shelf.ts'

/** What units of a model did lately: sold at, bought for, and how many are here. */

const DAYS = 90

export type GradeFigures = {
  /** What each of them sold for, in cents. */
  sold: number[]
  /** What each of them was bought for, in cents. */
  bought: number[]
  /** In stock. */
  here: number
}

export type Figures = {
  brand_id: number
  brand_name: string
  /** As its products are called. */
  called: { model: string; storage: string | null }
  /** Whether its pieces are kept by serial number, as devices are. */
  isKept: boolean
  by_grade: Map<Grade, GradeFigures>
}

/** The same for `iPhone 13` with `128 GB` and for a product that is called `iPhone 13 128GB`. */
export const modelKey = (brand_id: number, model: string, storage: string | null) =>
  `${brand_id} ${nameKey(`${model} ${storage ?? ''}`).replaceAll(' ', '')}`

/** Of everything that is called like a model with its storage, by `modelKey`. */
export async function unitFigures(db: Db, now: number): Promise<Map<string, Figures>> {
  const since = now - DAYS * 86_400_000
  const [sold, bought, kept] = [await soldSince(db, since), await boughtSince(db, since), await keptProducts(db)]
  const ids = [...new Set([...sold.keys(), ...bought.keys(), ...kept])]
  const stock = await stockOf(db, ids)
  const figures = new Map<string, Figures>()
  for (const product of await productsCalled(db, ids)) {
    const called = { model: product.model, storage: storageIn(product) }
    const key = modelKey(product.brand_id, called.model, called.storage)
    const of = figures.get(key) ?? { ...product, called, isKept: false, by_grade: new Map() }
    const grade = of.by_grade.get(product.condition) ?? { sold: [], bought: [], here: 0 }
    grade.sold.push(...(sold.get(product.id) ?? []))
    grade.bought.push(...(bought.get(product.id) ?? []))
    grade.here += Math.max(0, stock.get(product.id) ?? 0)
    of.by_grade.set(product.condition, grade)
    of.isKept ||= product.serialised === 1
    figures.set(key, of)
  }
  return figures
}

type Product = Awaited<ReturnType<typeof productsCalled>>[number]

/** What a product's name says beyond its model: `128GB`; as purchases name what they make. */
function storageIn({ model, name }: Pick<Product, 'model' | 'name'>): string | null {
  const rest = name.replace(/ \(used\)$/, '')
  return rest.startsWith(`${model} `) ? rest.slice(model.length + 1) : null
}

const productsCalled = (db: Db, ids: readonly number[]) =>
  db
    .selectFrom('product')
    .innerJoin('brand', 'brand.id', 'product.brand_id')
    .select(['product.id', 'product.brand_id', 'brand.name as brand_name', 'product.model', 'product.name'])
    .select(['product.condition', 'product.serialised'])
    .where('product.deleted_at', 'is', null)
    .where(idIn(db, 'product.id', idListParameter(db, ids)))
    .execute()

/** Of any number of products, where the ledger's own question names each. */
async function stockOf(db: Db, ids: readonly number[]): Promise<Map<number, number>> {
  const sums = await db
    .selectFrom('stock_movement')
    .select(['product_id', ({ fn }) => fn.sum<number>('quantity').as('quantity')])
    .where(idIn(db, 'stock_movement.product_id', idListParameter(db, ids)))
    .where('store_id', '=', OWN_STORE)
    .groupBy('product_id')
    .execute()
  return new Map(sums.map(({ product_id, quantity }) => [product_id, quantity]))
}

/** Products of devices that are or were here. */
async function keptProducts(db: Db): Promise<number[]> {
  const units = await db.selectFrom('unit').select('product_id').distinct().where('deleted_at', 'is', null).execute()
  return units.map(({ product_id }) => product_id)
}

async function soldSince(db: Db, since: number): Promise<Map<number, number[]>> {
  const lines = await db
    .selectFrom('sales_line')
    .innerJoin('sales_order', 'sales_order.id', 'sales_line.order_id')
    .select(['sales_line.product_id', 'sales_line.unit_price_cents', 'sales_line.qty'])
    .where('sales_order.created_at', '>=', since)
    .where('sales_order.status', 'in', SOLD)
    .execute()
  return pieces(lines.map(({ product_id, unit_price_cents, qty }) => ({ product_id, cents: unit_price_cents, qty })))
}

const SOLD = SALES_STATUSES.filter((status) => holdsStock(status) && status !== 'pending')

/** Purchases that were not taken back. */
async function boughtSince(db: Db, since: number): Promise<Map<number, number[]>> {
  const lines = await db
    .selectFrom('receipt_line')
    .innerJoin('receipt', 'receipt.id', 'receipt_line.receipt_id')
    .innerJoin('unit', 'unit.id', 'receipt_line.unit_id')
    .leftJoin('receipt as undone', 'undone.original_id', 'receipt.id')
    .select(['unit.product_id', 'receipt_line.gross_cents as cents'])
    .where('receipt_line.kind', '=', 'bought-unit')
    .where('receipt.created_at', '>=', since)
    .where('receipt.original_id', 'is', null)
    .where('undone.id', 'is', null)
    .execute()
  return pieces(lines.map((line) => ({ ...line, qty: 1 })))
}

/** The amount of each piece, by product. */
function pieces(lines: readonly { product_id: number; cents: number; qty: number }[]): Map<number, number[]> {
  const found = new Map<number, number[]>()
  for (const { product_id, cents, qty } of lines) {
    const amounts = found.get(product_id) ?? []
    for (let piece = 0; piece < qty; piece += 1) amounts.push(cents)
    found.set(product_id, amounts)
  }
  return found
}
