import { expect, test } from 'vitest'
import { type Counter, openCounter } from '../counter-shop.ts'

const DAY = 86_400_000
const list = async (shop: Counter, query = '') => (await shop.counter('GET', `/repairs${query}`)).body
const ids = async (shop: Counter, query = '') => (await list(shop, query)).rows.map(({ id }: any) => id)
const setStatus = (shop: Counter, orders: number[], status: string) =>
  shop.counter('POST', '/repairs/status', { ids: orders, status })

async function withRepairs(shop: Counter, count: number, fields: (n: number) => Record<string, unknown> = () => ({})) {
  const taken: any[] = []
  for (let n = 0; n < count; n++) taken.push(await shop.takeIn(fields(n)))
  return taken
}

test('repairs come newest first, page by page, with their count and what is owed', async () => {
  await using shop = await openCounter()
  await withRepairs(shop, 5, (n) => ({ estimate_cents: 100 * (n + 1) }))
  const first = await shop.counter('GET', '/repairs?limit=2')
  expect(first.headers.get('x-total-count')).toBe('5')
  expect(first.body).toMatchObject({
    total: '5',
    due_cents: 900,
    rows: [
      { id: 5, due_cents: 500 },
      { id: 4, due_cents: 400 },
    ],
  })
  const second = await list(shop, `?limit=2&after=${first.body.next}`)
  expect(second).toMatchObject({ total: '5', rows: [{ id: 3 }, { id: 2 }] })
  const third = await list(shop, `?limit=2&after=${second.next}`)
  expect(third).toMatchObject({ total: '5', rows: [{ id: 1 }], next: null })
  await shop.takeIn()
  expect(await ids(shop, `?limit=2&after=${second.next}`)).toEqual([1])
  expect(await list(shop, `?until=${first.body.next}`)).toMatchObject({
    total: '6',
    rows: [{ id: 6 }, { id: 5 }, { id: 4 }],
    next: null,
  })
  expect(await list(shop, `?limit=1&until=${first.body.next}`)).toMatchObject({
    rows: [{ id: 6 }],
    next: expect.any(String),
  })
})

test('list and board say which faults were chosen at intake, in their order, beside the words', async () => {
  await using shop = await openCounter()
  const { body: battery } = await shop.call('POST', '/v1/problems', { as: shop.admin, body: { name: 'Battery' } })
  await shop.takeIn({ problem_ids: [battery.id, shop.problem_id], note: 'fell down' })
  await shop.takeIn({ problem_ids: [shop.problem_id] })
  await shop.takeIn({ note: 'no sound' })
  const said = ({ id, faults, note }: any) => ({ id, faults, note })
  const expected = [
    { id: 3, faults: [], note: 'no sound' },
    { id: 2, faults: ['Screen'], note: null },
    { id: 1, faults: ['Battery', 'Screen'], note: 'fell down' },
  ]
  expect((await list(shop)).rows.map(said)).toEqual(expected)
  const { columns } = (await shop.counter('GET', '/board')).body
  expect(columns[0].rows.map(said)).toEqual(expected.toReversed())
})

test('how much is promised for a day is counted by the clocks of the shop, what is late on it too', async () => {
  await using shop = await openCounter()
  const berlin = { name: 'Fix & Co', currency: 'EUR', time_zone: 'Europe/Berlin', tax_mode: 'none' }
  await shop.counter('PUT', '/shop', berlin, { as: shop.admin })
  const at = (hours: number) => ({ promised_at: shop.clock.now() + hours * 3_600_000 })
  // The shop opens at 10:00 in Berlin.
  const [first] = await withRepairs(shop, 6, (n) => at([-9, 2, 13.9, 14.1, 24, 50][n]!))
  const promisedOn = async (hours: number) =>
    (await shop.counter('GET', `/repairs/count?promised_on=${at(hours).promised_at}`)).body.total
  const counts = []
  for (const hours of [0, 24, 50, 99]) counts.push(await promisedOn(hours))
  expect(counts).toEqual(['3', '2', '1', '0'])
  await setStatus(shop, [first.order_id], 'Completed')
  expect(await promisedOn(7)).toBe('2')
})

test('filters narrow the list, alone and together', async () => {
  await using shop = await openCounter()
  const [one, two, three, four] = await withRepairs(shop, 4, (n) => ({
    promised_at: shop.clock.now() + (n < 2 ? -DAY : DAY),
  }))
  await setStatus(shop, [two.order_id], 'Repairing')
  await setStatus(shop, [three.order_id], 'Completed')
  await setStatus(shop, [four.order_id], 'Cancelled')
  for (const id of [two.order_id, three.order_id])
    await shop.counter('POST', `/tickets/${id}/technicians`, { user_id: shop.admin.id })
  expect(await ids(shop, '?status=Pending')).toEqual([1])
  expect(await ids(shop, '?open=true')).toEqual([2, 1])
  expect(await ids(shop, '?open=false')).toEqual([4, 3])
  expect(await ids(shop, '?overdue=true')).toEqual([2, 1])
  expect(await ids(shop, '?overdue=true&status=Repairing')).toEqual([2])
  expect(await ids(shop, `?technician_id=${shop.admin.id}`)).toEqual([3, 2])
  expect(await ids(shop, `?technician_id=${shop.admin.id}&open=true`)).toEqual([2])
  expect(await ids(shop, `?customer_id=${one.customer_id}`)).toEqual([1])
  expect(await ids(shop, `?device_id=${four.device_id}&status=Pending`)).toEqual([])
  expect(await ids(shop, '?status=Pending&open=false')).toEqual([])
  expect(await list(shop, '?open=true&limit=1')).toMatchObject({ total: '2', rows: [{ id: 2 }] })
  expect((await shop.counter('GET', '/repairs?status=Lost')).status).toBe(422)
})

test('the numbers of the day are those of the lists behind them', async () => {
  await using shop = await openCounter()
  const now = shop.clock.now()
  const today = async (options = {}) => (await shop.counter('GET', '/today', undefined, options)).body
  expect(await today()).toMatchObject({
    overdue: '0',
    oldest_promise: null,
    owed_cents: 0,
    owed_count: '0',
    first_steps: { taken_in: false, pin: false, colleague: true },
  })
  const promises = [now - 2 * DAY, now - DAY, now + 60_000, now + 120_000, now + 2 * DAY, null]
  await withRepairs(shop, promises.length, (n) => ({ promised_at: promises[n], estimate_cents: 1_000 }))
  await setStatus(shop, [4], 'Repairing')
  await setStatus(shop, [5], 'Completed')
  await setStatus(shop, [6], 'Cancelled')
  await shop.counter('POST', '/tickets/1/payments', { amount_cents: 1_000, method: 'Cash' })
  await shop.counter('POST', '/tickets/5/payments', { amount_cents: 300, method: 'Cash' })
  await shop.counter('POST', '/tickets/2/technicians', { user_id: shop.admin.id })
  expect(await today()).toEqual({
    overdue: '2',
    oldest_promise: now - 2 * DAY,
    due_today: '2',
    not_begun: '1',
    ready: '1',
    nobody: '3',
    owed_cents: 3_700,
    owed_count: '4',
    first_steps: { taken_in: true, pin: false, reachable: false, colleague: true },
  })
  for (const [filter, found] of [
    ['overdue', [2, 1]],
    ['due_today', [4, 3]],
    ['ready', [5]],
    ['owed', [5, 4, 3, 2]],
    ['nobody', [4, 3, 1]],
  ] as const) {
    expect([filter, await ids(shop, `?${filter}=true`)]).toEqual([filter, found])
    const { total } = (await shop.counter('GET', `/repairs/count?${filter}=true`)).body
    expect([filter, total]).toEqual([filter, String(found.length)])
  }
  expect(await ids(shop, '?owed=true&status=Completed')).toEqual([5])
  expect(await ids(shop, `?owed=true&technician_id=${shop.admin.id}`)).toEqual([2])
  const evaluator = { as: shop.evaluator }
  const numbers = await today(evaluator)
  expect([numbers.owed_cents, numbers.owed_count, numbers.ready]).toEqual([undefined, undefined, '1'])
  for (const path of ['/repairs?owed=true', '/repairs/count?owed=true', '/repairs?sort=due'])
    expect((await shop.counter('GET', path, undefined, evaluator)).status, path).toBe(403)
})

test('a shop that has taken in more than twenty devices is no new one', async () => {
  await using shop = await openCounter()
  await withRepairs(shop, 20)
  expect((await shop.counter('GET', '/today')).body.first_steps).not.toBeNull()
  await shop.takeIn()
  expect((await shop.counter('GET', '/today')).body.first_steps).toBeNull()
})

test('a list is sorted by its headings, page by page, what has no value last', async () => {
  await using shop = await openCounter()
  const names = ['Zoë Ant', 'émile Zola', 'Bo 10', 'bo 9']
  const now = shop.clock.now()
  await withRepairs(shop, 4, (n) => ({
    customer: { full_name: names[n], phone: `0170 66${n}1234` },
    promised_at: n === 1 ? null : now + (4 - n) * DAY,
    estimate_cents: [500, 0, 900, 700][n],
  }))
  await setStatus(shop, [3], 'Repairing')
  await shop.counter('POST', '/tickets/2/technicians', { user_id: shop.staff.id })
  await shop.counter('POST', '/tickets/4/technicians', { user_id: shop.admin.id })
  const sorted = {
    ticket: [
      [1, 2, 3, 4],
      [4, 3, 2, 1],
    ],
    customer: [
      [4, 3, 2, 1],
      [1, 2, 3, 4],
    ],
    promised: [
      [4, 3, 1, 2],
      [1, 3, 4, 2],
    ],
    due: [
      [1, 4, 3, 2],
      [3, 4, 1, 2],
    ],
    status: [
      [4, 2, 1, 3],
      [3, 4, 2, 1],
    ],
    technician: [
      [4, 2, 3, 1],
      [2, 4, 3, 1],
    ],
    device: [
      [4, 3, 2, 1],
      [4, 3, 2, 1],
    ],
  }
  for (const [heading, [up, down]] of Object.entries(sorted)) {
    expect([heading, await ids(shop, `?sort=${heading}`)]).toEqual([heading, up])
    expect([heading, await ids(shop, `?sort=${heading}&descending=true`)]).toEqual([heading, down])
  }
  const { next } = await list(shop, '?sort=customer&limit=2&open=true')
  expect(await list(shop, `?sort=customer&limit=2&open=true&after=${next}`)).toMatchObject({
    total: '4',
    rows: [{ id: 2 }, { id: 1 }],
    next: null,
  })
  const keys = [[], ['a', 2], ['a\0', 2], ['a', 2.5], ['a', 2, 3], ['\ud800', 2], [7, 2]]
  const places = [[1], {}, ['1', 5, 'a', 2], [1, '5', 'a', 2], ...keys.map((some) => [1, 5, ...some])]
  for (const place of places.map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')))
    for (const sort of ['customer', 'device', 'due', 'ticket']) {
      const { status, body } = await shop.counter('GET', `/repairs?sort=${sort}&after=${place}`)
      expect(status === 200 || body.code === 'no-place-in-list', `${sort} ${place} ${status}`).toBe(true)
    }
  expect((await shop.counter('GET', '/repairs?after=nowhere')).body.code).toBe('no-place-in-list')
  expect((await shop.counter('GET', '/repairs?sort=weight')).status).toBe(422)
})

test('a word finds repairs by their number, problem, customer, phone or device', async () => {
  await using shop = await openCounter()
  await shop.takeIn({
    note: 'Écran cassé',
    customer: { full_name: 'Łukasz Nowak', phone: '+48 600 100' },
    device: { model_id: shop.kind.model_id, serial_number: 'ZX-99' },
  })
  await shop.takeIn({ note: 'No sound' })
  for (const q of [
    'ecran',
    'CASSÉ',
    'lukasz',
    'nowak lu',
    '600100',
    '+48600',
    'zx99',
    'zx-9',
    'S1-T1-000001',
    '000001',
  ])
    expect(await ids(shop, `?q=${encodeURIComponent(q)}`), q).toEqual([1])
  expect(await ids(shop, '?q=iphone')).toEqual([2, 1])
  const { next, ...first } = await list(shop, '?q=iphone&limit=1')
  expect(first).toMatchObject({ total: '2', rows: [{ id: 2 }] })
  expect(await ids(shop, `?q=iphone&after=${next}`)).toEqual([1])
  expect(await ids(shop, '?q=iphone&status=Completed')).toEqual([])
  expect(await ids(shop, '?q=nothing')).toEqual([])
})

test('an order that was deleted is on no list', async () => {
  await using shop = await openCounter()
  const [one] = await withRepairs(shop, 1)
  await shop.call('DELETE', `/v1/orders/${one.order_id}`, { as: shop.admin })
  expect(await list(shop)).toMatchObject({ total: '0', rows: [] })
  expect(await ids(shop, '?q=S1-T1-000001')).toEqual([])
  expect((await shop.counter('GET', `/tickets/${one.order_id}`)).status).toBe(404)
})

test('the status of many repairs changes all together or not at all', async () => {
  await using shop = await openCounter()
  await withRepairs(shop, 3)
  expect((await setStatus(shop, [1, 2, 999], 'Completed')).status).toBe(404)
  expect(await ids(shop, '?status=Completed')).toEqual([])
  expect((await setStatus(shop, [1, 2, 2], 'Completed')).body).toEqual({ changed: 2 })
  expect((await setStatus(shop, [1, 2, 3], 'Completed')).body).toEqual({ changed: 1 })
  expect((await setStatus(shop, [], 'Completed')).status).toBe(422)
  expect((await shop.ticket(1)).timeline).toMatchObject([
    { kind: 'opened' },
    { kind: 'status', from: 'Pending', to: 'Completed' },
  ])
})

test('the board shows what waits longest first, and newest first what is ready for pick-up and what was cancelled this week', async () => {
  await using shop = await openCounter()
  const browser = await shop.signIn(shop.staff)
  const set = (id: number, status: string) => shop.counter('POST', '/repairs/status', { ids: [id], status }, browser)
  await withRepairs(shop, 6, (n) => ({ promised_at: n === 0 ? shop.clock.now() - DAY : undefined }))
  await set(3, 'Completed')
  await set(5, 'Cancelled')
  shop.clock.pass(8 * DAY)
  await set(4, 'Completed')
  shop.clock.pass(1_000)
  await set(2, 'Completed')
  await set(6, 'Cancelled')
  const { body } = await shop.counter('GET', '/board', undefined, browser)
  expect(
    body.columns.map(({ status, count, overdue, rows }: any) => [
      status,
      count,
      overdue,
      rows.map(({ id }: any) => id),
    ]),
  ).toEqual([
    ['Pending', '1', 1, [1]],
    ['Repairing', '0', 0, []],
    ['Completed', '3', 0, [2, 4, 3]],
    ['Cancelled', '1', 0, [6]],
  ])
  expect(body.columns[0].rows[0]).toMatchObject({ overdue: true, device_title: 'Apple iPhone 13' })
})

test('a technician has a board of their own', async () => {
  await using shop = await openCounter()
  await withRepairs(shop, 3)
  await shop.counter('POST', '/tickets/2/technicians', { user_id: shop.staff.id })
  const { body } = await shop.counter('GET', `/board?technician_id=${shop.staff.id}`)
  expect(body.columns[0]).toMatchObject({ count: '1', rows: [{ id: 2, technicians: [{ full_name: 'Kim Clerk' }] }] })
})

test('ready for pick-up is what is done and still in the shop, paid or not, until it is handed over', async () => {
  await using shop = await openCounter()
  const [owed, paid, open, cancelled] = await withRepairs(shop, 4, () => ({ estimate_cents: 1_000 }))
  await setStatus(shop, [owed.order_id, paid.order_id], 'Completed')
  await setStatus(shop, [cancelled.order_id], 'Cancelled')
  await shop.counter('POST', `/tickets/${paid.order_id}/payments`, { amount_cents: 1_000, method: 'Cash' })
  const onBoard = async () =>
    (await shop.counter('GET', '/board')).body.columns[2].rows.map(({ id }: any) => id).toSorted()
  expect(await ids(shop, '?ready=true')).toEqual([paid.order_id, owed.order_id])
  expect(await onBoard()).toEqual([owed.order_id, paid.order_id])

  const handOver = (id: number, picked_up = true) => shop.counter('PATCH', `/tickets/${id}`, { picked_up })
  expect((await handOver(paid.order_id)).body).toMatchObject({ picked_up_at: shop.clock.now() })
  expect(await ids(shop, '?ready=true')).toEqual([owed.order_id])
  expect(await onBoard()).toEqual([owed.order_id])
  expect((await handOver(paid.order_id, false)).body).toMatchObject({ picked_up_at: null })
  expect(await ids(shop, '?ready=true')).toEqual([paid.order_id, owed.order_id])
  expect(await handOver(open.order_id)).toMatchObject({
    status: 400,
    body: { detail: 'A device that is still worked on cannot be picked up', code: 'device-not-ready' },
  })

  shop.clock.pass(43 * DAY)
  const browser = await shop.signIn(shop.staff)
  expect((await shop.counter('GET', '/repairs?ready=true', undefined, browser)).body).toMatchObject({ rows: [] })
})

test('a repair that is opened again has its device back', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn()
  await setStatus(shop, [order_id], 'Completed')
  await shop.counter('PATCH', `/tickets/${order_id}`, { picked_up: true })
  await setStatus(shop, [order_id], 'Repairing')
  const { picked_up_at, timeline } = await shop.ticket(order_id)
  expect(picked_up_at).toBeNull()
  expect(timeline.map(({ kind }: any) => kind)).toEqual(['opened', 'status', 'picked-up', 'status', 'brought-back'])
})
