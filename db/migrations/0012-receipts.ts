import { type Builder, cents, int, json, nullable, text } from './columns.ts'

/**
 * Each movement of money bears the number of its receipt, how it was paid, what the repair cost then and the tax that its
 * receipt states: corrections too, and what the web shop's orders are paid at the desk. Intakes say that nothing came with
 * the device where somebody asked.
 */
export async function receipts({ addColumn, index }: Builder): Promise<void> {
  for (const table of ['payment_entry', 'sales_payment_entry']) {
    await addColumn(table, 'receipt_number', nullable(text()))
    await addColumn(table, 'tax', nullable(json()))
    await index(table, ['receipt_number'], 'receipt_number is not null')
  }
  for (const name of ['payment_method', 'transaction_id']) await addColumn('payment_entry', name, nullable(text()))
  for (const name of ['cost_cents', 'discount_cents']) await addColumn('payment_entry', name, nullable(cents()))
  await addColumn('intake', 'nothing_with_it', nullable(int()))
}
