import { expect, test } from 'vitest'
import { z } from 'zod'
import { endpoints } from '../../../server/app.ts'
import type { Endpoint } from '../../../server/http/endpoint.ts'
import { openApiOf } from '../../../server/http/documents/openapi.ts'
import { writtenShape } from '../../../server/http/documents/written-shape.ts'
import { openCardShop } from '../../api/card-shop.ts'
import { formOf } from '../../api/pictures.ts'
import { openShop } from '../../support/shop.ts'

const Content = z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) }))
const Operation = z.object({
  operationId: z.string().regex(/^\w+$/),
  summary: z.string().min(5).optional(),
  tags: z.array(z.string()),
  parameters: z.array(
    z.object({
      name: z.string(),
      in: z.enum(['path', 'query']),
      required: z.boolean(),
      schema: z.record(z.string(), z.unknown()),
    }),
  ),
  requestBody: z
    .object({ required: z.literal(true), description: z.string().optional(), content: Content })
    .strict()
    .optional(),
  responses: z.record(
    z.string().regex(/^[2345]\d\d$|^default$/),
    z.object({ description: z.string().min(1), content: Content.optional() }),
  ),
})
const Document = z.object({
  openapi: z.literal('3.1.0'),
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  paths: z.record(z.string().startsWith('/'), z.record(z.string().regex(/^(get|post|put|patch|delete)$/), Operation)),
})

const made = openApiOf(endpoints, '1.2.3')
const { paths } = Document.parse(made)
const pathOf = ({ path }: Endpoint) => path.replaceAll(/:(\w+)/g, '{$1}')
const operation = (method: string, path: string) =>
  paths[path]?.[method.toLowerCase()] ?? expect.fail(`${method} ${path} is not described`)
const schemaOf = (method: string, path: string, type: string): any =>
  operation(method, path).requestBody!.content[type]!.schema

/** The store API's endpoints, as its document has them. */
const STORE = `
POST /api/auth/register, POST /api/auth/token, GET /api/auth/me, GET /api/products, GET /api/products/search,
GET /api/products/deals, GET /api/products/{product_id}, GET /api/cart, GET /api/cart/count, POST /api/cart/items,
PUT /api/cart/items/{product_id}, DELETE /api/cart/items/{product_id}, POST /api/orders, POST /api/orders/checkout,
GET /api/orders/me, POST /api/orders/stripe-webhook, POST /api/tradein/pickup-requests, GET /api/tradein/pickup-requests/me,
POST /api/tradein/estimate, GET /api/tradein/brands, POST /api/tradein/pickup-requests/{pickup_id}/respond,
GET /api/categories, GET /api/locations, GET /api/locations/{location_id}, GET /api/admin/orders,
PUT /api/admin/orders/{order_id}, DELETE /api/admin/orders/{order_id}, GET /api/admin/tradeins,
PUT /api/admin/tradeins/{pickup_id}/evaluate, DELETE /api/admin/tradeins/{pickup_id}`
  .trim()
  .split(/,\s+/)

test('every endpoint is in the OpenAPI document once, those of the store API among them', () => {
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(described.toSorted()).toEqual(endpoints.map((one) => `${one.method} ${pathOf(one)}`).toSorted())
  expect(described).toEqual(expect.arrayContaining(STORE))
  const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId))
  expect(new Set(ids).size).toBe(ids.length)
  for (const one of endpoints.filter(({ path }) => path.startsWith('/api/')))
    expect(one.summary ?? one.path).toMatch(/ |health/)
})

test('every reference of the document leads somewhere', () => {
  const references = [...JSON.stringify(made).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!)
  expect(references.length).toBeGreaterThan(100)
  for (const reference of new Set(references)) {
    const found = reference.split('/').reduce<any>((value, key) => value?.[key], made)
    expect(found, reference).toBeTypeOf('object')
  }
})

test('every part of a path is a parameter, and none is missing', () => {
  for (const one of endpoints) {
    const { parameters } = operation(one.method, pathOf(one))
    const named = parameters.filter((parameter) => parameter.in === 'path')
    expect(named.map(({ name }) => name).toSorted(), one.path).toEqual(
      [...one.path.matchAll(/:(\w+)/g)].map(([, name]) => name!).toSorted(),
    )
    expect(named.every(({ required }) => required)).toBe(true)
  }
})

test('a body is described by its kind: JSON, form, multipart with its files, or bytes', () => {
  const types = {
    json: 'application/json',
    form: 'application/x-www-form-urlencoded',
    multipart: 'multipart/form-data',
    raw: '*/*',
  }
  for (const one of endpoints) {
    const content = operation(one.method, pathOf(one)).requestBody?.content
    expect(Object.keys(content ?? {}), one.path).toEqual(one.body ? [types[one.body.kind]] : [])
  }
  expect(schemaOf('POST', '/api/auth/token', types.form)).toMatchObject({
    properties: { username: { type: 'string' }, password: { type: 'string' } },
    required: ['username', 'password'],
  })
  const pickup = schemaOf('POST', '/api/tradein/pickup-requests', types.multipart)
  expect(pickup.required).toEqual(['model_text', 'condition'])
  expect(pickup.properties.photos).toEqual({ type: 'array', items: { type: 'string', format: 'binary' } })
  expect(operation('POST', '/api/tradein/pickup-requests').requestBody!.description).toBe(
    'At most 5 files, each under 5 MB',
  )
  expect(schemaOf('POST', '/api/orders/stripe-webhook', types.raw)).toEqual({ type: 'string', format: 'binary' })
})

test('a file is described by its type, and a reply of 204 has no content', () => {
  const photo = operation('GET', '/uploads/products/{file}').responses['200']
  expect(photo!.content).toEqual({ 'image/jpeg': { schema: { type: 'string', format: 'binary' } } })
  expect(operation('DELETE', '/api/cart/items/{product_id}').responses['204']).toEqual({ description: 'Done; no body' })
})

test('faults of a request are described with the status that they are answered with', async () => {
  await using shop = await openShop()
  const as = await shop.person('customer')
  const cases: [method: string, path: string, body: unknown, status: number][] = [
    ['POST', '/api/tradein/estimate', {}, 400],
    ['POST', '/api/tradein/estimate', '{', 422],
    ['POST', '/api/tradein/pickup-requests', formOf({}), 400],
    ['POST', '/api/tradein/pickup-requests/{pickup_id}/respond', {}, 400],
    ['POST', '/api/tradein/pickup-requests/{pickup_id}/respond', '{', 422],
    ['POST', '/api/cart/items', {}, 422],
    ['GET', '/api/products/search', undefined, 422],
  ]
  for (const [method, path, body, status] of cases) {
    const reply = await shop.call(method, path.replace(/\{\w+\}/, '1'), { as, body })
    expect([path, reply.status]).toEqual([path, status])
    const described = operation(method, path).responses
    const name = status === 422 ? 'HTTPValidationError' : 'HTTPError'
    expect(described[status]?.content!['application/json']!.schema['$ref'], path).toBe(`#/components/schemas/${name}`)
  }
  const of = (path: string) =>
    Object.keys(operation('POST', path).responses).filter((status) => /^4(00|22)$/.test(status))
  expect(of('/api/tradein/pickup-requests')).toEqual(['400'])
  expect(of('/api/orders/checkout')).toEqual(['400', '422'])
  expect(of('/api/orders/stripe-webhook')).toEqual(['400'])
})

test('what a payment by card is refused for is described with its status', async () => {
  await using shop = await openCardShop()
  const id = await shop.product({ stock: 1 })
  const refused: [path: string, reply: { status: number; body: { detail: string } }][] = []
  const order = (of: number, price = 899.99) =>
    shop.api('POST', '/orders/checkout', { items: [{ id: of, price, quantity: 1 }] })
  for (const fault of ['declined', 'wrong-key', 'down'] as const) {
    shop.stripe.break(fault, { times: 9 })
    refused.push(['/api/orders/checkout', await order(id)])
    shop.stripe.mend()
  }
  refused.push(['/api/orders/checkout', await order(999)], ['/api/orders/checkout', await order(id, 1)])
  refused.push(['/api/orders', await shop.api('POST', '/orders')])
  refused.push(['/api/orders/stripe-webhook', await shop.call('POST', '/api/orders/stripe-webhook', { body: '{}' })])
  const { order_id } = await shop.buy(id)
  refused.push(['/counter/sales-orders/{id}/refunds', await shop.refund(order_id)])
  refused.push(['/counter/sales-orders/{id}/refunds/elsewhere', await shop.elsewhere(order_id, { reason: 'Cash' })])
  const taken = { as: shop.staff, body: { method: 'Cash' } }
  const payments = '/counter/sales-orders/{id}/payments'
  refused.push([payments, await shop.call('POST', payments.replace('{id}', String(order_id)), taken)])
  expect(refused.map(([, { status }]) => status)).toEqual([402, 500, 503, 404, 400, 400, 400, 400, 400, 400])
  for (const [path, { status, body }] of refused) {
    expect(body.detail).toBeTypeOf('string')
    expect(operation('POST', path).responses, `${path} ${body.detail}`).toHaveProperty(String(status))
  }
})

test('the document and the page are served, and the page names every endpoint without a script', async () => {
  await using shop = await openShop()
  const { body } = await shop.call('GET', '/openapi.json')
  expect(body).toEqual(JSON.parse(JSON.stringify(openApiOf(endpoints, shop.context.config.version))))
  const page = await shop.call('GET', '/docs')
  expect(page.headers.get('content-type')).toMatch(/^text\/html/)
  for (const { method, path } of endpoints) expect(page.text).toContain(`<code>${method} ${path}</code>`)
  expect(page.text).not.toMatch(/<script|undefined|\[object/)
  expect(page.text).toContain('photos?: [file]')
})

test('a shape is written in words that say what may be left out, what may be null and how long it may be', () => {
  const shape = {
    type: 'object',
    properties: {
      email: { type: 'string', format: 'email', maxLength: 254 },
      condition: { type: 'string', enum: ['A', 'B'] },
      notes: { anyOf: [{ type: 'string', maxLength: 10_000 }, { type: 'null' }] },
      items: {
        type: 'array',
        items: { type: 'object', properties: { qty: { type: 'integer', minimum: 1 } }, required: ['qty'] },
      },
      more: {},
    },
    required: ['email', 'condition'],
  }
  expect(writtenShape(shape)).toBe(`{
  email: text, email, at most 254
  condition: "A" | "B"
  notes?: text or null
  items?: [{
    qty: integer, 1 or more
  }]
  more?: anything
}`)
})
