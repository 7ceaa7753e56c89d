import { sql } from 'kysely'
import type { Builder } from './columns.ts'

/**
 * What a database needs that holds the rows of several stores and nodes: stock is summed for each store, and what is listed
 * newest first is found by when it came, for ids follow no clock. Lists in id order keep their indexes.
 */
export async function newestFirst(builder: Builder): Promise<void> {
  await stockOfStores(builder)
  await listsByAge(builder)
}

async function stockOfStores({ query, index }: Builder) {
  await sql`drop index if exists stock_movement_product_id_quantity`.execute(query)
  await index('stock_movement', ['product_id', 'store_id', 'quantity'])
  await sql`drop index if exists stock_movement_unit_id_quantity`.execute(query)
  await index('stock_movement', ['unit_id', 'store_id', 'quantity'], 'unit_id is not null')
}

async function listsByAge({ query, index }: Builder) {
  await index('repair_order', ['created_at', 'id'], LIVE)
  await index('repair_order', ['status', 'created_at', 'id'], LIVE)
  await index('user', ['created_at', 'id'], LIVE)
  // Orders that were removed are listed too while their money is due back.
  await index('sales_order', ['created_at', 'id'])
  await index('pickup_request', ['created_at', 'id'], LIVE)
  await index('pickup_request', ['status', 'created_at', 'id'], LIVE)
  await sql`drop index if exists pickup_request_status_id`.execute(query)
}

const LIVE = 'deleted_at is null'
