import { expect, test } from 'vitest'
import { addCategory } from '../../server/shop/stock/categories.ts'
import { changeProduct, hideProduct, type NewProduct, addProduct } from '../../server/shop/stock/product-changes.ts'
import { openStore } from './store-shop.ts'

/** A store whose catalogue holds what the test names. */
async function openCatalogue() {
  const shop = await openStore()
  const { db } = shop.database
  const categories = await db.selectFrom('category').select(['id', 'slug']).execute()
  const locations = await db.selectFrom('location').select(['id', 'slug']).execute()
  let made = 0
  return {
    ...shop,
    categoryOf: (slug: string) => categories.find((category) => category.slug === slug)!.id,
    locationOf: (slug: string) => locations.find((location) => location.slug === slug)!.id,
    add: (fields: Partial<NewProduct> = {}) =>
      shop.write(
        async (trx) =>
          (
            await addProduct(trx, {
              category_id: categories[0]!.id,
              brand: 'Apple',
              model: 'iPhone 14',
              name: `Thing ${++made}`,
              condition: 'A',
              price_cents: 10_000,
              ...fields,
            })
          ).id,
      ),
    get: (path: string) => shop.call('GET', `/api/products${path}`),
    names: async (path: string) => (await shop.call('GET', `/api/products${path}`)).body.map((p: any) => p.name),
  }
}

test('a product is shown as the documents show it', async () => {
  await using shop = await openCatalogue()
  const id = await shop.add({
    model: 'iPhone 14 Pro',
    name: 'iPhone 14 Pro 256GB',
    price_cents: 89_999,
    original_price_cents: 109_999,
    rating_hundredths: 450,
    reviews: 120,
    location_id: shop.locationOf('vancouver'),
    image: 'https://example.com/image.jpg',
    highlights: ['Certified inspection', 'Store warranty'],
    cities: ['Vancouver', 'Ottawa'],
  })
  const product = {
    id,
    brand: 'Apple',
    model: 'iPhone 14 Pro',
    name: 'iPhone 14 Pro 256GB',
    price: 899.99,
    originalPrice: 1099.99,
    condition: 'Excellent',
    rating: 4.5,
    reviews: 120,
    location: 'Vancouver Hub',
    image: 'https://example.com/image.jpg',
    highlights: ['Certified inspection', 'Store warranty'],
    cityAvailability: ['Vancouver', 'Ottawa'],
    updatedAt: 20260115,
  }
  const [list, one, found, deals] = [
    await shop.get(''),
    await shop.get(`/${id}/`),
    await shop.get('/search?q=iPhone'),
    await shop.get('/deals'),
  ]
  expect([list.body, list.headers.get('x-total-count')]).toEqual([[product], '1'])
  expect(one.body).toEqual(product)
  expect(found.body).toEqual([product])
  expect(deals.body).toEqual([{ ...product, discount_percent: 18.2, voucher_label: '+18% Voucher' }])
})

test('a product without picture shows a neutral one, without place and lists empty ones, and no stock hides it', async () => {
  await using shop = await openCatalogue()
  const id = await shop.add()
  expect((await shop.get(`/${id}`)).body).toMatchObject({
    location: '',
    image: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/uploads\/no-picture\.svg$/),
    highlights: [],
    cityAvailability: [],
    rating: 0,
    reviews: 0,
  })
  const picture = await shop.call('GET', '/uploads/no-picture.svg')
  expect([
    picture.status,
    picture.headers.get('content-type'),
    picture.headers.get('cross-origin-resource-policy'),
  ]).toEqual([200, 'image/svg+xml', 'cross-origin'])
  expect(picture.text).toMatch(/^<svg /)
})

test('a product that is not there is 404, an id that is none 422', async () => {
  await using shop = await openCatalogue()
  const id = await shop.add()
  await shop.write((trx) => hideProduct(trx, id))
  for (const path of [`/${id}`, '/999']) {
    const { status, body } = await shop.get(path)
    expect([status, body]).toEqual([404, { detail: 'Product not found', code: 'product-not-found' }])
  }
  expect((await shop.get('/latest')).body.detail[0]).toMatchObject({ type: 'int_parsing', loc: ['path', 'product_id'] })
  expect((await shop.get('')).body).toEqual([])
  expect((await shop.get('/search?q=thing')).body).toEqual([])
})

test('the list is filtered by category, brand, condition, price and city', async () => {
  await using shop = await openCatalogue()
  const [phones, laptops] = [shop.categoryOf('phones'), shop.categoryOf('laptops')]
  await shop.add({ name: 'one', category_id: phones, condition: 'A', price_cents: 10_000, cities: ['Vancouver'] })
  await shop.add({ name: 'two', category_id: phones, brand: 'Samsung', condition: 'B', price_cents: 20_000 })
  await shop.add({
    name: 'three',
    category_id: laptops,
    condition: 'E',
    price_cents: 30_000,
    cities: ['Montréal', 'North | South'],
  })
  const cases = {
    '?category=Phone': ['one', 'two'],
    '?category=PHONES': ['one', 'two'],
    '?category=laptop': ['three'],
    '?category=Cars': [],
    '?category=&brand=&condition=&min_price=&max_price=&city=': ['one', 'two', 'three'],
    '?brand=aPPle': ['one', 'three'],
    '?brand=Nobody': [],
    '?condition=B': ['two'],
    '?condition=E': ['three'],
    '?min_price=200': ['two', 'three'],
    '?max_price=200': ['one', 'two'],
    '?min_price=100.00&max_price=100': ['one'],
    '?min_price=100.01&max_price=199.99': [],
    '?city=VANCOUVER': ['one'],
    '?city=montréal': ['three'],
    '?city=Van': [],
    '?city=north%20%7C%20south': ['three'],
    '?city=%25': [],
    '?category=Phone&brand=Apple&condition=A&min_price=1&max_price=999&city=Vancouver': ['one'],
  }
  for (const [query, names] of Object.entries(cases)) expect([query, await shop.names(query)]).toEqual([query, names])
})

test('a category is found by the name that imports gave it', async () => {
  await using shop = await openCatalogue()
  const { id } = await shop.write((trx) => addCategory(trx, { name: 'Console', shown_as: 'Game consoles' }))
  await shop.add({ name: 'one', category_id: id })
  expect(await shop.names('?category=console')).toEqual(['one'])
  expect(await shop.names('?category=game%20CONSOLES')).toEqual(['one'])
})

test('filters that name nothing documented are refused', async () => {
  await using shop = await openCatalogue()
  const faults = async (path: string) =>
    (await shop.get(path)).body.detail.map(({ type, loc }: any) => `${loc.join('.')} ${type}`)
  expect(await faults('?condition=Z&limit=0&offset=-1')).toEqual([
    'query.condition enum',
    'query.limit greater_than_equal',
    'query.offset greater_than_equal',
  ])
  expect(await faults('?limit=1001&min_price=x&max_price=-1')).toEqual([
    'query.min_price decimal_parsing',
    'query.max_price greater_than_equal',
    'query.limit less_than_equal',
  ])
  expect(await faults('/search')).toEqual(['query.q missing'])
  expect(await faults('/search?q=')).toEqual(['query.q missing'])
  expect(await faults('/deals?limit=101&min_discount=many')).toEqual([
    'query.limit less_than_equal',
    'query.min_discount float_parsing',
  ])
})

test('search finds every word in name, brand, model and description, any case and anywhere in a word', async () => {
  await using shop = await openCatalogue()
  await shop.add({ name: 'iPhone 14 Pro 256GB', model: 'iPhone 14 Pro' })
  await shop.add({ name: 'Galaxy S23', brand: 'Samsung', model: 'SM-S911', description: 'As new, with Café sticker' })
  const cases = {
    iphone: ['iPhone 14 Pro 256GB'],
    PHONE: ['iPhone 14 Pro 256GB'],
    'pro apple': ['iPhone 14 Pro 256GB'],
    gb: ['iPhone 14 Pro 256GB'],
    '56': ['iPhone 14 Pro 256GB'],
    b: ['iPhone 14 Pro 256GB'],
    samsung: ['Galaxy S23'],
    s911: ['Galaxy S23'],
    cafe: ['Galaxy S23'],
    'galaxy apple': [],
    a: ['iPhone 14 Pro 256GB', 'Galaxy S23'],
    '" OR "': [],
    '%': [],
  }
  for (const [q, names] of Object.entries(cases))
    expect([q, await shop.names(`/search?q=${encodeURIComponent(q)}`)]).toEqual([q, names])
  expect(await shop.names('/search?q=a&brand=samsung')).toEqual(['Galaxy S23'])
  expect(await shop.names('/search?q=a&category=Laptop')).toEqual([])
  expect(await shop.names('/search?q=a&max_price=99')).toEqual([])
})

test('search looks a word up once, in what it lies in and by its first 32 characters, which nobody waits for', async () => {
  await using shop = await openCatalogue()
  await shop.add({ name: 'a'.repeat(100) })
  await shop.add({ name: 'Phonebook' })
  const found = (q: string) => shop.names(`/search?q=${encodeURIComponent(q)}`)
  expect(await found(`${'a'.repeat(32)}b`)).toEqual(['a'.repeat(100)])
  expect(await found(`${'a'.repeat(31)}b`)).toEqual([])
  expect(await found('book phonebook hone book phone')).toEqual(['Phonebook'])
  expect(await found('phonebook booking')).toEqual([])
})

test('search follows what becomes of a product', async () => {
  await using shop = await openCatalogue()
  const id = await shop.add({ name: 'Old name' })
  expect(await shop.names('/search?q=old')).toEqual(['Old name'])
  await shop.write((trx) => changeProduct(trx, id, { name: 'Better word', brand: 'Fairphone' }))
  expect(await shop.names('/search?q=old')).toEqual([])
  expect(await shop.names('/search?q=fairphone%20better')).toEqual(['Better word'])
})

test('pages go by id and carry the count, to a thousand', async () => {
  await using shop = await openCatalogue()
  for (let n = 0; n < 5; n++) await shop.add()
  const page = async (path: string) => {
    const { body, headers } = await shop.get(path)
    return [body.map((product: any) => product.name), headers.get('x-total-count')]
  }
  expect(await page('?limit=2')).toEqual([['Thing 1', 'Thing 2'], '5'])
  expect(await page('?limit=2&offset=4')).toEqual([['Thing 5'], '5'])
  expect(await page('?offset=9')).toEqual([[], '5'])
  expect(await page('/search?q=thing&limit=1&offset=1')).toEqual([['Thing 2'], '5'])
  expect(await page('/search?q=thing&offset=7')).toEqual([[], '5'])
})

test('deals are what costs less than before, the largest reduction first', async () => {
  await using shop = await openCatalogue()
  const add = (name: string, price_cents: number, original_price_cents: number) =>
    shop.add({ name, price_cents, original_price_cents })
  await add('none', 10_000, 10_000)
  await add('dearer', 10_000, 9_000)
  await add('eighteen', 89_999, 109_999)
  await add('half', 5_000, 10_000)
  await add('nearly', 9_999_999, 10_000_000)
  await add('rounded', 8_195, 10_000)
  const deals = (await shop.get('/deals')).body.map((d: any) => [d.name, d.discount_percent, d.voucher_label])
  expect(deals).toEqual([
    ['half', 50, '+50% Voucher'],
    ['eighteen', 18.2, '+18% Voucher'],
    ['rounded', 18.1, '+18% Voucher'],
    ['nearly', 0, '+0% Voucher'],
  ])
  expect(await shop.names('/deals?min_discount=18.2')).toEqual(['half', 'eighteen'])
  expect(await shop.names('/deals?min_discount=18.1')).toEqual(['half', 'eighteen', 'rounded'])
  expect(await shop.names('/deals?min_discount=18.15')).toEqual(['half', 'eighteen'])
  expect(await shop.names('/deals?min_discount=50.01')).toEqual([])
  expect(await shop.names('/deals?min_discount=1e308')).toEqual([])
  expect(await shop.names('/deals?min_discount=-1e308')).toEqual(['half', 'eighteen', 'rounded', 'nearly'])
  expect(await shop.names('/deals?limit=1')).toEqual(['half'])
})

test('ten deals are shown unless more are asked for', async () => {
  await using shop = await openCatalogue()
  for (let n = 0; n < 12; n++) await shop.add({ original_price_cents: 20_000 })
  const { body, headers } = await shop.get('/deals')
  expect([body.length, headers.get('x-total-count')]).toEqual([10, '12'])
  expect((await shop.get('/deals?limit=100')).body).toHaveLength(12)
})
