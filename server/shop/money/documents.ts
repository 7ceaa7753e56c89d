import type { Db, Trx } from '../../../db/handle.ts'
import { insert, insertMany } from '../../../db/rows.ts'
import { storeHere } from '../../../db/self.ts'
import type { LegTable, ReceiptLineTable, ReceiptTable } from '../../../db/schema/money-tables.ts'
import { sum } from '../../domain/money/money.ts'
import { spread } from '../../domain/money/spread.ts'
import { notFound } from '../../http/errors.ts'
import { takeNumbers } from '../document-numbers.ts'

/**
 * Documents of money: a receipt with its lines, the legs that settle it, and how much of each leg settles which line. All of
 * them are facts; what is taken back is another document that names the first (money.md 13.1). All amounts in cents.
 */

/** What money is for. Without tax: `outside` is what the shop buys in. */
export type NewLine = Pick<ReceiptLineTable, 'kind' | 'title' | 'qty' | 'unit_price_cents'> &
  Partial<Pick<ReceiptLineTable, 'pickup_id' | 'product_id' | 'unit_id' | 'original_line_id' | 'cost_cents' | 'reason'>>

/** `amount_cents` is above 0 to the shop. */
export type NewLeg = Pick<LegTable, 'method' | 'amount_cents'> & Partial<Pick<LegTable, 'reference'>>

export type NewPurchase = Pick<ReceiptTable, 'customer_id' | 'started_at'> &
  Partial<Pick<ReceiptTable, 'original_id' | 'approved_by' | 'note' | 'request_key'>>

export type Purchase = { id: number; number: string; line_ids: readonly number[] }

/**
 * Writes a purchase: the shop buys, so its total is what was paid, and its legs are the same below 0 (money.md 11.5, E59). One
 * that takes another back has the opposite signs.
 * @throws Error where the legs do not come to the total, or one of them is of nothing: its caller has not allotted them
 */
export async function writePurchase(
  trx: Trx,
  purchase: NewPurchase,
  lines: readonly NewLine[],
  legs: readonly NewLeg[],
): Promise<Purchase> {
  const gross = lines.map(({ qty, unit_price_cents }) => qty * unit_price_cents)
  const total_cents = sum(gross)
  if (sum(legs.map(({ amount_cents }) => amount_cents)) !== -total_cents)
    throw new Error('The legs of a purchase come to its total')
  if (legs.some(({ amount_cents }) => amount_cents === 0)) throw new Error('A leg of a purchase moves money')
  const [number] = await takeNumbers(trx, 'purchase')
  const { currency, tax_mode } = await storeHere(trx)
    .select(['store.currency', 'store.tax_mode'])
    .executeTakeFirstOrThrow()
  const cashier_id = trx.act.actor!
  const head = { number: number!, kind: 'purchase' as const, surface: 'counter' as const }
  const id = await insert(trx, 'receipt', { ...purchase, ...head, cashier_id, total_cents, currency, tax_mode })
  const line_ids = await insertMany(
    trx,
    'receipt_line',
    lines.map((line, index) => ({ receipt_id: id, position: index + 1, ...line, ...untaxed(line, gross[index]!) })),
  )
  await writeLegs(trx, id, { legs, line_ids, gross })
  return { id, number: number!, line_ids }
}

/** What a line comes to where no tax and no discount are on it. */
const untaxed = ({ unit_price_cents }: NewLine, gross_cents: number) => ({
  list_price_cents: unit_price_cents,
  line_discount_cents: 0,
  receipt_discount_cents: 0,
  gross_cents,
  net_cents: gross_cents,
  tax_cents: 0,
  rate_ppm: 0,
  scheme: 'outside' as const,
})

/** Each leg is spread over what the ones before it left of the lines (money.md 1.2). Where nothing is left it has no share. */
async function writeLegs(
  trx: Trx,
  receipt_id: number,
  { legs, line_ids, gross }: { legs: readonly NewLeg[]; line_ids: readonly number[]; gross: readonly number[] },
) {
  const left = [...gross]
  for (const leg of legs) {
    const leg_id = await insert(trx, 'leg', { receipt_id, ...leg })
    const shares = spread(leg.amount_cents, left)
    for (const [index, amount] of shares.entries()) left[index]! += amount
    await insertMany(
      trx,
      'leg_share',
      shares.flatMap((amount_cents, index) =>
        amount_cents === 0 ? [] : [{ leg_id, line_id: line_ids[index]!, amount_cents }],
      ),
    )
  }
}

/** The document that was made under this Idempotency-Key, by whomever; undefined where none was. */
export const documentUnder = (db: Db, request_key: string) =>
  db
    .selectFrom('receipt')
    .select(['id', 'kind', 'original_id', 'total_cents', 'note'])
    .where('request_key', '=', request_key)
    .executeTakeFirst()

/**
 * The document with this id, with its lines and legs as they were written.
 * @throws 404
 */
export async function findDocument(db: Db, id: number) {
  const receipt = await db
    .selectFrom('receipt')
    .innerJoin('user as cashier', 'cashier.id', 'receipt.cashier_id')
    .leftJoin('user as approver', 'approver.id', 'receipt.approved_by')
    .leftJoin('user as customer', 'customer.id', 'receipt.customer_id')
    .leftJoin('receipt as original', 'original.id', 'receipt.original_id')
    .select([
      'receipt.id',
      'receipt.number',
      'receipt.kind',
      'receipt.customer_id',
      'receipt.total_cents',
      'receipt.currency',
      'receipt.original_id',
      'receipt.note',
      'receipt.created_at',
      'cashier.full_name as cashier',
      'approver.full_name as approver',
      'customer.full_name as customer',
      'original.number as original_number',
      'original.created_at as original_created_at',
    ])
    .where('receipt.id', '=', id)
    .executeTakeFirst()
  if (!receipt) throw notFound('document-not-found', 'Document not found')
  const lines = await db
    .selectFrom('receipt_line')
    .selectAll()
    .where('receipt_id', '=', id)
    .orderBy('position')
    .execute()
  const legs = await db.selectFrom('leg').selectAll().where('receipt_id', '=', id).orderBy('id').execute()
  const undone = await db
    .selectFrom('receipt')
    .select(['id', 'number'])
    .where('original_id', '=', id)
    .executeTakeFirst()
  return { ...receipt, lines, legs, undone_by: undone ?? null }
}
