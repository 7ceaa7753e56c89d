import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { insertMany } from '../../db/rows.ts'
import { openDatabase } from '../../db/open.ts'
import { deactivate } from '../../server/shop/people/users.ts'
import { addNamed } from '../../server/shop/devices/catalogue.ts'
import { openRoom } from '../../server/http/bounds/room.ts'
import { spawnCli } from '../cli/command-line.ts'
import { eventually } from '../support/eventually.ts'
import { openCounter } from './counter-shop.ts'

test('a page hears of what others changed, after it is saved', async () => {
  await using shop = await openCounter()
  const { headers } = await shop.signIn(shop.staff)
  const stream = await fetch(`${shop.url}/counter/events`, { headers: headers! })
  expect(stream.headers.get('content-type')).toBe('text/event-stream')
  const { order_id } = await shop.takeIn()
  await shop.counter('POST', '/tickets/999/messages', { text: 'is refused' })
  await shop.counter('POST', `/tickets/${order_id}/messages`, { text: 'is saved' })
  const heard = await hear(stream, ({ entity }) => entity === 'order_event')
  expect(heard).toContainEqual({ entity: 'repair_order', id: order_id })
  expect(heard.filter(({ entity }) => entity === 'order_event')).toHaveLength(1)
})

test('an evaluator hears of repairs, and not that money moved', async () => {
  await using shop = await openCounter()
  const { headers } = await shop.signIn(shop.evaluator)
  const stream = await fetch(`${shop.url}/counter/events`, { headers: headers! })
  const { order_id } = await shop.takeIn({ estimate_cents: 5_000 })
  await shop.counter('POST', `/tickets/${order_id}/payments`, { amount_cents: 5_000, method: 'Cash' })
  shop.database.notify([{ entity: 'refund', id: 1 }])
  await shop.counter('POST', `/tickets/${order_id}/messages`, { text: 'is saved' })
  const heard = (await hear(stream, ({ entity }) => entity === 'order_event')).map(({ entity }) => entity)
  expect(heard).toContain('repair_order')
  expect(heard.filter((entity) => /^(payment|refund)/.test(entity))).toEqual([])
})

test('an evaluator hears of a ticket’s messages, and neither of its price, nor why money was corrected, nor of disputes', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn({ estimate_cents: 5_000 })
  const { body } = await shop.counter('POST', `/tickets/${order_id}/payments`, { amount_cents: 5_000, method: 'Cash' })
  const payment = `/tickets/${order_id}/payments/${body.ticket.payments[0].id}`
  const listen = async (person: typeof shop.staff) =>
    await fetch(`${shop.url}/counter/events`, { headers: (await shop.signIn(person)).headers! })
  const [asEvaluator, asStaff] = [await listen(shop.evaluator), await listen(shop.staff)]
  const change = async (method: string, path: string, fields: object) =>
    expect((await shop.counter(method, path, fields)).status).toBeLessThan(300)
  await change('PATCH', `/tickets/${order_id}`, { cost_cents: 6_000 })
  shop.clock.pass(1_000)
  await change('PATCH', payment, { amount_cents: 4_000, reason: 'Too dear' })
  shop.clock.pass(1_000)
  for (const entity of ['dispute', 'refund', 'leg', 'stock_movement']) shop.database.notify([{ entity, id: 1 }])
  await change('POST', `/tickets/${order_id}/messages`, { text: 'is saved' })
  const events = await shop.database.db.selectFrom('order_event').select(['id', 'kind']).orderBy('id').execute()
  expect(events.map(({ kind }) => kind).slice(-3)).toEqual(['price', 'message', 'message'])
  const last = events.at(-1)!.id
  const isLast = ({ entity, id }: Change) => entity === 'order_event' && id === last
  const heard = await hear(asEvaluator, isLast)
  expect(heard.filter(({ entity }) => entity !== 'repair_order')).toEqual([{ entity: 'order_event', id: last }])
  const all = await hear(asStaff, isLast)
  expect(all.filter(({ entity }) => entity === 'order_event').map(({ id }) => id)).toEqual(
    events.slice(-3).map(({ id }) => id),
  )
  expect(all).toContainEqual({ entity: 'dispute', id: 1 })
})

test('a stream ends, and tells nothing more, once its session has ended', async () => {
  await using shop = await openCounter()
  const listen = async (person: typeof shop.staff) => {
    const { headers } = await shop.signIn(person)
    return await fetch(`${shop.url}/counter/events`, { headers: headers! })
  }
  const told = hear(await listen(shop.staff), () => false)
  const live = await listen(shop.admin)
  await shop.write((trx) => deactivate(trx, shop.staff.id))
  await shop.counter('POST', '/intakes', shop.intake(), { as: shop.admin })
  await hear(live, ({ entity }) => entity === 'intake')
  expect(await told).toEqual([])
})

test('a stream ends once the screen is locked', async () => {
  await using shop = await openCounter()
  const browser = await shop.signIn(shop.staff)
  const told = hear(await fetch(`${shop.url}/counter/events`, { headers: browser.headers! }), () => false)
  expect((await shop.counter('POST', '/session/lock', {}, browser)).status).toBe(200)
  await shop.counter('POST', '/intakes', shop.intake(), { as: shop.admin })
  expect(await told).toEqual([])
})

test('a page hears of what another program writes into the database', async () => {
  await using shop = await openCounter()
  const { headers } = await shop.signIn(shop.staff)
  const stream = await fetch(`${shop.url}/counter/events`, { headers: headers! })
  const other = await openDatabase({ at: shop.context.config.database, now: Date.now, onError: () => {} })
  const by = { actor: null, device: null, act: 'another program' }
  const { id } = await other.write(by, (trx) => addNamed(trx, 'brand', { name: 'Elsewhere' }))
  expect(await hear(stream, (change) => change.id === id)).toEqual([{ entity: 'brand', id }])
  await other.close()
})

test("a page hears of what others write between its own shop's writes", async () => {
  await using shop = await openCounter()
  const { headers } = await shop.signIn(shop.staff)
  const stream = await fetch(`${shop.url}/counter/events`, { headers: headers! })
  const other = await openDatabase({ at: shop.context.config.database, now: Date.now, onError: () => {} })
  const add = (to: typeof other, name: string) =>
    to.write({ actor: null, device: null, act: 'test' }, async (trx) => (await addNamed(trx, 'brand', { name })).id)
  const ids = [await add(shop.database, 'Ours'), await add(other, 'Theirs'), await add(shop.database, 'Ours again')]
  const heard = await hear(stream, (change) => change.id === ids[1])
  expect(new Set(heard.map(({ id }) => id))).toEqual(new Set(ids))
  await other.close()
})

test('of very much at once a page hears one row of each table', async () => {
  await using shop = await openCounter()
  const { headers } = await shop.signIn(shop.staff)
  const stream = await fetch(`${shop.url}/counter/events`, { headers: headers! })
  const other = await openDatabase({ at: shop.context.config.database, now: Date.now, onError: () => {} })
  const names = Array.from({ length: 600 }, (_, n) => ({
    name: `Brand ${n}`,
    name_key: `brand ${n}`,
    starter: 0 as const,
  }))
  const ids = await other.write({ actor: null, device: null, act: 'import' }, (trx) => insertMany(trx, 'brand', names))
  expect(await hear(stream, ({ entity }) => entity === 'brand')).toEqual([{ entity: 'brand', id: ids.at(-1) }])
  await other.close()
})

test('a page hears of what a command beside the server writes', async () => {
  await using shop = await openCounter()
  const { headers } = await shop.signIn(shop.staff)
  const stream = await fetch(`${shop.url}/counter/events`, { headers: headers! })
  const { data, database } = shop.context.config
  const place = 'url' in database ? ['--database', database.url] : []
  const file = join(data, 'models.csv')
  writeFileSync(file, 'type,brand,model\nPhone,Fairphone,Fairphone 5\n')
  const child = spawnCli(['import', 'models', file, '--data', data, ...place])
  expect(await once(child, 'exit')).toEqual([0, null])
  const heard = await hear(stream, ({ entity }) => entity === 'model')
  expect(heard.map(({ entity }) => entity)).toContain('brand')
})

test('nobody listens without being signed in', async () => {
  await using shop = await openCounter()
  expect((await fetch(`${shop.url}/counter/events`)).status).toBe(401)
  const token = shop.customer.token
  expect((await fetch(`${shop.url}/counter/events`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(
    403,
  )
})

type Change = { entity: string; id: number }

/** The changes of a stream up to the first that `isLast`, or until the server closes it. */
async function hear(stream: Response, isLast: (change: Change) => boolean): Promise<Change[]> {
  const heard: Change[] = []
  let text = ''
  try {
    for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const events = text.split('\n\n')
      text = events.pop()!
      for (const event of events) if (event.startsWith('data: ')) heard.push(JSON.parse(event.slice(6)) as Change)
      if (heard.some(isLast)) return heard
    }
  } catch {
    // The shop has closed.
  }
  return heard
}

test('a session is told of changes in twenty windows at most, and in another once one is closed', async () => {
  await using shop = await openCounter()
  const { headers } = await shop.signIn(shop.staff)
  // Kept with their streams: one that nobody holds any more may be closed by the garbage collector.
  const windows: { closing: AbortController; stream: Response }[] = []
  const open = async () => {
    const closing = new AbortController()
    const stream = await fetch(`${shop.url}/counter/events`, { headers: headers!, signal: closing.signal })
    windows.push({ closing, stream })
    return stream.status
  }
  for (let n = 0; n < 20; n++) expect(await open()).toBe(200)
  expect(await open()).toBe(429)
  windows[0]!.closing.abort()
  await eventually(async () => expect(await open()).toBe(200))
})

test('a person is told of changes in so many windows, however often they sign in', async () => {
  await using shop = await openCounter()
  shop.context.run.listening.people = openRoom({ each: 1 })
  const windows: Response[] = [] // Held, so that none is closed by the garbage collector.
  const open = async (who: typeof shop.staff) => {
    const { headers } = await shop.signIn(who)
    windows.push(await fetch(`${shop.url}/counter/events`, { headers: headers! }))
    return windows.at(-1)!.status
  }
  expect([await open(shop.staff), await open(shop.staff), await open(shop.admin)]).toEqual([200, 429, 200])
})

test('a stream says at its start and every ten seconds that it still leads to the page', async () => {
  await using shop = await openCounter()
  const { headers } = await shop.signIn(shop.staff)
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    const stream = await fetch(`${shop.url}/counter/events`, { headers: headers! })
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader.read()).value).toBe('event: alive\ndata: {}\n\n')
    await vi.advanceTimersByTimeAsync(10_000)
    expect((await reader.read()).value).toBe('event: alive\ndata: {}\n\n')
    await reader.cancel()
  } finally {
    vi.useRealTimers()
  }
})
