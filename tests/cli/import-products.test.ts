import { expect, test } from 'vitest'
import type { Database } from '../../db/database.ts'
import { insert, patch } from '../../db/rows.ts'
import { checkContent } from '../../db/check/check-content.ts'
import { by } from '../../server/cli/command.ts'
import { searchProducts } from '../../server/shop/stock/product-list.ts'
import { placeOrder } from '../../server/shop/sales/orders.ts'
import { receiveStock } from '../../server/shop/stock/stock-keeping.ts'
import { openCommandLine } from './command-line.ts'

const HEADER =
  'category,brand,model,name,condition,price,original_price,stock,location,city_availability,image,highlights'
const PHONE =
  'Phone,Apple,iPhone 14 Pro,iPhone 14 Pro 256GB,A,899.99,1099.99,3,Vancouver Hub,Vancouver;Ottawa,https://example.com/i.jpg,Certified inspection;Store warranty'
const PAD = 'Tablets,Zebra,Pad 7,Pad 7 64GB,like new,99,,,,,,'

const csv = (...rows: string[]) => [HEADER, ...rows].join('\n')

const productsIn = ({ db }: Database) =>
  db
    .selectFrom('product')
    .innerJoin('category', 'category.id', 'category_id')
    .innerJoin('brand', 'brand.id', 'brand_id')
    .leftJoin('location', 'location.id', 'location_id')
    .select(['product.id', 'category.name as category', 'brand.name as brand', 'model', 'product.name', 'condition'])
    .select(['price_cents', 'original_price_cents', 'discount_tenths', 'hub_name', 'cities', 'image', 'highlights'])
    .orderBy('product.id')
    .execute()

const stockIn = async ({ db }: Database) =>
  (await db.selectFrom('stock_movement').select(['product_id', 'kind', 'quantity']).orderBy('id').execute()).map(
    ({ kind, quantity }) => [kind, quantity],
  )

const entriesIn = async ({ db }: Database) => (await db.selectFrom('journal').select('seq').execute()).length

test('products come in with their brands and categories, and are found', async () => {
  await using cli = await openCommandLine()
  const { code, out, err } = await cli.run(['import', 'products', cli.file('shop.csv', csv(PHONE, PAD))])
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('2 added, 0 there already, 0 wrong')
  await cli.look(async (database) => {
    const [phone, pad] = await productsIn(database)
    expect(phone).toMatchObject({
      category: 'Phone',
      brand: 'Apple',
      model: 'iPhone 14 Pro',
      name: 'iPhone 14 Pro 256GB',
      condition: 'A',
      price_cents: 89_999,
      original_price_cents: 109_999,
      discount_tenths: 182,
      hub_name: 'Vancouver Hub',
      cities: '["Vancouver","Ottawa"]',
      image: 'https://example.com/i.jpg',
      highlights: '["Certified inspection","Store warranty"]',
    })
    expect(pad).toMatchObject({
      category: 'Tablet',
      brand: 'Zebra',
      condition: 'C',
      price_cents: 9_900,
      original_price_cents: 9_900,
      hub_name: null,
      cities: '[]',
      image: null,
    })
    expect(await stockIn(database)).toEqual([['receipt', 3]])
    const found = async (q: string) => (await searchProducts(database.db, q, {}, {})).rows.map(({ name }) => name)
    expect(await found('zebra 64')).toEqual(['Pad 7 64GB'])
    expect(await found('phone')).toEqual(['iPhone 14 Pro 256GB'])
    expect((await checkContent(database)).findings).toEqual([])
  })
})

test('what the shop does not know yet is made: category, brand and location, each once', async () => {
  await using cli = await openCommandLine()
  const rows = [
    'Game console,Nintendo,Switch,Switch,D,199,,1,Kiel,,,',
    'game CONSOLE,NINTENDO,Switch,Switch Lite,D,99,,1,kiel,,,',
  ]
  await cli.run(['import', 'products', cli.file('shop.csv', csv(...rows))])
  await cli.look(async ({ db }) => {
    const last = (table: 'category' | 'location') =>
      db.selectFrom(table).select(['slug', 'name']).orderBy('id', 'desc').limit(2).execute()
    expect((await last('category'))[0]).toEqual({ slug: 'game-console', name: 'Game console' })
    expect((await last('location')).map(({ slug }) => slug)).toEqual(['kiel', 'ottawa'])
    const brands = await db.selectFrom('brand').select('name').where('name_key', '=', 'nintendo').execute()
    expect(brands).toEqual([{ name: 'Nintendo' }])
  })
})

test('importing again changes nothing', async () => {
  await using cli = await openCommandLine()
  const file = cli.file('shop.csv', csv(PHONE, PAD))
  await cli.run(['import', 'products', file])
  const before = await cli.look(entriesIn)
  expect((await cli.run(['import', 'products', file])).out).toContain('0 added, 2 there already, 0 wrong')
  expect((await cli.run(['import', 'products', file, '--set-stock'])).out).toContain('0 added, 2 there already')
  expect(await cli.look(entriesIn)).toBe(before)
})

test('importing again brings what the file says now; empty cells and stock say nothing', async () => {
  await using cli = await openCommandLine()
  await cli.run(['import', 'products', cli.file('shop.csv', csv(PHONE, PAD))])
  const newer = 'Phones,APPLE,iphone 14 pro,IPHONE 14 Pro 256GB,Excellent,849.99,1099.99,7,Ottawa Lab,Ottawa,,'
  const { out } = await cli.run(['import', 'products', cli.file('newer.csv', csv(newer, PAD))])
  expect(out).toContain('0 added, 1 changed, 1 there already, 0 wrong')
  await cli.look(async (database) => {
    expect((await productsIn(database))[0]).toMatchObject({
      name: 'iPhone 14 Pro 256GB',
      price_cents: 84_999,
      discount_tenths: 227,
      hub_name: 'Ottawa Lab',
      cities: '["Ottawa"]',
      image: 'https://example.com/i.jpg',
      highlights: '["Certified inspection","Store warranty"]',
    })
    expect(await stockIn(database)).toEqual([['receipt', 3]])
  })
})

test('a deal stays one when the file says nothing of its original price, and nothing else becomes one', async () => {
  await using cli = await openCommandLine()
  await cli.run(['import', 'products', cli.file('shop.csv', csv(PHONE, PAD))])
  const priced = async (phone: string, pad: string) => {
    const rows = [PHONE.replace('899.99,1099.99', `${phone},`), PAD.replace(',99,', `,${pad},`)]
    await cli.run(['import', 'products', cli.file('newer.csv', csv(...rows))])
    const products = await cli.look(productsIn)
    return products.map((product) => [product.price_cents, product.original_price_cents, product.discount_tenths])
  }
  expect(await priced('849.99', '89')).toEqual([
    [84_999, 109_999, 227],
    [8_900, 8_900, 0],
  ])
  expect(await priced('1199.99', '109')).toEqual([
    [119_999, 119_999, 0],
    [10_900, 10_900, 0],
  ])
})

test('--set-stock counts what is there already, but for what is kept by serial number', async () => {
  await using cli = await openCommandLine()
  await cli.run(['import', 'products', cli.file('shop.csv', csv(PHONE, PAD))])
  await cli.look(async (database) => {
    const [, pad] = await productsIn(database)
    await database.write(by('test'), async (trx) => {
      await patch(trx, 'product', pad!.id, { serialised: true })
      await receiveStock(trx, pad!.id, { units: [{ serial_number: 'A1' }] })
    })
  })
  const counted = [PHONE.replace(',3,', ',1,'), PAD.replace(',99,,,', ',99,,5,')]
  const { out } = await cli.run(['import', 'products', cli.file('count.csv', csv(...counted)), '--set-stock'])
  expect(out).toContain('0 added, 1 changed, 1 there already, 0 wrong')
  expect(await cli.look(stockIn)).toEqual([
    ['receipt', 3],
    ['receipt', 1],
    ['count', -2],
  ])
})

test('--set-stock leaves out what orders hold', async () => {
  await using cli = await openCommandLine()
  await cli.run(['import', 'products', cli.file('shop.csv', csv(PHONE))])
  await cli.look(async (database) => {
    const [phone] = await productsIn(database)
    await database.write(by('test'), async (trx) => {
      const user_id = await insert(trx, 'user', {
        full_name: 'Ann',
        role: 'customer',
        is_staff: false,
        is_active: true,
      })
      const lines = [{ product_id: phone!.id, qty: 2 }]
      await placeOrder(trx, { user_id, lines, payment_method: 'cod', minutes: 1 })
    })
  })
  const count = async (stock: number) => {
    const file = cli.file('count.csv', csv(PHONE.replace(',3,', `,${stock},`)))
    return (await cli.run(['import', 'products', file, '--set-stock'])).out
  }
  expect(await count(3)).toContain('0 added, 1 there already')
  expect(await count(4)).toContain('0 added, 1 changed')
  expect(await cli.look(stockIn)).toEqual([
    ['receipt', 3],
    ['sale', -2],
    ['count', 1],
  ])
})

test('a product that stands in the file twice is one, as the last line has it', async () => {
  await using cli = await openCommandLine()
  await cli.run(['import', 'products', cli.file('shop.csv', csv(PHONE, PHONE.replace('899.99', '799.99')))])
  expect(await cli.look(productsIn)).toMatchObject([{ price_cents: 79_999 }])
})

test('our own picture of a product stays', async () => {
  await using cli = await openCommandLine()
  const file = cli.file('shop.csv', csv(PHONE.replace('https://example.com/i.jpg', '')))
  await cli.run(['import', 'products', file])
  await cli.look(async (database) => {
    const [phone] = await productsIn(database)
    await database.write(by('test'), async (trx) => {
      const photo_id = await insert(trx, 'photo', { sha256: 'a'.repeat(64), width: 1, height: 1, bytes: 1 })
      await patch(trx, 'product', phone!.id, { photo_id })
    })
  })
  expect((await cli.run(['import', 'products', cli.file('picture.csv', csv(PHONE))])).out).toContain('1 there already')
  expect(await cli.look(productsIn)).toMatchObject([{ image: null }])
})

test('rows that cannot be a product stay outside, each with its line and reason', async () => {
  await using cli = await openCommandLine()
  const wrong = (column: string, value: string) => {
    const cells = PHONE.split(',')
    cells[HEADER.split(',').indexOf(column)] = value
    return cells.join(',')
  }
  const rows = [
    PAD,
    wrong('brand', ''),
    wrong('condition', 'Mint'),
    wrong('price', 'free'),
    wrong('price', '-1'),
    wrong('price', '9.999'),
    wrong('original_price', '100000000'),
    wrong('stock', '2.5'),
    wrong('image', 'javascript:alert(1)'),
    wrong('highlights', 'x'.repeat(201)),
    wrong('city_availability', 'Ö'.repeat(1_001)),
    wrong('name', '4242 4242 4242 4242'),
    'Phone,Apple',
  ]
  const { code, out, err } = await cli.run(['import', 'products', cli.file('shop.csv', csv(...rows))])
  expect([code, err.split('\n').slice(0, -2)]).toEqual([
    0,
    [
      '  line 3: there is no brand',
      "  line 4: condition 'Mint' is none of A, Excellent, B, Great, C, Like-new, D, Good, E, Fair",
      "  line 5: price 'free' is no amount like 899.99",
      "  line 6: price '-1' is not between 0 and 99999999.99",
      "  line 7: price '9.999' is no amount like 899.99",
      "  line 8: original_price '100000000' is not between 0 and 99999999.99",
      "  line 9: stock '2.5' is no number from 0 to 1000000",
      '  line 10: image is neither an http address nor a path',
      '  line 11: highlights are more than 50, or one is longer than 200 characters',
      '  line 12: city_availability is longer than 2000 bytes',
      '  line 13: the text holds a card number',
      '  line 14: it has 2 columns, not 12',
    ],
  ])
  expect(out).toContain('1 added, 0 there already, 12 wrong')
})

test('a file of another kind is refused by the columns that it lacks', async () => {
  await using cli = await openCommandLine()
  const { code, err } = await cli.run(['import', 'products', cli.file('models.csv', 'type,brand,model\nPhone,A,B')])
  expect(code).toBe(1)
  expect(err).toContain('The first line does not name category, name, condition')
})
