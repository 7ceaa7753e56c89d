import { sql } from 'kysely'
import type { Builder } from './columns.ts'

/** What a database needs that holds the rows of several stores and nodes: stock is summed for each store. */
export async function newestFirst(builder: Builder): Promise<void> {
  await stockOfStores(builder)
}

async function stockOfStores({ query, index }: Builder) {
  await sql`drop index stock_movement_product_id_quantity`.execute(query)
  await index('stock_movement', ['product_id', 'store_id', 'quantity'])
  await sql`drop index stock_movement_unit_id_quantity`.execute(query)
  await index('stock_movement', ['unit_id', 'store_id', 'quantity'], 'unit_id is not null')
}
