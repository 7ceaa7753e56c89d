import { sql } from 'kysely'
import { OWN_STORE_SQL } from '../../../db/self.ts'

/**
 * Whose stock is meant, for a database may hold the movements of several stores: the counter's is that of this machine's
 * store, the web shop's that of the store in which a product lies, or of this machine's where it has no location.
 */
export type Shelf = 'counter' | 'web'

/** The store of this machine; at head office, for somebody who works at one store, theirs. */
export const OWN_STORE = sql.raw<number>(OWN_STORE_SQL)

/** Whether a unit is or was in the store of this machine, in a query that has `unit`. */
export const CAME_HERE = sql<boolean>`exists (
  select 1 from stock_movement where stock_movement.unit_id = unit.id and stock_movement.store_id = ${OWN_STORE})`

/** The store of a shelf; of the web shop's in a query that has `product`. */
export const STORE_OF = {
  counter: OWN_STORE,
  web: sql<number>`coalesce((select location.store_id from location where location.id = product.location_id), ${OWN_STORE})`,
} satisfies Record<Shelf, unknown>
