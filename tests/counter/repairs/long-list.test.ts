import { expect, test } from 'vitest'
import { insertMany } from '../../../db/rows.ts'
import { ORDER_STATUSES } from '../../../server/domain/repair-status.ts'
import { type Counter, openCounter } from '../counter-shop.ts'

/** More than are sorted at once. */
const REPAIRS = 5_050
const PAGE = 200
const HEADINGS = ['ticket', 'status', 'device', 'customer', 'technician', 'promised', 'due'] as const
type Heading = (typeof HEADINGS)[number]

type Row = {
  id: number
  created_at: number
  status: (typeof ORDER_STATUSES)[number]
  device_id: number
  device_title: string
  customer_id: number
  customer_name: string
  technicians: { full_name: string }[]
  promised_at: number | null
  due_cents: number
}

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
const VALUES: Record<Heading, (row: Row) => string | number | null> = {
  ticket: ({ created_at }) => created_at,
  status: ({ status }) => ORDER_STATUSES.indexOf(status),
  device: ({ device_title }) => device_title,
  customer: ({ customer_name }) => customer_name || null,
  technician: ({ technicians }) => technicians[0]?.full_name ?? null,
  promised: ({ promised_at }) => promised_at,
  due: ({ due_cents }) => due_cents || null,
}
/** What keeps together, and goes with the list, between those that are alike. */
const TIES: Partial<Record<Heading, (row: Row) => number>> = {
  ticket: ({ id }) => id,
  promised: ({ id }) => id,
  due: ({ id }) => id,
}

const newer = (a: Row, b: Row) => b.created_at - a.created_at || b.id - a.id

function inOrder(rows: readonly Row[], by: Heading, descending: boolean): number[] {
  const way = descending ? -1 : 1
  const compare = (a: Row, b: Row) => {
    const [one, other] = [VALUES[by](a), VALUES[by](b)]
    if (one === null || other === null) return Number(one === null) - Number(other === null) || newer(a, b)
    const values =
      typeof one === 'number' && typeof other === 'number' ? one - other : names.compare(String(one), String(other))
    const ties = by === 'device' ? b.device_id - a.device_id : way * ((TIES[by]?.(a) ?? 0) - (TIES[by]?.(b) ?? 0))
    return way * values || ties || (by === 'technician' ? b.id - a.id : newer(a, b))
  }
  return rows.toSorted(compare).map(({ id }) => id)
}

async function pages(shop: Counter, query: string, most = Infinity): Promise<Row[]> {
  const rows: Row[] = []
  let after = ''
  for (let page = 0; page < most; page++) {
    const { body } = await shop.counter('GET', `/repairs?limit=${PAGE}${query}${after}`)
    rows.push(...body.rows)
    if (body.next === null) break
    after = `&after=${body.next}`
  }
  return rows
}

async function fill(shop: Counter) {
  const { brand_id, device_type_id } = shop.kind
  const now = shop.clock.now()
  await shop.write(async (trx) => {
    const models = await insertMany(
      trx,
      'model',
      ['iPhone 9', 'iPhone 12', 'Émeraude', 'iphone 9 mini'].map((name) => ({
        brand_id,
        device_type_id,
        name,
        name_key: name.toLowerCase(),
      })),
    )
    const people = ['Zoë Ant', 'émile Zola', 'Bo 10', 'bo 9', '', "O'Neill", 'Łukasz']
    const customers = await insertMany(
      trx,
      'user',
      people.map((full_name) => ({ full_name, role: 'customer', is_staff: false, is_active: true })),
    )
    const devices = await insertMany(
      trx,
      'device',
      Array.from({ length: 90 }, (_, n) => ({
        brand_id,
        device_type_id,
        model_id: models[n % models.length]!,
        owner_id: customers[n % customers.length]!,
      })),
    )
    const orders = await insertMany(
      trx,
      'repair_order',
      Array.from({ length: REPAIRS }, (_, n) => ({
        ticket_number: `S1-T1-${n}`,
        device_id: devices[(n * 7) % devices.length]!,
        customer_id: customers[(n * 5) % customers.length]!,
        cost_cents: n < 500 && n % 3 !== 0 ? (n * 37) % 4_000 : 0,
        discount_cents: 0,
        status: ORDER_STATUSES[n % 11 === 0 ? 3 : n % 4 === 0 ? 2 : n % 2],
        // Ids follow no clock.
        created_at: now - ((n * 31) % 101) * 3_600_000,
        estimated_completion_date: n > 4_500 && n % 2 === 0 ? now + ((n * 13) % 100) * 3_600_000 : null,
      })).map(({ status, ...order }) => ({ ...order, status: status! })),
    )
    const given = orders.filter((_, n) => n % 14 === 1)
    await insertMany(
      trx,
      'assignment',
      given.flatMap((order_id, n) =>
        [shop.staff.id, shop.admin.id, shop.evaluator.id]
          .slice(n % 3, (n % 3) + 1 + (n % 2))
          .map((user_id) => ({ order_id, user_id, assigned_at: now })),
      ),
    )
    const payments = await insertMany(
      trx,
      'payment',
      orders.slice(0, 100).map((order_id) => ({ order_id, due_amount_cents: 500, status: 'Partial', paid_at: now })),
    )
    await insertMany(
      trx,
      'payment_entry',
      payments.map((payment_id, n) => ({ payment_id, order_id: orders[n]!, amount_cents: 500, kind: 'payment' })),
    )
  })
  await shop.database.flushSearchIndex()
}

test('a list of any length is sorted by each heading, page by page, and each repair stands in it once', async () => {
  await using shop = await openCounter()
  await fill(shop)
  const all = await pages(shop, '')
  expect(all).toHaveLength(REPAIRS)
  expect(all.map(({ id }) => id)).toEqual(all.toSorted(newer).map(({ id }) => id))
  expect((await shop.counter('GET', '/repairs/count')).body.total).toBe(String(REPAIRS))
  const count = async (query: string) => (await shop.counter('GET', `/repairs/count?${query}`)).body
  const ofZola = all.filter(({ customer_name }) => customer_name === 'émile Zola')
  expect(await count('q=zola')).toEqual({ total: String(ofZola.length), among_newest: null })
  // More hold the word than a list looks through; what passes is then told of the newest ones only.
  const newest = all.filter(({ device_title }) => /iphone/i.test(device_title)).slice(0, 2_000)
  const cancelled = newest.filter(({ status }) => status === 'Cancelled')
  expect(await count('q=iphone')).toEqual({ total: '2000+', among_newest: 2_000 })
  expect(await count('q=iphone&status=Cancelled')).toEqual({ total: `${cancelled.length}+`, among_newest: 2_000 })
  for (const by of HEADINGS) {
    const up = (await pages(shop, `&sort=${by}`, 4)).map(({ id }) => id)
    expect(up, by).toEqual(inOrder(all, by, false).slice(0, 4 * PAGE))
    const down = (await pages(shop, `&sort=${by}&descending=true`, 1)).map(({ id }) => id)
    expect(down, `${by} down`).toEqual(inOrder(all, by, true).slice(0, down.length))
    // Few pass and are sorted at once: the same order.
    const pending = all.filter(({ status }) => status === 'Pending')
    const few = (await pages(shop, `&sort=${by}&status=Pending`, 1)).map(({ id }) => id)
    expect(few, `${by} of few`).toEqual(inOrder(pending, by, false).slice(0, few.length))
    const open = all.filter(({ status }) => status !== 'Completed' && status !== 'Cancelled')
    const mine = open.filter(({ technicians }) => technicians.some(({ full_name }) => full_name === 'Kim Clerk'))
    const sifted = (await pages(shop, `&sort=${by}&open=true&technician_id=${shop.staff.id}`, 1)).map(({ id }) => id)
    expect(sifted, `${by} of a technician`).toEqual(inOrder(mine, by, false).slice(0, sifted.length))
  }
}, 120_000)

test('the repairs of every customer with the name stand in the list, however many have it; past 2,000 it says so', async () => {
  await using shop = await openCounter()
  const { brand_id, device_type_id } = shop.kind
  const add = (count: number) =>
    shop.write(async (trx) => {
      const customer = { full_name: 'Ines Müller', role: 'customer', is_staff: false, is_active: true } as const
      const customers = await insertMany(
        trx,
        'user',
        Array.from({ length: count }, () => customer),
      )
      const name = `Any ${count}`
      const [model_id] = await insertMany(trx, 'model', [{ brand_id, device_type_id, name, name_key: name }])
      const device = { brand_id, device_type_id, model_id: model_id!, owner_id: customers[0]! }
      const [device_id] = await insertMany(trx, 'device', [device])
      await insertMany(
        trx,
        'repair_order',
        customers.map((customer_id) => ({
          ticket_number: `S1-T1-${customer_id}`,
          device_id: device_id!,
          customer_id,
          cost_cents: 0,
          discount_cents: 0,
          status: 'Pending' as const,
        })),
      )
    })
  const count = async () => {
    await shop.database.flushSearchIndex()
    return (await shop.counter('GET', '/repairs/count?q=mueller')).body
  }
  await add(600)
  expect(await count()).toEqual({ total: '600', among_newest: null })
  await add(1_450)
  expect(await count()).toEqual({ total: '2000+', among_newest: 2_000 })
})

test('what is owed follows each payment, its correction and its removal, and a repair that is cancelled owes nothing', async () => {
  await using shop = await openCounter()
  const owed = async () => {
    const { owed_cents, owed_count } = (await shop.counter('GET', '/today')).body
    return [owed_cents, owed_count]
  }
  await shop.takeIn({ estimate_cents: 1_000 })
  await shop.takeIn({ estimate_cents: 400 })
  expect(await owed()).toEqual([1_400, '2'])
  await shop.counter('POST', '/tickets/1/payments', { amount_cents: 700, method: 'Cash' })
  expect(await owed()).toEqual([700, '2'])
  const { payments } = await shop.ticket(1)
  const payment = `/tickets/1/payments/${payments[0].id}`
  await shop.counter('PATCH', payment, { amount_cents: 1_000, reason: 'Counted again' })
  expect(await owed()).toEqual([400, '1'])
  await shop.call('DELETE', `/v1/payments/${payments[0].id}`, { as: shop.admin })
  expect(await owed()).toEqual([1_400, '2'])
  await shop.counter('PATCH', '/tickets/2', { status: 'Cancelled' })
  expect(await owed()).toEqual([1_000, '1'])
  await shop.counter('PATCH', '/tickets/2', { status: 'Repairing' })
  await shop.counter('PATCH', '/tickets/1', { total_cents: 1_500 })
  await shop.call('DELETE', '/v1/orders/2', { as: shop.admin })
  const { rows } = (await shop.counter('GET', '/repairs?sort=due')).body
  expect(rows.map(({ id, due_cents }: any) => [id, due_cents])).toEqual([[1, (await owed())[0]]])
})
