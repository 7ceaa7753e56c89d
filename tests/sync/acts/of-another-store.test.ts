import { expect, test } from 'vitest'
import { inStore } from '../../../db/handle.ts'
import { insert } from '../../../db/rows.ts'
import { BELONGS_TO } from '../../../db/schema/belongs-to.ts'
import { REFERENCES } from '../../../db/schema/references.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { ownNode } from '../../../db/self.ts'
import { drain, type Member, openFleet, takeIn } from '../support/fleet.ts'

test('what head office writes about a ticket of a shop is of that shop, and heard there', async () => {
  await using fleet = await openFleet(1)
  const { office } = fleet
  const [shop] = fleet.shops as [Member]
  const { order_id } = await takeIn(shop, fleet.catalogue.model_id, '0170 5550001')
  await drain(fleet)
  const written = [
    await office.counter('POST', `/tickets/${order_id}/messages`, { text: 'The part is on its way' }),
    await office.counter('POST', `/tickets/${order_id}/technicians`, { user_id: office.clerk.id }),
    await office.counter('POST', `/tickets/${order_id}/payments`, { amount_cents: 4_000, method: 'Cash' }),
  ]
  expect(written.map(({ status }) => status)).toEqual([201, 201, 201])
  await drain(fleet)
  for (const { database } of [office, shop])
    for (const table of ['payment', 'payment_entry', 'assignment', 'order_event'] as const) {
      const of = database.db.selectFrom(table).select('store_id').where('order_id', '=', order_id).distinct()
      expect(await of.execute(), table).toEqual([{ store_id: shop.store }])
    }
  const ticket = await shop.counter('GET', `/tickets/${order_id}`)
  expect(JSON.stringify(ticket.body.timeline)).toContain('The part is on its way')
  expect(ticket.body.payments).toMatchObject([{ amount_cents: 4_000 }])
})

test('where a store is named for it, be it head office’s own, a row is of that store', async () => {
  await using fleet = await openFleet(1)
  const { office } = fleet
  const [shop] = fleet.shops as [Member]
  const { order_id } = await takeIn(shop, fleet.catalogue.model_id, '0170 5550002')
  await drain(fleet)
  const { store_id } = await ownNode(office.database.db).select('node.store_id').executeTakeFirstOrThrow()
  const event = { order_id, kind: 'message', text: 'Named' } as const
  const ids = await office.write(async (trx) => [
    await insert(inStore(trx, store_id), 'order_event', event),
    await insert(trx, 'order_event', event),
  ])
  const rows = await office.database.db.selectFrom('order_event').select(['id', 'store_id']).where('id', 'in', ids).orderBy('id').execute() // oxfmt-ignore
  expect(rows.map((row) => row.store_id)).toEqual([store_id, shop.store])
})

test('a row belongs to what it refers to', () => {
  for (const [table, columns] of Object.entries(BELONGS_TO))
    for (const [column, owner] of columns)
      expect((REFERENCES[table as SyncedTable] as Record<string, string>)[column], `${table}.${column}`).toBe(owner)
})
