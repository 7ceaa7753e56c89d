import { sql } from 'kysely'

/**
 * Whose stock is meant, for a database may hold the movements of several stores: the counter's is that of this machine's
 * store, the web shop's that of the store in which a product lies, or of this machine's where it has no location.
 */
export type Shelf = 'counter' | 'web'

/** The store of this machine. */
export const OWN_STORE = sql<number>`(select node.store_id from self join node on node.id = self.node_id)`

/** Whether a unit is or was in the store of this machine, in a query that has `unit`. */
export const CAME_HERE = sql<boolean>`exists (
  select 1 from stock_movement where stock_movement.unit_id = unit.id and stock_movement.store_id = ${OWN_STORE})`

/** The store of a shelf; of the web shop's in a query that has `product`. */
export const STORE_OF = {
  counter: OWN_STORE,
  web: sql<number>`coalesce((select location.store_id from location where location.id = product.location_id), ${OWN_STORE})`,
} satisfies Record<Shelf, unknown>
