import { resumeClock } from '../../../server/follow-clock.ts'
import { newReconciler, reconcile } from '../../../server/shop/card-payments/reconcile.ts'
import { openStore } from '../../api/store-shop.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import { openShop, PASSWORD, type Person, type Shop } from '../../support/shop.ts'

/** What tests of the clock share: a shop that is shut and opened again on the same database, when its clock says otherwise. */

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const YEAR = 365 * DAY
export const NOON = Date.UTC(2026, 10, 27, 12)

export const reconciled = (shop: Shop) => reconcile(shop.context, newReconciler(shop.context))
export const statusOf = async ({ database: { db } }: Shop, id: number) =>
  (await db.selectFrom('sales_order').select('status').where('id', '=', id).executeTakeFirstOrThrow()).status
export const clockOf = async (shop: Shop) => (await shop.call('GET', '/counter/clock')).body
export const confirm = (shop: Shop, as: Person, says = shop.clock.now()) =>
  shop.call('POST', '/counter/clock', { as, body: { says } })
export const login = (shop: Shop, { phone }: Person, password = PASSWORD) =>
  shop.call('POST', '/v1/auth/login', { body: { phone, password } })
export const reads = async (shop: Shop, token: string) => (await shop.call('GET', '/v1/orders', { token })).status

/** A database that outlives the shops which are opened on it. */
export async function ownDatabase() {
  const fresh = await freshDatabase()
  return { ...fresh, [Symbol.asyncDispose]: fresh.remove }
}

/** A day's work with one order that waits for the counter; then the program is stopped. */
export async function dayBefore(on: TestDatabase): Promise<{ order: number; staff: Person; customer: Person }> {
  await using shop = await openStore({ on, startsAt: NOON })
  const order = await shop.order(await shop.product({ stock: 1 }))
  return { order, staff: shop.staff, customer: shop.customer }
}

/** The same shop, started again when its clock says `at`; like a server it looks at the clock before it answers. */
export async function startAt(on: TestDatabase, at: number): Promise<Shop> {
  const shop = await openShop({ on, startsAt: at })
  await resumeClock(shop.context)
  return shop
}
