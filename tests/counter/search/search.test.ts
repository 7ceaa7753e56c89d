import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { QUERY } from '../../../db/handle.ts'
import { upsertLocal } from '../../../db/local.ts'
import { insert, patch } from '../../../db/rows.ts'
import { deactivate, removeUser } from '../../../server/shop/people/users.ts'
import { bringUpToDate } from '../../../server/upkeep.ts'
import { type Counter, openCounter } from '../counter-shop.ts'

const search = async (shop: Counter, q: string, more = '') =>
  (await shop.counter('GET', `/search?q=${encodeURIComponent(q)}${more}`)).body
const names = async (shop: Counter, q: string) =>
  (await search(shop, q)).customers.map(({ full_name }: any) => full_name)

test('one word finds customers, devices and tickets, each with what its row shows', async () => {
  await using shop = await openCounter()
  const promised_at = shop.clock.now() - 1
  const taken = await shop.takeIn({
    customer: { full_name: 'Apple Annie', phone: '555 1' },
    note: 'apple logo blinks',
    promised_at,
  })
  expect(await search(shop, 'apple')).toEqual({
    customers: [
      { id: taken.customer_id, full_name: 'Apple Annie', phone: '555 1', unconfirmed: false, open_tickets: 1 },
    ],
    devices: [
      {
        id: taken.device_id,
        title: 'Apple iPhone 13',
        serial_number: null,
        owner_id: taken.customer_id,
        owner_name: 'Apple Annie',
        hold_until: null,
      },
    ],
    tickets: [
      {
        id: taken.order_id,
        ticket_number: 'S1-T1-000001',
        status: 'Pending',
        device_title: 'Apple iPhone 13',
        customer_name: 'Apple Annie',
        note: 'apple logo blinks',
        promised_at,
        overdue: true,
        ready: false,
        receipt_number: null,
      },
    ],
    web_orders: [],
    requests: [],
    purchases: [],
  })
})

test('names are found in any script, by parts and beginnings, accents ignored', async () => {
  await using shop = await openCounter()
  const people = [
    'José Müller',
    '王美玲',
    'Мария Иванова',
    'محمد حسن',
    'สมชาย ใจดี',
    'さくら 田中',
    '김민준',
    'Łukasz Ørsted',
    'Zoë',
  ]
  for (const full_name of people) await shop.takeIn({ customer: { full_name } })
  const found: Record<string, string> = {
    'jose mu': 'José Müller',
    'ÜLLER jo': 'José Müller',
    mü: 'José Müller',
    美玲: '王美玲',
    王: '王美玲',
    玲: '王美玲',
    王美玲: '王美玲',
    мари: 'Мария Иванова',
    'ИВ МАРИЯ': 'Мария Иванова',
    محمد: 'محمد حسن',
    สมชาย: 'สมชาย ใจดี',
    田中: 'さくら 田中',
    민: '김민준',
    민준: '김민준',
    lukasz: 'Łukasz Ørsted',
    or: 'Łukasz Ørsted',
    zo: 'Zoë',
  }
  for (const [q, name] of Object.entries(found)) expect(await names(shop, q), q).toEqual([name])
  expect(await names(shop, 'xyz')).toEqual([])
  expect(await names(shop, ' ')).toEqual([])
})

test('apostrophes, umlauts that are written out and what nobody sees make no difference', async () => {
  await using shop = await openCounter()
  const people = ['Mary O’Leary', "Sean O'Brien", 'Jörg Müller', 'Anna Mueller-Luedenscheidt', 'Bo Århus', 'Joe Kræmer']
  for (const full_name of people) await shop.takeIn({ customer: { full_name } })
  await shop.takeIn({ customer: { full_name: '\u200bZe\u00adlda\u202e \ufeffQuist' } })
  const found: Record<string, string[]> = {
    "o'leary": ['Mary O’Leary'],
    oleary: ['Mary O’Leary'],
    'o´le': ['Mary O’Leary'],
    leary: ['Mary O’Leary'],
    le: ['Mary O’Leary'],
    'O’Brien': ["Sean O'Brien"],
    obrien: ["Sean O'Brien"],
    mueller: ['Anna Mueller-Luedenscheidt', 'Jörg Müller'],
    müller: ['Anna Mueller-Luedenscheidt', 'Jörg Müller'],
    'müller-lüdenscheidt': ['Anna Mueller-Luedenscheidt'],
    joerg: ['Jörg Müller'],
    aarhus: ['Bo Århus'],
    arhus: ['Bo Århus'],
    krämer: ['Joe Kræmer'],
    kraemer: ['Joe Kræmer'],
    joe: ['Joe Kræmer', 'Jörg Müller'],
    'zelda quist': ['Zelda Quist'],
    'Z\u200belda': ['Zelda Quist'],
  }
  for (const [q, expected] of Object.entries(found)) expect(await names(shop, q), q).toEqual(expected)
})

test('rows whose words were made by an older program are found again once they are made anew', async () => {
  await using shop = await openCounter()
  await bringUpToDate(shop.context)
  const { customer_id } = await shop.takeIn({ customer: { full_name: 'Jörg Müller' } })
  await bringUpToDate(shop.context)
  await shop.write(async (trx) => {
    await trx[QUERY].deleteFrom('search_pending').execute()
    await sql`delete from search_user where ${sql.raw(trx.engine === 'sqlite' ? 'rowid' : 'id')} = ${customer_id}`.execute(
      trx[QUERY],
    )
  })
  await bringUpToDate(shop.context)
  expect(await names(shop, 'joerg')).toEqual([])
  await shop.write((trx) => upsertLocal(trx, 'upkeep', { name: 'search user' }, { form: '1' }))
  await bringUpToDate(shop.context)
  expect(await names(shop, 'joerg')).toEqual(['Jörg Müller'])
})

test('phone numbers are found however they are written', async () => {
  await using shop = await openCounter()
  await shop.takeIn({ customer: { full_name: 'Pia Phone', phone: '+49 (170) 123-4567' } })
  for (const q of ['4567', '1701234567', '0170 1234', '+49170', '170-123'])
    expect(await names(shop, q), q).toEqual(['Pia Phone'])
})

test('one phone number is found in its national and its international spelling', async () => {
  await using shop = await openCounter()
  const known = {
    Nora: '0171 5550123',
    Inge: '+49 (0)172 555-0199',
    Rita: '06 555 0144',
    Uma: '(212) 555-0187',
    Other: '0160 171 5550',
  }
  for (const [full_name, phone] of Object.entries(known)) await shop.takeIn({ customer: { full_name, phone } })
  const found: Record<string, string> = {
    '+49 171 5550123': 'Nora',
    '0049 171 5550123': 'Nora',
    '+49 (0)171 555-0123': 'Nora',
    '+491715550123': 'Nora',
    '+49 171 5550': 'Nora',
    '0172 5550199': 'Inge',
    '+39 06 5550144': 'Rita',
    '+1 212 555 0187': 'Uma',
  }
  for (const [q, name] of Object.entries(found)) expect(await names(shop, q), q).toEqual([name])
  for (const q of ['+49 171 5550124', '+49 1715', '+49 5550123', '+49 00000171'])
    expect(await names(shop, q), q).toEqual([])
})

test('who has the number as it is typed comes before who may have it in another spelling', async () => {
  await using shop = await openCounter()
  await shop.takeIn({ customer: { full_name: 'Exact', phone: '+49 171 5550123' } })
  await shop.takeIn({ customer: { full_name: 'Likely', phone: '0171 5550123' } })
  expect(await names(shop, '+49 171 5550123')).toEqual(['Exact', 'Likely'])
})

test('the ticket whose number ends so comes before newer ones that mention the digits', async () => {
  await using shop = await openCounter()
  for (let n = 0; n < 12; n++) await shop.takeIn({ note: n === 11 ? 'error 000003 on start' : '' })
  const tickets = async (q: string) => (await search(shop, q)).tickets.map(({ id }: any) => id)
  expect(await tickets('3')).toEqual([3])
  expect(await tickets('000003')).toEqual([3, 12])
  expect(await tickets('s1-t1-000003')).toEqual([3])
  expect(await tickets('T:S1-T1-000012')).toEqual([12])
  expect((await tickets('1')).slice(0, 1)).toEqual([1])
})

test('a ticket is found by its number as people write it, in the search and in the list', async () => {
  await using shop = await openCounter()
  for (let n = 0; n < 3; n++) await shop.takeIn({ note: n === 2 ? 'error 2 on start' : '' })
  const written = [
    'T1-2',
    '#2',
    's1t1000002',
    'S1–T1–000002',
    'S1—T1—2',
    'S1‑T1‑2',
    'S1−T1−2',
    's1 t1 2',
    'T:S1-T1-000002',
  ]
  for (const q of written) {
    expect((await search(shop, q)).tickets[0]?.id, q).toBe(2)
    if (q.startsWith('T:')) continue
    const { rows } = (await shop.counter('GET', `/repairs?q=${encodeURIComponent(q)}`)).body
    expect(
      rows.map(({ id }: any) => id),
      q,
    ).toContain(2)
  }
  expect((await search(shop, 'S1-T1-2')).tickets).toHaveLength(1)
})

test('digits find the ticket of every series, those from before a restore included', async () => {
  await using shop = await openCounter()
  for (let n = 0; n < 5; n++) await shop.takeIn()
  for (const terminal of ['T1X2', 'T1X4', 'T10']) {
    await shop.write((trx) => patch(trx, 'node', 0, { terminal }))
    const { tickets } = await search(shop, '4')
    expect(
      tickets.map(({ id }: any) => id),
      terminal,
    ).toEqual(terminal === 'T10' ? [] : [4])
  }
})

test('a repair is found by the name of its fault, in both languages, beside its own words, and by the new name at once', async () => {
  await using shop = await openCounter()
  const fault = async (name: string) =>
    (await shop.call('POST', '/v1/problems', { as: shop.admin, body: { name } })).body
  const [battery, screen] = [await fault('Battery weak'), await fault('Display defekt')]
  await shop.takeIn({ problem_ids: [battery.id, screen.id], note: 'swollen' })
  await shop.takeIn({ problem_ids: [battery.id] })
  await shop.takeIn({ note: 'battery door lost' })
  const [gone] = [await shop.takeIn({ problem_ids: [battery.id] })]
  await shop.call('DELETE', `/v1/orders/${gone.order_id}`, { as: shop.admin })
  const found = async (q: string) => {
    const tickets = (await search(shop, q)).tickets.map(({ id }: any) => id)
    const { rows } = (await shop.counter('GET', `/repairs?q=${encodeURIComponent(q)}`)).body
    expect(
      rows.map(({ id }: any) => id),
      q,
    ).toEqual(tickets)
    return tickets
  }
  expect(await found('battery')).toEqual([3, 2, 1])
  expect(await found('akku schwach')).toEqual([2, 1])
  expect(await found('AKKU')).toEqual([2, 1])
  expect(await found('ak')).toEqual([2, 1])
  expect(await found('swollen akku')).toEqual([1])
  expect(await found('screen broken')).toEqual([1])
  expect(await found('display')).toEqual([1])
  await shop.write((trx) => patch(trx, 'problem', battery.id, { name: 'Energy', name_key: 'energy' }))
  expect(await found('akku')).toEqual([])
  expect(await found('energy')).toEqual([2, 1])
  expect(await found('battery')).toEqual([3])
})

test('a receipt number leads to the ticket that was paid', async () => {
  await using shop = await openCounter()
  for (let n = 0; n < 3; n++) await shop.takeIn({ estimate_cents: 100 })
  await shop.counter('POST', '/tickets/3/payments', { amount_cents: 100, method: 'Cash' })
  const before = { receipt_number: 'S1-T1-000001', due_amount_cents: 100, status: 'Paid', paid_at: 1 } as const
  await shop.write((trx) => insert(trx, 'payment', { order_id: 2, ...before }))
  const found = async (q: string) =>
    (await search(shop, q)).tickets.map(({ id, receipt_number }: any) => [id, receipt_number])
  const [number, old] = ['S1-T1-R000001', 'S1-T1-000001']
  expect(await found(number.toLowerCase())).toEqual([[3, number]])
  // A receipt of before they had their letter bears the number of another ticket.
  expect(await found(old)).toEqual([
    [1, null],
    [2, old],
  ])
  for (const q of ['1', '000001'])
    expect((await found(q)).slice(0, 3), q).toEqual([
      [1, null],
      [3, number],
      [2, old],
    ])
  expect(await found(`T:${old}`)).toEqual([[1, null]])
  expect(await found(`R:${old}`)).toEqual([[2, old]])
  expect(await found(`R:${number}`)).toEqual([[3, number]])
  expect(await found('R:S1-T1-R000002')).toEqual([])
  const { payments } = (await shop.counter('GET', '/tickets/3')).body
  await shop.counter('PATCH', `/tickets/3/payments/${payments[0].id}`, { amount_cents: 0, reason: 'Typed twice' })
  await shop.call('DELETE', `/v1/payments/${payments[0].id}`, { as: shop.admin })
  for (const q of [number, 'S1-T1-R000002']) expect(await found(`R:${q}`), q).toEqual([[3, q]])
})

test('the end of a serial number finds its device first, and the repairs of that device', async () => {
  await using shop = await openCounter()
  const device = (serial_number: string) => ({ device: { model_id: shop.kind.model_id, serial_number } })
  const old = await shop.takeIn(device('35 209900 176148 1'))
  const newer = await shop.takeIn(device('176148 999999 999'))
  const { devices, tickets } = await search(shop, '1761481')
  expect(devices.map(({ id }: any) => id)).toEqual([old.device_id])
  expect(tickets.map(({ id }: any) => id)).toEqual([old.order_id])
  expect((await search(shop, '176148')).devices.map(({ id }: any) => id)).toEqual([newer.device_id, old.device_id])
  expect((await search(shop, '6148999999999')).devices.map(({ id }: any) => id)).toEqual([newer.device_id])
})

test('the end of a phone number leads to the repairs of whoever has it, four digits and more', async () => {
  await using shop = await openCounter()
  const { ticket_number } = await shop.takeIn({ customer: { full_name: 'Ina Ending', phone: '0171 555 4832' } })
  await shop.takeIn({ customer: { full_name: 'Ben Begins', phone: '0171 4832 555' } })
  const numbers = async (q: string) => {
    await shop.database.flushSearchIndex()
    const { body } = await shop.counter('GET', `/search?q=${q}`)
    return body.tickets.map((ticket: { ticket_number: string }) => ticket.ticket_number)
  }
  expect(await numbers('4832')).toEqual([ticket_number])
  expect(await numbers('832')).toEqual([])
})

test('our labels say what they are', async () => {
  await using shop = await openCounter()
  const taken = await shop.takeIn({ device: { model_id: shop.kind.model_id, serial_number: 'SN-1' } })
  const ids = async (q: string) => {
    const { customers, devices, tickets } = await search(shop, q)
    return [customers, devices, tickets].map((rows) => rows.map(({ id }: any) => id))
  }
  expect(await ids(`D:${taken.device_id}`)).toEqual([[], [taken.device_id], [taken.order_id]])
  expect(await ids('S:sn1')).toEqual([[], [taken.device_id], [taken.order_id]])
  expect(await ids('T:S1-T1-000001')).toEqual([[], [], [taken.order_id]])
})

test('neither staff nor anybody who was deleted is a customer; who was shut out still is', async () => {
  await using shop = await openCounter()
  const gone = await shop.person('customer', { full_name: 'Gone Person' })
  await shop.person('customer', { full_name: 'Shut Person' }).then(({ id }) => shop.write((trx) => deactivate(trx, id)))
  await shop.write((trx) => removeUser(trx, gone.id))
  expect(await names(shop, 'person')).toEqual(['Shut Person'])
  expect(await names(shop, 'kim')).toEqual([])
})

test('what changed is found by its new words, and not by its old', async () => {
  await using shop = await openCounter()
  const { order_id, customer_id } = await shop.takeIn({ note: 'display flickers' })
  await shop.counter('PATCH', `/tickets/${order_id}`, { note: 'battery swollen' })
  await shop.counter('PATCH', `/customers/${customer_id}`, { full_name: 'Renamed Rita' })
  expect((await search(shop, 'flicker')).tickets).toEqual([])
  expect((await search(shop, 'swoll')).tickets).toHaveLength(1)
  expect(await names(shop, 'ingo')).toEqual([])
  expect(await names(shop, 'rita')).toEqual(['Renamed Rita'])
})

test('signs mean nothing special, and the newest come first within the limit', async () => {
  await using shop = await openCounter()
  for (let n = 1; n <= 5; n++) await shop.takeIn({ customer: { full_name: `Percent% under_score "quote" Nr ${n}` } })
  for (const q of ['%', '_', '"', "'", '*', 'a"b', 'percent OR x', 'NEAR(', '\\'])
    expect((await shop.counter('GET', `/search?q=${encodeURIComponent(q)}`)).status, q).toBe(200)
  expect(await names(shop, 'percent%')).toHaveLength(5)
  expect(await names(shop, 'perc_nt')).toEqual([])
  expect(
    (await search(shop, 'under_score', '&limit=2')).customers.map(({ full_name }: any) => full_name.slice(-1)),
  ).toEqual(['5', '4'])
})
