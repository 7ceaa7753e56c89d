import { type ExpressionBuilder, sql } from 'kysely'
import type { Db } from '../../../db/handle.ts'
import type { Schema } from '../../../db/schema/schema.ts'
import type {
  DisputeTable,
  RefundTable,
  SalesOrderTable,
  SalesPaymentEntryTable,
  SalesPaymentTable,
} from '../../../db/schema/store-tables.ts'
import { sum } from '../../domain/money/money.ts'
import type { TaxRule } from '../../domain/money/tax.ts'
import { CLOSED_DISPUTES, type SalesStatus } from '../../domain/sales-status.ts'
import { notFound } from '../../http/errors.ts'
import { countUpTo1000, type Page } from '../../http/paging.ts'
import { readTax } from '../receipt-tax.ts'
import { CARD } from './orders.ts'
import { type PastLine, withHistory } from './order-history.ts'

/** Sales as people at the desk look after them: with what was paid, went back and is disputed. */

export type CardSale = SalesOrderTable & {
  customer: { id: number; full_name: string; email: string | null; phone: string | null }
  paid_cents: number
  refunded_cents: number
  refund_due: boolean
  trouble: SalesPaymentTable['trouble']
  disputed: boolean
  lines: PastLine[]
  payments: (SalesPaymentTable & { entries: SaleEntry[] })[]
  refunds: RefundTable[]
  disputes: DisputeTable[]
}

/** Money that moved; with its receipt where it was taken or given back at the desk, `taxes` by rate in basis points. */
type SaleEntry = SalesPaymentEntryTable & { receipt: SaleReceipt | null }
type SaleReceipt = {
  number: string
  cashier: string | null
  tendered_cents: number | null
  tax_mode: TaxRule['mode']
  tax_rate: number
  taxes: { rate: number; cents: number }[]
}

export type SaleFilter = {
  status?: SalesStatus | undefined
  /** Paid here rather than online. */
  at_counter?: boolean | undefined
  refund_due?: boolean | undefined
  disputed?: boolean | undefined
  store_id?: number | undefined
  /** Only older ones than the order with this id. */
  before?: number | undefined
  limit?: number | undefined
}

/** A page of sales, newest first. A removed one is among them only while its money is due back or disputed. */
export async function listCardSales(db: Db, { before, limit = 50, ...filter }: SaleFilter): Promise<Page<CardSale>> {
  const found = sales(db, filter)
  const edge = before === undefined ? sql<boolean>`1 = 1` : await isOlderThan(db, before)
  const rows = await found.where(edge).limit(limit).execute()
  return { rows: await withMoney(db, rows), total: await countUpTo1000(db, found) }
}

/** What came before an order; nothing did where there is none with this id. */
async function isOlderThan(db: Db, id: number) {
  const order = await db.selectFrom('sales_order').select('created_at').where('id', '=', id).executeTakeFirst()
  return order ? sql<boolean>`(created_at, id) < (${order.created_at}, ${id})` : sql<boolean>`1 = 0`
}

/**
 * The sale with this id.
 * @throws 404
 */
export async function findCardSale(db: Db, id: number): Promise<CardSale> {
  const [sale] = await withMoney(db, await sales(db, {}).where('id', '=', id).execute())
  if (!sale) throw notFound('sales-order-not-found', 'Order not found')
  return sale
}

const sales = (db: Db, { status, at_counter, refund_due, disputed, store_id }: Omit<SaleFilter, 'before' | 'limit'>) =>
  db
    .selectFrom('sales_order')
    .selectAll()
    .where(({ or, eb }) =>
      or([
        eb('deleted_at', 'is', null),
        eb('id', 'in', (query) => query.selectFrom('sales_payment').select('order_id').where('refund_due', '=', 1)),
        eb('id', 'in', openDisputes),
      ]),
    )
    .$if(status !== undefined, (query) => query.where('status', '=', status!))
    .$if(store_id !== undefined, (query) => query.where('store_id', '=', store_id!))
    .$if(at_counter !== undefined, (query) => query.where('payment_method', at_counter ? '<>' : '=', CARD))
    .$if(refund_due !== undefined, (query) =>
      query.where('id', refund_due ? 'in' : 'not in', (payments) =>
        payments.selectFrom('sales_payment').select('order_id').where('refund_due', '=', 1),
      ),
    )
    .$if(disputed !== undefined, (query) => query.where('id', disputed ? 'in' : 'not in', openDisputes))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')

type Sales = ExpressionBuilder<Schema, 'sales_order'>

const openDisputes = ({ selectFrom }: Sales) =>
  selectFrom('dispute').select('dispute.order_id').where('dispute.status', 'not in', CLOSED_DISPUTES)

async function withMoney(db: Db, orders: readonly SalesOrderTable[]): Promise<CardSale[]> {
  if (orders.length === 0) return []
  const ids = orders.map(({ id }) => id)
  const lines = new Map((await withHistory(db, orders)).map((order) => [order.id, order.lines]))
  const customers = new Map((await customersOf(db, orders)).map((customer) => [customer.id, customer]))
  const [payments, entries, refunds, disputes] = await Promise.all(
    (['sales_payment', 'sales_payment_entry', 'refund', 'dispute'] as const).map((table) => rowsOf(db, table, ids)),
  )
  const cashiers = await cashiersOf(db, entries as SalesPaymentEntryTable[])
  return orders.map((order) => {
    const its = <T extends { order_id: number }>(rows: unknown) =>
      (rows as T[]).filter(({ order_id }) => order_id === order.id)
    const money = receipted(its(entries), its(refunds))
    return {
      ...order,
      customer: customers.get(order.user_id)!,
      lines: lines.get(order.id)!,
      ...moneyOf(its(payments), money.entries.map(withReceipt(cashiers)), money.refunds),
      refunds: money.refunds,
      disputes: its<DisputeTable>(disputes),
      disputed: its<DisputeTable>(disputes).some(({ status }) => !CLOSED_DISPUTES.includes(status)),
    }
  })
}

/** A refund that has a receipt of the desk stands among the entries alone, with its reason as their reference. */
function receipted(entries: SalesPaymentEntryTable[], refunds: RefundTable[]) {
  const onPaper = entries.filter(({ receipt_number, reference }) => receipt_number !== null && reference !== null)
  const keys = new Set(onPaper.map(({ reference }) => reference))
  const reasons = new Map(refunds.map(({ request_key, reason }) => [request_key, reason]))
  return {
    entries: entries.map((entry) => ({ ...entry, reference: shownReference(entry, reasons) })),
    refunds: refunds.filter(({ request_key }) => !keys.has(request_key)),
  }
}

const shownReference = ({ reference, receipt_number }: SalesPaymentEntryTable, reasons: Map<string, string | null>) =>
  receipt_number !== null && reference !== null && reasons.has(reference) ? reasons.get(reference)! : reference

const withReceipt =
  (cashiers: ReadonlyMap<number, string>) =>
  (entry: SalesPaymentEntryTable): SaleEntry => {
    const { receipt_number, tax, actor_id, tendered_cents } = entry
    if (receipt_number === null || tax === null) return { ...entry, receipt: null }
    const { rule, stated } = readTax(tax)
    const taxes = [...stated].map(([rate, cents]) => ({ rate, cents }))
    const cashier = cashiers.get(actor_id ?? 0) ?? null
    return {
      ...entry,
      receipt: { number: receipt_number, cashier, tendered_cents, tax_mode: rule.mode, tax_rate: rule.rate, taxes },
    }
  }

/** Who took or gave back what has a receipt. */
async function cashiersOf(db: Db, entries: readonly SalesPaymentEntryTable[]): Promise<Map<number, string>> {
  const ids = entries.flatMap(({ receipt_number, actor_id }) => (receipt_number === null ? [] : (actor_id ?? [])))
  if (ids.length === 0) return new Map()
  const people = await db
    .selectFrom('user')
    .select(['id', 'full_name'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(people.map(({ id, full_name }) => [id, full_name]))
}

function moneyOf(payments: SalesPaymentTable[], entries: SaleEntry[], refunds: RefundTable[]) {
  const sumOf = (...kinds: SalesPaymentEntryTable['kind'][]) =>
    sum(entries.filter(({ kind }) => kinds.includes(kind)).map(({ amount_cents }) => amount_cents))
  const elsewhere = refunds.filter(({ status, refund_id }) => status === 'succeeded' && refund_id === null)
  const due = payments.find(({ refund_due }) => refund_due === 1)
  return {
    payments: payments.map((payment) => ({
      ...payment,
      entries: entries.filter(({ payment_id }) => payment_id === payment.id),
    })),
    paid_cents: sumOf('charge'),
    refunded_cents: sum(elsewhere.map(({ amount_cents }) => amount_cents)) - sumOf('refund', 'refund-failed'),
    refund_due: due !== undefined,
    trouble: due?.trouble ?? null,
  }
}

const rowsOf = (
  db: Db,
  table: 'sales_payment' | 'sales_payment_entry' | 'refund' | 'dispute',
  order_ids: readonly number[],
) => db.selectFrom(table).selectAll().where('order_id', 'in', order_ids).orderBy('id').execute()

const customersOf = (db: Db, orders: readonly SalesOrderTable[]) =>
  db
    .selectFrom('user')
    .select(['id', 'full_name', 'email', 'phone'])
    .where('id', 'in', [...new Set(orders.map(({ user_id }) => user_id))])
    .execute()
