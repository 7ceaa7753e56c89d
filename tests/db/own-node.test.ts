import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { checkContent } from '../../db/check/check-content.ts'
import { QUERY, type Trx } from '../../db/handle.ts'
import { MIGRATIONS, migrate } from '../../db/migrations/migrate.ts'
import { migrationJournalOf, openDatabase } from '../../db/open.ts'
import { insertMany } from '../../db/rows.ts'
import { erasePerson } from '../../server/shop/erasure/erase-customer.ts'
import { findCart } from '../../server/shop/sales/carts.ts'
import { eraseBodies } from '../../db/journal/erase.ts'
import { journalOf } from '../support/journal.ts'
import { olderDatabase, openEngine } from './older-database.ts'

const by = { actor: null, device: null, act: 'test' }
const NOW = Date.UTC(2026, 0, 16)

/** Rows as a program wrote them that told the journal of carts: a product taken out again, and one that lies in it. */
async function fillCart(trx: Trx, user_id: number) {
  const every = { store_id: 1, created_at: NOW, updated_at: NOW }
  const put = async (table: string, { id, deleted_at = null, ...row }: Record<string, unknown>) => {
    const full = { id, ...every, ...row, deleted_at }
    const names = sql.join(Object.keys(full).map((column) => sql.ref(column)))
    const values = sql.join(Object.values(full).map((value) => sql`${value}`))
    await sql`insert into ${sql.table(table)} (${names}) values (${values})`.execute(trx[QUERY])
    const after = JSON.stringify({ store_id: 1, ...row })
    const entry = { entity: table as 'user', row_id: id as number, before: null } // Of before, when these were told.
    trx.act.ops.push({ ...entry, kind: 'put', after })
    if (deleted_at !== null) trx.act.ops.push({ ...entry, kind: 'del', before: '{"deleted_at":null}', after: null })
  }
  // Their ids are given: a counter of then has no sum.
  const category_id = 901
  await insertMany(trx, 'category', [{ slug: 'x', name: 'X', name_key: 'x', shown_as: 'X' }], [category_id])
  const priced = { price_cents: 100, original_price_cents: 100, discount_tenths: 0, rating_hundredths: 0, reviews: 0 }
  const texts = { model: 'M', name: 'M', condition: 'A', highlights: '[]', cities: '[]', city_keys: '|' } as const
  const product_id = 902
  const product = { category_id, brand_id: 1, serialised: false, web: true, ...priced, ...texts }
  await insertMany(trx, 'product', [product], [product_id])
  await put('cart', { id: 1, user_id })
  await put('cart_item', { id: 1, cart_id: 1, product_id, qty: 1, deleted_at: NOW })
  await put('cart_item', { id: 2, cart_id: 1, product_id, qty: 3 })
  await put('stripe_event', {
    id: 1, event_id: 'evt_1', type: 'charge.refunded', happened_at: NOW, outcome: 'unknown-order', payload: '{}',
  }) // oxfmt-ignore
}

test('carts and Stripe’s events of before stay, their entries verify, and whose a cart was is erased with its owner', async () => {
  await using older = await olderDatabase()
  const engine = openEngine(older.at)
  const journal = migrationJournalOf(engine.name, () => NOW)
  const before = MIGRATIONS.findIndex(({ name }) => name === '0023-own-node')
  await migrate(engine, journal, MIGRATIONS.slice(0, before))
  const user_id = 3 // Whose repair is over.
  await engine.transaction(async (query) => {
    const trx = (await journal.open(query, 'test'))!
    await fillCart(trx, user_id)
    await journal.close(trx)
  })
  await engine.close()

  const database = await openDatabase({ at: older.at, now: () => NOW, onError: () => {} })
  const { db } = database
  expect((await checkContent(database)).findings).toEqual([])
  expect(await findCart(db, user_id, NOW)).toMatchObject({ id: 1, items: [{ qty: 3 }] })
  expect(await db.selectFrom('cart_item').select('id').execute()).toEqual([{ id: 2 }])
  expect(await db.selectFrom('stripe_event').select('event_id').execute()).toEqual([{ event_id: 'evt_1' }])
  const cartBodies = async () =>
    (await journalOf(database)).filter(({ entity }) => entity === 'cart').map(({ after }) => after)
  expect(await cartBodies()).toEqual([JSON.stringify({ store_id: 1, user_id })])
  // The first is killed once the rows are blank, which then say no more whose the cart was.
  await database.write(by, (trx) => erasePerson(trx, user_id))
  const erased = await database.write(by, (trx) => erasePerson(trx, user_id))
  await eraseBodies(database, by, erased)
  expect(await findCart(db, user_id, NOW)).toBe(null)
  expect(await cartBodies()).toEqual([null])
  expect((await checkContent(database)).findings).toEqual([])
  await database.close()
})
