import { expect, test } from 'vitest'
import { insertMany } from '../../db/rows.ts'
import { openRepairShop } from './repair-shop.ts'

const COUNT = 20_050

test('pages far down are the same from either end, and the count stops at 1000+', async () => {
  await using shop = await openRepairShop()
  const brands = Array.from({ length: COUNT - 1 }, (_, n) => ({ name: `Brand ${n}`, name_key: `brand ${n}` }))
  await shop.write((trx) => insertMany(trx, 'brand', brands))
  const page = async (offset: number, limit: number) => {
    const { body, headers } = await shop.v1('GET', `/devices/brands?offset=${offset}&limit=${limit}`)
    expect(headers.get('x-total-count')).toBe('1000+')
    return body.map(({ id }: { id: number }) => id)
  }
  for (const offset of [0, 9_999, 10_000, 10_015, 10_020, 10_030, 15_000, 20_030])
    expect([offset, await page(offset, 20)]).toEqual([offset, Array.from({ length: 20 }, (_, n) => offset + n + 1)])
  expect(await page(20_040, 20)).toEqual(Array.from({ length: 10 }, (_, n) => 20_041 + n))
  expect(await page(20_049, 1)).toEqual([20_050])
  for (const offset of [20_050, 20_060, 9_007_199_254_740_991]) expect(await page(offset, 20)).toEqual([])
  const all = await shop.v1('GET', '/devices/brands')
  expect([all.body.length, all.headers.get('x-total-count')]).toEqual([COUNT, '1000+'])
})
