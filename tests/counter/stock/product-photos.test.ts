import { expect, test } from 'vitest'
import { formOf, jpeg, png } from '../../api/pictures.ts'
import type { ShopOptions } from '../../support/shop.ts'
import { openCounter } from '../counter-shop.ts'

async function openShelf(options?: ShopOptions) {
  const shop = await openCounter(options)
  const { id: category_id } = (await shop.counter('GET', '/categories')).body[0]
  const phone = {
    category_id,
    brand: 'Fairphone',
    model: '5',
    name: 'Fairphone 5',
    condition: 'A',
    price_cents: 39_900,
  }
  const { id } = (await shop.counter('POST', '/products', { ...phone, image: 'https://example.com/a.jpg' })).body
  return {
    ...shop,
    id,
    show: (bytes: Buffer, name = 'front.jpg', product: number = id) =>
      shop.counter('PUT', `/products/${product}/photo`, formOf({}, [[name, bytes]], 'photo')),
    shown: async (): Promise<string> => (await shop.call('GET', `/api/products/${id}`)).body.image,
    photos: async () => (await shop.database.db.selectFrom('photo').select('id').execute()).length,
  }
}

test('a picture of a product is shown to everybody, in the place of what was shown before', async () => {
  await using shop = await openShelf()
  expect(await shop.shown()).toBe('https://example.com/a.jpg')
  const reply = await shop.show(await jpeg())
  expect(reply.status).toBe(200)
  const first: string = reply.body.image
  expect(reply.body).toMatchObject({ id: shop.id, name: 'Fairphone 5', stock: 0 })
  expect(first).toMatch(/^\/uploads\/products\/[0-9a-f]{64}\.jpg$/)
  expect(await shop.shown()).toBe(shop.url + first)
  const picture = await shop.call('GET', first)
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
  expect(picture.headers.get('cross-origin-resource-policy')).toBe('cross-origin')

  const second: string = (await shop.show(await png())).body.image
  expect(second).not.toBe(first)
  expect((await shop.call('GET', first)).status).toBe(404)
  const gone = await shop.counter('DELETE', `/products/${shop.id}/photo`)
  expect([gone.status, await shop.shown()]).toEqual([204, `${shop.url}/uploads/no-picture.svg`])
  expect((await shop.call('GET', second)).status).toBe(404)
})

test('a web shop at another origin is given the whole address of a picture, as it reaches this server', async () => {
  await using shop = await openShelf({ config: { trustedProxies: ['loopback'] } })
  await shop.counter('PATCH', `/products/${shop.id}`, { original_price_cents: 49_900 }, { as: shop.admin })
  await shop.counter('POST', `/products/${shop.id}/stock/receipts`, { quantity: 1 })
  const items = [{ id: shop.id, price: 399, quantity: 1 }]
  const bought = { as: shop.customer, body: { items, paymentMethod: 'cod' } }
  expect((await shop.call('POST', '/api/orders/checkout', bought)).status).toBe(200)
  const path: string = (await shop.show(await jpeg())).body.image
  const shownAt = async (headers = {}) => {
    const get = async (path: string) => (await shop.call('GET', `/api${path}`, { as: shop.customer, headers })).body
    const [listed] = await get('/products')
    const [found] = await get('/products/search?q=fairphone')
    const [deal] = await get('/products/deals')
    const [order] = await get('/orders/me')
    const one = await get(`/products/${shop.id}`)
    return [listed, found, deal, order.items[0].product, one].map(({ image }) => image)
  }
  expect(new Set(await shownAt())).toEqual(new Set([shop.url + path]))
  const secured = shop.url.replace('http:', 'https:') + path
  expect(new Set(await shownAt({ 'x-forwarded-proto': 'https' }))).toEqual(new Set([secured]))
  await shop.counter('PATCH', `/products/${shop.id}`, { image: '/pictures/one.jpg' })
  expect(await shop.shown()).toBe(`${shop.url}/pictures/one.jpg`)
})

test('what is no picture, or of no product, is refused and nothing is kept', async () => {
  await using shop = await openShelf()
  const words = await shop.show(Buffer.from('words'), 'words.jpg')
  expect([words.status, words.body.detail]).toEqual([400, expect.stringContaining('words.jpg')])
  const two = formOf(
    {},
    [
      ['a.jpg', await jpeg()],
      ['b.jpg', await jpeg()],
    ],
    'photo',
  )
  expect((await shop.counter('PUT', `/products/${shop.id}/photo`, two)).status).toBe(400)
  const none = await shop.counter('PUT', `/products/${shop.id}/photo`, formOf({ other: 'x' }))
  expect([none.status, none.body.detail[0].loc]).toEqual([422, ['body', 'photo']])
  expect((await shop.show(await jpeg(), 'front.jpg', 999)).status).toBe(404)
  expect([await shop.photos(), await shop.shown()]).toEqual([0, 'https://example.com/a.jpg'])
})
