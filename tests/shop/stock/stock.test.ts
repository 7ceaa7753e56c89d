import { expect, test } from 'vitest'
import { insert, patch } from '../../../db/rows.ts'
import { addProduct } from '../../../server/shop/stock/product-changes.ts'
import { giveStockBack, stockOf, unitsInStock } from '../../../server/shop/stock/ledger.ts'
import { takeStock } from '../../../server/shop/stock/take-stock.ts'
import { countStock, receiveStock, writeOff } from '../../../server/shop/stock/stock-keeping.ts'
import { openStore } from '../../api/store-shop.ts'
import { EMPTY_ORDER } from '../../support/empty-order.ts'

async function openStock() {
  const shop = await openStore()
  const { db } = shop.database
  const { id: category_id } = await db.selectFrom('category').select('id').limit(1).executeTakeFirstOrThrow()
  let made = 0
  return {
    ...shop,
    db,
    product: (serialised = false) =>
      shop.write(async (trx) => {
        const wanted = { category_id, brand: 'Apple', model: 'iPhone', condition: 'A' as const, price_cents: 100 }
        return (await addProduct(trx, { ...wanted, name: `Thing ${++made}`, serialised })).id
      }),
    order: () =>
      shop.write((trx) =>
        insert(trx, 'sales_order', {
          user_id: shop.customer.id,
          status: 'pending',
          ...EMPTY_ORDER,
        }),
      ),
    left: async (id: number) => (await stockOf(db, [id])).get(id),
    movements: (id: number) =>
      db
        .selectFrom('stock_movement')
        .select(['quantity', 'kind', 'unit_id', 'order_id'])
        .where('product_id', '=', id)
        .orderBy('id')
        .execute(),
  }
}

const line = (product_id: number, qty: number, title = 'iPhone') => ({ product_id, title, qty })
const serials = (...numbers: string[]) => ({ units: numbers.map((serial_number) => ({ serial_number })) })

test('stock is the sum of its movements, and nothing where nothing moved', async () => {
  await using shop = await openStock()
  const [one, other] = [await shop.product(), await shop.product()]
  await shop.write((trx) => receiveStock(trx, one, { quantity: 5, note: 'delivery' }))
  await shop.write((trx) => writeOff(trx, one, { quantity: 2, note: 'dropped' }))
  expect([...(await stockOf(shop.db, [one, other, 999]))]).toEqual([
    [one, 3],
    [other, 0],
    [999, 0],
  ])
  expect((await shop.movements(one)).map(({ quantity, kind }) => [quantity, kind])).toEqual([
    [5, 'receipt'],
    [-2, 'write-off'],
  ])
  await expect(shop.write((trx) => writeOff(trx, one, { quantity: 4, note: 'x' }))).rejects.toThrow('Only 3 in stock')
})

test('an order takes what is there and is refused what is not, by name and all at once', async () => {
  await using shop = await openStock()
  const [one, none, order] = [await shop.product(), await shop.product(), await shop.order()]
  await shop.write((trx) => receiveStock(trx, one, { quantity: 3 }))
  const take = (...lines: ReturnType<typeof line>[]) => shop.write((trx) => takeStock(trx, order, lines))
  await expect(take(line(one, 4))).rejects.toThrow("Product 'iPhone' is out of stock (Only 3 left)")
  await expect(take(line(one, 2), line(one, 2, 'Other'))).rejects.toThrow("'iPhone' is out of stock (Only 3 left)")
  await expect(take(line(one, 1), line(none, 1, 'Case'))).rejects.toThrow(/^Product 'Case' is out of stock$/)
  await expect(take(line(999, 1))).rejects.toMatchObject({ status: 404, detail: 'Product not found' })
  expect(await shop.left(one)).toBe(3)
  await take(line(one, 2), line(one, 1))
  expect(await shop.left(one)).toBe(0)
})

test('an order gives back once, whatever is called twice, and never more than it holds', async () => {
  await using shop = await openStock()
  const [one, other, order] = [await shop.product(), await shop.product(), await shop.order()]
  for (const id of [one, other]) await shop.write((trx) => receiveStock(trx, id, { quantity: 5 }))
  await shop.write((trx) => takeStock(trx, order, [line(one, 3), line(other, 1)]))
  const giveBack = (some?: { product_id: number; qty: number }[]) =>
    shop.write((trx) => giveStockBack(trx, order, some))
  await giveBack([{ product_id: one, qty: 1 }])
  expect([await shop.left(one), await shop.left(other)]).toEqual([3, 4])
  await giveBack([{ product_id: one, qty: 9 }])
  expect(await shop.left(one)).toBe(5)
  await giveBack()
  await giveBack()
  expect([await shop.left(one), await shop.left(other)]).toEqual([5, 5])
  expect((await shop.movements(other)).map(({ quantity, kind }) => [quantity, kind])).toEqual([
    [5, 'receipt'],
    [-1, 'sale'],
    [1, 'return'],
  ])
})

test('ten buyers of the last piece at once: one gets it', async () => {
  await using shop = await openStock()
  const id = await shop.product()
  await shop.write((trx) => receiveStock(trx, id, { quantity: 1 }))
  const orders = await Promise.all(Array.from({ length: 10 }, () => shop.order()))
  const outcomes = await Promise.allSettled(
    orders.map((order) => shop.write((trx) => takeStock(trx, order, [line(id, 1)]))),
  )
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await shop.left(id)).toBe(0)
})

test('a serialised product moves unit by unit, the longest-kept first, and the same units come back', async () => {
  await using shop = await openStock()
  const [id, order] = [await shop.product(true), await shop.order()]
  await shop.write((trx) => receiveStock(trx, id, serials('A1', 'A2')))
  shop.clock.pass(1_000)
  await shop.write((trx) => receiveStock(trx, id, serials('A3')))
  const units = await unitsInStock(shop.db, id)
  await shop.write((trx) => takeStock(trx, order, [line(id, 2)]))
  expect(await unitsInStock(shop.db, id)).toEqual([units[2]])
  expect((await shop.movements(id)).slice(3)).toMatchObject([
    { quantity: -1, kind: 'sale', unit_id: units[0], order_id: order },
    { quantity: -1, kind: 'sale', unit_id: units[1], order_id: order },
  ])
  await expect(shop.write((trx) => takeStock(trx, order, [line(id, 2)]))).rejects.toThrow('(Only 1 left)')
  await shop.write((trx) => giveStockBack(trx, order))
  expect(await unitsInStock(shop.db, id)).toEqual(units)
  expect(await shop.left(id)).toBe(3)
})

test('a serial number is in stock once, however it is written, and may come back when it was sold', async () => {
  await using shop = await openStock()
  const [id, order] = [await shop.product(true), await shop.order()]
  const receive = (...numbers: string[]) => shop.write((trx) => receiveStock(trx, id, serials(...numbers)))
  await receive('ab-1')
  await expect(receive('AB 1')).rejects.toThrow("'ab-1' is in stock already")
  await expect(receive('C1', 'c1')).rejects.toThrow("'c1' is in stock already")
  await shop.write((trx) => takeStock(trx, order, [line(id, 1)]))
  await receive('AB1')
  expect(await shop.left(id)).toBe(1)
})

test('a count brings the stock to what was found, and writes nothing when it is right', async () => {
  await using shop = await openStock()
  const [counted, kept] = [await shop.product(), await shop.product(true)]
  const count = (id: number, found: Parameters<typeof countStock>[2]) => shop.write((trx) => countStock(trx, id, found))
  await shop.write((trx) => receiveStock(trx, counted, { quantity: 5 }))
  expect([await count(counted, { quantity: 3 }), await count(counted, { quantity: 3 })]).toEqual([-2, 0])
  expect(await shop.movements(counted)).toHaveLength(2)
  await shop.write((trx) => receiveStock(trx, kept, serials('A1', 'A2')))
  expect(await count(kept, { serial_numbers: ['a2', 'A2'] })).toBe(-1)
  expect(await count(kept, { serial_numbers: ['A1', 'A2'] })).toBe(1)
  await expect(count(kept, { serial_numbers: ['Z9'] })).rejects.toThrow("'Z9' is not of this product")
  await expect(count(kept, { quantity: 1 })).rejects.toThrow('Product is kept by serial number')
  await expect(count(counted, { serial_numbers: [] })).rejects.toThrow('Product is counted')
})

test('a unit that is kept for an order stays the order’s when it is counted on the shelf', async () => {
  await using shop = await openStock()
  const [product, order] = [await shop.product(true), await shop.order()]
  await shop.write((trx) => receiveStock(trx, product, serials('S1', 'S2')))
  await shop.write((trx) => takeStock(trx, order, [line(product, 1)]))
  const count = await shop.write((trx) => countStock(trx, product, { serial_numbers: ['S1', 'S2'] }))
  expect([count, await shop.left(product)]).toEqual([0, 1])
})

test('a unit that was counted back before its order was taken back is in stock once', async () => {
  await using shop = await openStock()
  const [product, order] = [await shop.product(true), await shop.order()]
  await shop.write((trx) => receiveStock(trx, product, serials('S1')))
  await shop.write((trx) => takeStock(trx, order, [line(product, 1)]))
  await shop.write((trx) => patch(trx, 'sales_order', order, { status: 'completed' }))
  await shop.write((trx) => countStock(trx, product, { serial_numbers: ['S1'] }))
  expect(await shop.left(product)).toBe(1)
  await shop.write((trx) => giveStockBack(trx, order))
  expect(await shop.left(product)).toBe(1)
})
