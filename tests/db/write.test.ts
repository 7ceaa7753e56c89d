import { expect, test } from 'vitest'
import { findIds } from '../../db/search/search.ts'
import { addUser } from '../../server/shop/people/users.ts'
import { nothing, write } from '../../server/http/endpoint.ts'
import { everyone } from '../../server/http/auth/permissions.ts'
import { openShop } from '../support/shop.ts'

const by = { actor: null, device: null, act: 'test' }
const person = { full_name: 'Anna', role: 'customer' as const, is_staff: false }

test('a write inside a write is refused at once, and nothing of either is saved', async () => {
  const nested = write('POST /nested', { who: everyone, response: nothing }, async ({ trx, database }) => {
    await addUser(trx, person)
    await database.write(by, (inner) => addUser(inner, person))
  })
  await using shop = await openShop({ endpoints: [nested] })
  expect((await shop.call('POST', '/nested')).status).toBe(500)
  expect(shop.logged.join('')).toContain('A write inside a write')
  expect(await shop.database.db.selectFrom('user').select('id').execute()).toEqual([])
  await shop.database.write(by, (trx) => addUser(trx, person))
  expect(await shop.database.db.selectFrom('user').select('id').execute()).toHaveLength(1)
})

test('to index or to search past the open transaction does not wait for it either', async () => {
  await using shop = await openShop()
  const { database } = shop
  await database.write(by, (trx) => addUser(trx, person))
  await expect(database.write(by, () => database.flushSearchIndex())).rejects.toThrow('A write inside a write')
  expect(await database.write(by, () => findIds(database.db, 'user', 'anna', { limit: 1 }))).toEqual([])
})

test('what a write leaves running may write when the write is over', async () => {
  await using shop = await openShop()
  const { database } = shop
  const over = Promise.withResolvers<void>()
  const later = await database.write(by, async () => ({
    done: over.promise.then(() => database.write(by, (trx) => addUser(trx, person))),
  }))
  over.resolve()
  expect(await later.done).toBeGreaterThan(0)
})

test('writes at the same time take their turns', async () => {
  await using shop = await openShop()
  const write = () => shop.database.write(by, (trx) => addUser(trx, person))
  expect(new Set(await Promise.all(Array.from({ length: 20 }, write))).size).toBe(20)
})
