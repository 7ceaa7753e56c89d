import { type Builder, cents, nullable } from './columns.ts'

/** What customers hand over in cash for orders of the web shop, as for repairs; nobody noted it before. */
export async function cashForOrders({ addColumn }: Builder): Promise<void> {
  await addColumn('sales_payment_entry', 'tendered_cents', nullable(cents()))
}
