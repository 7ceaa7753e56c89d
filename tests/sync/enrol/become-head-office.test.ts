import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import { becomeHeadOffice } from '../../../server/sync/enrol/become-head-office.ts'
import { becomeRole } from '../../support/other-chain.ts'
import { openShop } from '../../support/shop.ts'
import { openSetUp } from './office.ts'

test('a shop with its history becomes head office: it says so, keeps its ids and numbers, and all is as it was written', async () => {
  await using shop = await openSetUp()
  const { database, context } = shop
  const customer = { full_name: 'Carla Customer', phone: '0170 5550199' }
  const models = await shop.counter('GET', '/models?q=iPhone')
  const device = { model_id: models.body[0].id }
  const taken = await shop.counter('POST', '/intakes', { customer, device, estimate_cents: 9_000 })
  expect(taken.status, taken.text).toBe(201)
  expect((await shop.call('GET', '/health')).body.role).toBe('alone')
  expect(await becomeHeadOffice(database, context.keys)).toBe(true)
  expect((await shop.call('GET', '/health')).body.role).toBe('head-office')
  const own = await database.db.selectFrom('node').selectAll().where('id', '=', 0).executeTakeFirstOrThrow()
  const { sign, seal } = context.keys.publicKeys
  expect(own).toMatchObject({ kind: 'head-office', terminal: 'T1', sign_key: sign, seal_key: seal })
  expect((await checkContent(database)).findings).toEqual([])
  const another = { full_name: 'Ben Customer', phone: '0170 5550200' }
  const next = await shop.counter('POST', '/intakes', { customer: another, device, estimate_cents: 9_000 })
  expect(next.text).toContain('S1-T1-000002')
})

test('who is head office already stays it, and nothing is written', async () => {
  await using shop = await openShop()
  await becomeHeadOffice(shop.database, shop.context.keys)
  const head = () => shop.database.db.selectFrom('self').selectAll().executeTakeFirstOrThrow()
  const before = await head()
  expect(await becomeHeadOffice(shop.database, shop.context.keys)).toBe(false)
  expect(await head()).toEqual(before)
})

test('two servers of one database that are told so at once make one head office', async () => {
  await using shop = await openShop()
  const { database, context } = shop
  const became = await Promise.all([1, 2].map(() => becomeHeadOffice(database, context.keys)))
  expect(became.toSorted()).toEqual([false, true])
  expect(await database.db.selectFrom('head_office').selectAll().execute()).toHaveLength(1)
})

test('a terminal does not become head office', async () => {
  await using shop = await openShop()
  await becomeRole(shop.database, 'terminal')
  await expect(becomeHeadOffice(shop.database, shop.context.keys)).rejects.toThrow(/cannot become one itself/)
})

test('the store and the machine of the first start, which no journal told of, are told of from then on', async () => {
  await using shop = await openShop()
  await becomeHeadOffice(shop.database, shop.context.keys)
  const told = await shop.database.db
    .selectFrom('journal')
    .select(['entity', 'row_id'])
    .where('kind', '=', 'put')
    .where('entity', 'in', ['store', 'node'])
    .orderBy('entity')
    .execute()
  expect(told).toEqual([
    { entity: 'node', row_id: 0 },
    { entity: 'store', row_id: 1 },
  ])
})
