import { type Builder, instant, nullable, text } from './columns.ts'

/** What a shop prints on its papers beside its name, and when a finished device left the shop. */
export async function papersAndPickUp({ addColumn }: Builder): Promise<void> {
  for (const name of ['tax_number', 'opening_hours', 'terms', 'former_taxes'])
    await addColumn('store', name, nullable(text()))
  await addColumn('repair_order', 'picked_up_at', nullable(instant()))
}
