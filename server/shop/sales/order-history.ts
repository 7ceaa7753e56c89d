import type { Db } from '../../../db/handle.ts'
import type { SalesLineTable } from '../../../db/schema/store-tables.ts'
import { imageOf } from '../stock/product-list.ts'
import type { SalesOrder, SalesPayment } from './orders.ts'

/** An order as its customer looks back on it. */
export type PastOrder = SalesOrder & {
  lines: PastLine[]
  payment: Pick<SalesPayment, 'status' | 'amount_cents' | 'currency'> | null
}

/** What was bought, as it was called and priced then; `product` is what it is now, null once it left the catalogue. */
export type PastLine = Pick<
  SalesLineTable,
  'product_id' | 'title' | 'unit_price_cents' | 'qty' | 'line_total_cents'
> & {
  product: { id: number; title: string; image: string | null } | null
}

/** These orders with their lines and payments, in the order in which they are given. */
export async function withHistory(db: Db, orders: readonly SalesOrder[]): Promise<PastOrder[]> {
  if (orders.length === 0) return []
  const ids = orders.map(({ id }) => id)
  const lines = Map.groupBy(await linesOf(db, ids), ({ order_id }) => order_id)
  const payments = new Map((await paymentsOf(db, ids)).map((payment) => [payment.order_id, payment]))
  return orders.map((order) => ({
    ...order,
    lines: (lines.get(order.id) ?? []).map(pastLine),
    payment: payments.get(order.id) ?? null,
  }))
}

const linesOf = (db: Db, order_ids: readonly number[]) =>
  db
    .selectFrom('sales_line')
    .leftJoin('product', (join) =>
      join.onRef('product.id', '=', 'sales_line.product_id').on('product.deleted_at', 'is', null),
    )
    .leftJoin('photo', 'photo.id', 'product.photo_id')
    .select([
      'sales_line.order_id',
      'sales_line.product_id',
      'sales_line.title',
      'sales_line.unit_price_cents',
      'sales_line.qty',
      'sales_line.line_total_cents',
      'product.name',
      'product.image',
      'photo.sha256',
    ])
    .where('sales_line.order_id', 'in', order_ids)
    .orderBy('sales_line.id')
    .execute()

const pastLine = ({ name, image, sha256, ...line }: Awaited<ReturnType<typeof linesOf>>[number]): PastLine => ({
  ...line,
  product: name === null ? null : { id: line.product_id, title: name, image: imageOf({ sha256, image }) },
})

/** The last one of an order counts. */
const paymentsOf = (db: Db, order_ids: readonly number[]) =>
  db
    .selectFrom('sales_payment')
    .select(['order_id', 'status', 'amount_cents', 'currency'])
    .where('order_id', 'in', order_ids)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute()
