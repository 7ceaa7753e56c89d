import { expect, test } from 'vitest'
import { openShop } from '../support/shop.ts'

test('a monitor hears that the file is damaged, people behind the counter what is wrong with it', async () => {
  await using shop = await openShop()
  const [customer, clerk] = [await shop.person('customer'), await shop.person('staff')]
  expect((await shop.call('GET', '/health', { as: clerk })).body).toMatchObject({ status: 'healthy' })
  shop.database.setDamage('page 21 of table user')
  for (const path of ['/health', '/api/health'])
    for (const as of [undefined, customer]) {
      const { body } = await shop.call('GET', path, { as })
      expect(body).toEqual({
        status: 'damaged',
        version: expect.any(String),
        role: 'alone',
        database: shop.database.engine,
        clock: 'trusted',
        check: { finished_at: null, findings: 0 },
      })
    }
  expect((await shop.call('GET', '/health', { as: clerk })).body.damage).toBe('page 21 of table user')
})
