import { expect, test } from 'vitest'
import { insertMany, remove } from '../../db/rows.ts'
import { openRepairShop } from './repair-shop.ts'

const COUNT = 20_050

test('pages far down are the same from either end, and the count stops at 1000+', async () => {
  await using shop = await openRepairShop()
  const { length: before } = (await shop.v1('GET', '/users')).body
  const person = { full_name: 'Someone', role: 'customer' as const, is_staff: false, is_active: true }
  const ids = await shop.write((trx) =>
    insertMany(
      trx,
      'user',
      Array.from({ length: COUNT - before + 2 }, () => person),
    ),
  )
  await shop.write(async (trx) => {
    await remove(trx, 'user', ids[5]!)
    await remove(trx, 'user', ids[15_000]!)
  })
  const live = (
    await shop.database.db.selectFrom('user').select('id').where('deleted_at', 'is', null).orderBy('id').execute()
  ).map(({ id }) => id)
  expect(live.length).toBe(COUNT)
  const page = async (offset: number, limit: number) => {
    const { body, headers } = await shop.v1('GET', `/users?offset=${offset}&limit=${limit}`)
    expect(headers.get('x-total-count')).toBe('1000+')
    return body.map(({ id }: { id: number }) => id)
  }
  for (const offset of [0, 9_999, 10_000, 10_015, 10_020, 10_030, 14_990, 15_000, 20_030, 20_040])
    expect([offset, await page(offset, 20)]).toEqual([offset, live.slice(offset, offset + 20)])
  expect(await page(20_049, 1)).toEqual(live.slice(-1))
  for (const offset of [20_050, 20_060, 9_007_199_254_740_991]) expect(await page(offset, 20)).toEqual([])
})

test('a filtered list is paged by its own rows, however deep', async () => {
  await using shop = await openRepairShop()
  for (let i = 0; i < 3; i++) await shop.order()
  for (const filter of ['status=Pending', `customer_id=${shop.customer.id}`]) {
    const reply = await shop.v1('GET', `/orders?${filter}&offset=10000`)
    expect([reply.body, reply.headers.get('x-total-count')]).toEqual([[], '3'])
  }
  for (const path of ['/orders', '/payments', '/devices'])
    expect((await shop.v1('GET', `${path}?offset=10000`)).body).toEqual([])
})
