import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { insert } from '../../db/rows.ts'
import { form, json, multipart, raw } from '../../server/http/body.ts'
import { uploads } from '../../server/http/uploads.contract.ts'
import { act, events, file, list, nothing, read, write } from '../../server/http/endpoint.ts'
import { notFound } from '../../server/http/errors.ts'
import { flag, id, instant, int, money, name, oneOf, optional, text } from '../../server/http/fields.contract.ts'
import { admin, everyone, ownerOrAnyEmployee, signedIn } from '../../server/http/auth/permissions.ts'
import { incomingFolder } from '../../server/http/uploads.ts'
import { openShop, type ShopOptions } from '../support/shop.ts'

const Thing = z.object({
  name: name(),
  price: money(),
  size: oneOf(['S', 'M']),
  ready_at: optional(instant()),
  count: optional(int({ min: 1, max: 9 })),
})
const Shown = z.object({ name: text(), price: money(), ready: flag() })

const TWO_SMALL = { most: 2, size: 100_000 }
const FORM = 'multipart/form-data; boundary=x'

const Sent = z.object({ title: text(), photos: z.array(text()) })

const things = [
  write('POST /things', { who: admin, body: json(Thing), response: Shown, status: 201 }, ({ trx: _ }, { body }) => ({
    ...body,
    ready: true,
    secret: 1,
  })),
  read(
    'GET /things/:id',
    {
      who: ownerOrAnyEmployee,
      params: z.object({ id: id() }),
      query: z.object({ q: optional(text()), n: optional(int()) }),
      response: Shown,
    },
    (_, { params, scope }) => {
      if (params.id !== 1) throw notFound('thing-not-found', `Thing not found ${scope.own}`)
      return { name: 'one', price: 1_999, ready: false }
    },
  ),
  read('GET /things', { who: signedIn, response: list(Shown) }, () => ({
    rows: [{ name: 'a', price: 0, ready: true }],
    total: '1000+',
  })),
  write('DELETE /things/:id', { who: everyone, params: z.object({ id: id() }), response: nothing }, () => {}),
  act(
    'POST /words',
    { who: everyone, body: form(z.object({ word: text({ min: 2 }) })), response: z.object({ word: text() }) },
    (_, { body }) => body,
  ),
  act(
    'POST /pictures',
    { who: everyone, body: multipart(z.object({ title: text(), photos: uploads() }), TWO_SMALL), response: Sent },
    (_, { body }) => ({
      title: body.title,
      photos: body.photos.map(({ name, path, size }) => `${name} ${size} ${readFileSync(path, 'utf8')}`),
    }),
  ),
  act('POST /raw', { who: everyone, body: raw(1_000), response: z.object({ length: int() }) }, (_, { body }) => ({
    length: body.length,
  })),
  read('GET /picture', { who: everyone, response: file('image/png') }, () => ({
    type: 'image/png',
    bytes: Buffer.from([1, 2, 3]),
  })),
  read('GET /ticks', { who: everyone, response: events(z.object({ n: int() })) }, () => (send) => {
    send({ n: 1 })
    send({ n: 2 })
    return () => {}
  }),
  write('POST /breaks', { who: everyone, response: nothing }, async ({ trx }) => {
    await insert(trx, 'brand', { name: 'Lost', name_key: 'lost' })
    throw new Error('select * from secret_table failed')
  }),
]
const shopWithThings = (options: ShopOptions = {}) => openShop({ endpoints: things, ...options })
const good = { name: 'Cable', price: '9.90', size: 'S' }

test('a body is decoded, and the reply holds what the endpoint declares and nothing else', async () => {
  await using shop = await shopWithThings()
  const reply = await shop.call('POST', '/things', { as: await shop.person('admin'), body: { ...good, unknown: 1 } })
  expect(reply).toMatchObject({ status: 201, body: { name: 'Cable', price: '9.90', ready: true } })
  expect(Object.keys(reply.body)).toEqual(['name', 'price', 'ready'])
})

test('all faults of a request are reported at once, in pydantic’s words', async () => {
  await using shop = await shopWithThings()
  const reply = await shop.call('POST', '/things', {
    as: await shop.person('admin'),
    body: { price: '1.999', size: 'XL', ready_at: 'soon', count: 0 },
  })
  expect(reply.status).toBe(422)
  expect(reply.body.detail).toEqual([
    { type: 'missing', loc: ['body', 'name'], msg: 'Field required' },
    {
      type: 'decimal_max_places',
      loc: ['body', 'price'],
      msg: 'Decimal input should have no more than 2 decimal places',
    },
    { type: 'enum', loc: ['body', 'size'], msg: "Input should be 'S' or 'M'" },
    { type: 'datetime_parsing', loc: ['body', 'ready_at'], msg: expect.stringContaining('valid datetime') },
    { type: 'greater_than_equal', loc: ['body', 'count'], msg: 'Input should be greater than or equal to 1' },
  ])
})

test('path and query faults name their place', async () => {
  await using shop = await shopWithThings()
  const reply = await shop.call('GET', '/things/one?n=x', { as: await shop.person('staff') })
  expect(reply.status).toBe(422)
  expect(reply.body.detail.map((fault: { loc: unknown; type: string }) => [fault.type, fault.loc])).toEqual([
    ['int_parsing', ['path', 'id']],
    ['int_parsing', ['query', 'n']],
  ])
})

test('refusals come in order: 401, 403, 422, 404', async () => {
  await using shop = await shopWithThings()
  const customer = await shop.person('customer')
  expect(await shop.call('POST', '/things', { body: {} })).toMatchObject({
    status: 401,
    body: { detail: 'Not authenticated', code: 'not-authenticated' },
  })
  expect((await shop.call('POST', '/things', { as: customer, body: {} })).status).toBe(403)
  expect((await shop.call('GET', '/things/x', { as: customer })).status).toBe(422)
  expect(await shop.call('GET', '/things/2', { as: customer })).toMatchObject({
    status: 404,
    body: { detail: `Thing not found ${customer.id}` },
  })
})

test('a missing or foreign scheme and a bad token are told apart, both with WWW-Authenticate', async () => {
  await using shop = await shopWithThings()
  for (const [headers, detail] of [
    [{}, 'Not authenticated'],
    [{ authorization: 'Basic abc' }, 'Not authenticated'],
    [{ authorization: 'Bearer abc' }, 'Could not validate credentials'],
  ] as const) {
    const reply = await shop.call('GET', '/things', { headers })
    expect(reply).toMatchObject({ status: 401, body: { detail } })
    expect(reply.headers.get('www-authenticate')).toBe('Bearer')
  }
})

test('paths answer with and without a trailing slash, and 405 names what they have', async () => {
  await using shop = await shopWithThings()
  const admin = await shop.person('admin')
  expect((await shop.call('GET', '/things/', { as: admin })).status).toBe(200)
  const reply = await shop.call('PUT', '/things', { as: admin, body: {} })
  expect(reply).toMatchObject({ status: 405, body: { detail: 'Method Not Allowed', code: 'method-not-allowed' } })
  expect(reply.headers.get('allow')).toBe('POST, GET')
  expect(await shop.call('GET', '/nowhere')).toMatchObject({
    status: 404,
    body: { detail: 'Not Found', code: 'path-not-found' },
  })
  expect((await shop.call('GET', '/%E0%A4%A', { as: admin })).status).toBe(404)
})

test('a list carries its count, a 204 neither body nor type, HEAD no body', async () => {
  await using shop = await shopWithThings()
  expect((await shop.call('GET', '/things', { as: await shop.person('customer') })).headers.get('x-total-count')).toBe(
    '1000+',
  )
  const gone = await shop.call('DELETE', '/things/1')
  expect(gone).toMatchObject({ status: 204, text: '' })
  expect(gone.headers.get('content-type')).toBeNull()
  const head = await shop.call('HEAD', '/health')
  expect(head).toMatchObject({ status: 200, text: '' })
})

test('files are sent as they are, events as they happen', async () => {
  await using shop = await shopWithThings()
  const picture = await fetch(`${shop.url}/picture`)
  expect([picture.headers.get('content-type'), (await picture.bytes()).length]).toEqual(['image/png', 3])
  const stream = await fetch(`${shop.url}/ticks`)
  expect(stream.headers.get('content-type')).toBe('text/event-stream')
  const reader = stream.body!.getReader()
  let seen = ''
  while (!seen.includes('"n":2')) seen += new TextDecoder().decode((await reader.read()).value)
  expect(seen).toContain('data: {"n":1}')
  await reader.cancel()
})

test('HEAD of a stream is answered and ends: the next request on its connection is served', async () => {
  await using shop = await shopWithThings()
  const socket = connect(Number(new URL(shop.url).port), '127.0.0.1')
  const ask = (method: string, path: string) => socket.write(`${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)
  ask('HEAD', '/ticks')
  ask('GET', '/picture')
  let heard = ''
  for await (const chunk of socket.setEncoding('latin1')) if ((heard += chunk).includes('image/png')) break
  expect(heard.match(/HTTP\/1.1 200/g)).toHaveLength(2)
  expect(heard).toContain('text/event-stream')
  expect(heard).not.toContain('data:')
})

test('a form is read, and an empty field counts as missing', async () => {
  await using shop = await shopWithThings()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  expect(await shop.call('POST', '/words', { headers, body: 'word=a%20b&other=1' })).toMatchObject({
    status: 200,
    body: { word: 'a b' },
  })
  expect(await shop.call('POST', '/words', { headers, body: 'word=' })).toMatchObject({
    status: 422,
    body: { detail: [{ type: 'missing' }] },
  })
})

test.each([
  ['no JSON', '{"name":', {}, 422],
  ['an array', '[]', {}, 422],
  ['nothing', undefined, {}, 422],
  ['another type', 'name=x', { 'content-type': 'text/plain' }, 415],
  ['more than a megabyte', JSON.stringify({ ...good, name: 'x'.repeat(1_100_000) }), {}, 413],
  ['ten thousand brackets', '['.repeat(10_000), {}, 422],
  ['not UTF-8', '{"name":"\u00ff"}', { 'content-encoding': 'identity' }, 201],
  ['NUL', JSON.stringify({ ...good, name: 'a\0b' }), {}, 422],
  ['half a surrogate pair', '{"name":"\\ud800","price":1,"size":"S"}', {}, 422],
])('a body of %s is answered, not crashed on', async (what, body, headers, status) => {
  await using shop = await shopWithThings()
  const sent = what === 'not UTF-8' ? JSON.stringify({ ...good, name: 'ÿ' }) : body
  const reply = await shop.call('POST', '/things', { as: await shop.person('admin'), body: sent, headers })
  expect(reply.status).toBe(status)
  if (status === 422) expect(reply.body.detail[0].loc[0]).toBe('body')
})

test('bytes that are no UTF-8 and packed bombs are refused', async () => {
  await using shop = await shopWithThings()
  const { token } = await shop.person('admin')
  const post = (body: Buffer, headers: Record<string, string> = {}) =>
    fetch(`${shop.url}/things`, {
      method: 'POST',
      body: new Uint8Array(body),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    })
  expect((await post(Buffer.from([0x22, 0xff, 0xfe, 0x22]))).status).toBe(422)
  expect((await post(gzipSync(Buffer.alloc(50_000_000, 0x20)), { 'content-encoding': 'gzip' })).status).toBe(413)
  expect((await post(gzipSync(JSON.stringify(good)), { 'content-encoding': 'gzip' })).status).toBe(201)
})

test('an unexpected error says nothing of itself, is logged once, and leaves no row behind', async () => {
  await using shop = await shopWithThings()
  const reply = await shop.call('POST', '/breaks', { body: {} })
  expect(reply.body).toEqual({
    detail: 'Internal Server Error',
    code: 'internal-error',
    request_id: reply.headers.get('x-request-id'),
  })
  expect(shop.logged.filter((line) => line.includes('secret_table')).length).toBe(1)
  expect(await shop.database.db.selectFrom('brand').select('id').where('name', '=', 'Lost').execute()).toEqual([])
})

test('a multipart body brings its fields and files, which are gone afterwards, and is refused over its limits', async () => {
  await using shop = await shopWithThings()
  const post = async (fill: (form: FormData) => void) => {
    const form = new FormData()
    fill(form)
    const reply = await fetch(`${shop.url}/pictures`, { method: 'POST', body: form })
    return { status: reply.status, body: (await reply.json()) as { detail: { type: string; loc: string[] }[] } }
  }
  const two = await post((form) => {
    form.append('title', 'Front and back')
    form.append('photos', new Blob(['abc']), 'front.png')
    form.append('photos', new Blob(['defg']), 'back.png')
  })
  expect(two).toEqual({
    status: 200,
    body: { title: 'Front and back', photos: ['front.png 3 abc', 'back.png 4 defg'] },
  })
  const empty = await post((form) => form.append('title', ''))
  expect(empty.body.detail.map(({ type, loc }) => [type, loc])).toEqual([
    ['missing', ['body', 'title']],
    ['missing', ['body', 'photos']],
  ])
  const large = await post((form) => form.append('photos', new Blob(['x'.repeat(100_000)]), 'large.png'))
  expect([large.status, large.body.detail]).toEqual([400, "'large.png' is too large: a file must be under 0.1 MB"])
  const many = await post((form) => {
    for (const name of ['a', 'b', 'c']) form.append('photos', new Blob([name]), name)
  })
  expect([many.status, many.body.detail]).toEqual([400, 'Too many files: at most 2 may be sent'])
  const headers = { 'content-type': FORM }
  expect((await shop.call('POST', '/pictures', { body: 'no parts here', headers })).status).toBe(400)
  const other = { 'content-type': 'application/json' }
  expect((await shop.call('POST', '/pictures', { body: '{}', headers: other })).status).toBe(415)
  expect(readdirSync(incomingFolder(shop.context.config.data))).toEqual([])
})

test('a multipart body that is cut off leaves nothing behind', async () => {
  await using shop = await shopWithThings()
  const { port } = new URL(shop.url)
  const cut = request({ port, method: 'POST', path: '/pictures', headers: { 'content-type': FORM } })
  cut.on('error', () => {})
  cut.write(`--x\r\ncontent-disposition: form-data; name="photos"; filename="a.png"\r\n\r\n${'a'.repeat(50_000)}`)
  const folder = incomingFolder(shop.context.config.data)
  await expect.poll(() => existsSync(folder) && readdirSync(folder).length).toBe(1)
  cut.destroy()
  await expect.poll(() => readdirSync(folder)).toEqual([])
})

test('a raw body arrives byte for byte', async () => {
  await using shop = await shopWithThings()
  const headers = { 'content-type': 'application/octet-stream' }
  expect(await shop.call('POST', '/raw', { body: '{"not": parsed', headers })).toMatchObject({
    status: 200,
    body: { length: 14 },
  })
  expect((await shop.call('POST', '/raw', { body: 'x'.repeat(1_001), headers })).status).toBe(413)
})
