import { expect, test } from 'vitest'
import { openShop } from '../support/shop.ts'

const bodyOf = async (reply: Promise<{ status: number; body: unknown }>) => {
  const { status, body } = await reply
  return [status, body]
}

test('a refusal is a sentence for people and a code for programs', async () => {
  await using shop = await openShop()
  expect(await bodyOf(shop.call('GET', '/nowhere'))).toEqual([404, { detail: 'Not Found', code: 'path-not-found' }])
  expect(await bodyOf(shop.call('GET', '/v1/orders'))).toEqual([
    401,
    { detail: 'Not authenticated', code: 'not-authenticated' },
  ])
})

test('what its sentence names stands beside it', async () => {
  await using shop = await openShop()
  expect(await bodyOf(shop.call('GET', '/api/locations/moon'))).toEqual([
    404,
    { detail: "Location 'moon' not found", code: 'location-slug-not-found', params: { slug: 'moon' } },
  ])
})

test('the store’s own form keeps its keys', async () => {
  await using shop = await openShop()
  const text = 'Brand, model, and condition are required'
  expect(await bodyOf(shop.call('POST', '/api/tradein/estimate', { body: {} }))).toEqual([
    400,
    { success: false, error: text, detail: text, code: 'estimate-incomplete' },
  ])
})

test('a fault of a field keeps pydantic’s words, and has a code where a rule of the shop speaks', async () => {
  await using shop = await openShop()
  const body = { phone: 'call me', password: 'short', email: 'nobody', full_name: '4111 1111 1111 1111' }
  const at = (field: string) => ({ loc: ['body', field] })
  expect(await bodyOf(shop.call('POST', '/v1/auth/register', { body }))).toEqual([
    422,
    {
      code: 'invalid-request',
      detail: expect.arrayContaining([
        {
          type: 'value_error',
          ...at('full_name'),
          msg: 'Value error, card numbers must not be typed here',
          code: 'card-number-typed',
        },
        {
          type: 'value_error',
          ...at('phone'),
          msg: 'Value error, phone may hold digits, +, -, spaces and brackets only',
          code: 'phone-invalid',
        },
        {
          type: 'value_error',
          ...at('email'),
          msg: 'value is not a valid email address: An email address must have an @-sign.',
          code: 'email-without-at',
        },
        { type: 'string_too_short', ...at('password'), msg: 'String should have at least 8 characters' },
      ]),
    },
  ])
})

test('the OpenAPI document names the codes of an endpoint', async () => {
  await using shop = await openShop()
  const { paths } = (await shop.call('GET', '/openapi.json')).body
  const { responses } = paths['/api/orders/checkout'].post
  expect(responses[402]['x-codes']).toEqual(['card-declined'])
  expect(responses[400]['x-codes']).toContain('cart-empty')
  expect(responses[401]['x-codes']).toEqual(['not-authenticated', 'session-invalid'])
  expect(paths['/api/admin/orders'].get.responses[403]['x-codes']).toEqual(['admin-role-required'])
  expect((await shop.call('GET', '/docs')).text).toContain('402 <code>card-declined</code>: The card was declined')
})
