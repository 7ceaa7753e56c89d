import { expect, test } from 'vitest'
import { formOf, jpeg, png } from '../api/pictures.ts'
import { openCounter } from './counter-shop.ts'

async function openShelf() {
  const shop = await openCounter()
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
  const first = await shop.shown()
  expect(reply.body).toMatchObject({ id: shop.id, name: 'Fairphone 5', image: first, stock: 0 })
  expect(first).toMatch(/^\/uploads\/products\/[0-9a-f]{64}\.jpg$/)
  const picture = await shop.call('GET', first)
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
  expect(picture.headers.get('cross-origin-resource-policy')).toBe('cross-origin')

  await shop.show(await png())
  const second = await shop.shown()
  expect(second).not.toBe(first)
  expect((await shop.call('GET', first)).status).toBe(404)
  const gone = await shop.counter('DELETE', `/products/${shop.id}/photo`)
  expect([gone.status, await shop.shown()]).toEqual([204, ''])
  expect((await shop.call('GET', second)).status).toBe(404)
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
