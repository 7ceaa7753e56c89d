import { existsSync, readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { checkContent } from '../../db/check/check-content.ts'
import { readErasedSince } from '../../db/file/contents.ts'
import { findIds } from '../../db/search/search.ts'
import type { Trx } from '../../db/handle.ts'
import { insertLocal } from '../../db/local.ts'
import { insert, patch } from '../../db/rows.ts'
import { addUser, patchUser } from '../../server/shop/people/users.ts'
import { addAddress } from '../../server/shop/people/addresses.ts'
import { addToCart, findCart } from '../../server/shop/sales/carts.ts'
import { findOrAddModel, findOrAddNamed } from '../../server/shop/devices/catalogue.ts'
import { registerDevice } from '../../server/shop/devices/devices.ts'
import { keepIntake } from '../../server/shop/repairs/intakes.ts'
import { appendOrderEvents } from '../../server/shop/repairs/order-events.ts'
import { changeOrder, openOrder } from '../../server/shop/repairs/orders.ts'
import { changeSalesOrder } from '../../server/shop/sales/order-outcome.ts'
import { placeOrder } from '../../server/shop/sales/orders.ts'
import { takePayment } from '../../server/shop/repairs/payments.ts'
import { beginPending, keepFiles, readPhoto, resolvePending } from '../../server/shop/photos/photo-files.ts'
import { addTicketPhotos } from '../../server/shop/repairs/ticket-photos.ts'
import { evaluate, requestPickup } from '../../server/shop/trade-ins/trade-ins.ts'
import { openCommandLine, serveProcess } from './command-line.ts'
import { journalOf, packWholeJournal, QUUX } from '../support/journal.ts'

/** A customer with a repair; returns both ids. */
async function addCustomer(trx: Trx, full_name: string, phone: string) {
  const owner_id = await addUser(trx, {
    full_name: `Misspelt ${phone}`,
    phone,
    email: `${phone}@mail.example`,
    role: 'customer',
    is_staff: false,
  })
  await patchUser(trx, owner_id, { full_name })
  const device_type_id = await findOrAddNamed(trx, 'device_type', 'Phone')
  const brand_id = await findOrAddNamed(trx, 'brand', 'Apple')
  const model_id = await findOrAddModel(trx, { device_type_id, brand_id, name: 'iPhone 13' })
  const { id: device_id } = await registerDevice(trx, {
    device_type_id,
    brand_id,
    model_id,
    owner_id,
    notes: `belongs to ${full_name}`,
  })
  const order = (await openOrder(trx, { device_id, cost_cents: 9_900, note: `${full_name} dropped it` })).id
  await keepIntake(trx, order, { accessories: [`${full_name}'s charger`] })
  await appendOrderEvents(trx, order, [{ kind: 'message', text: `${full_name} called` }])
  await changeOrder(trx, order, { note: `${full_name} dropped it twice`, cost_cents: 8_800 })
  return { owner_id, order }
}

/** A shop where Wilhelmina Quux had a repair, among others; returns what `addCustomer` does. */
const fill = async (cli: Awaited<ReturnType<typeof openCommandLine>>) =>
  await cli.look(async (database) => {
    const write = <T>(run: (trx: Trx) => Promise<T>) => database.write(by, run)
    for (let n = 0; n < 40; n++) await write((trx) => addCustomer(trx, `Somebody Before ${n}`, `555-02${n + 10}`))
    const added = await write((trx) => addCustomer(trx, 'Wilhelmina Quux', '555-0199'))
    await database.flushSearchIndex()
    await write((trx) => takePayment(trx, { order_id: added.order, amount_cents: 8_800, payment_method: 'Cash' }))
    await write((trx) => changeOrder(trx, added.order, { status: 'Completed' }))
    for (let n = 0; n < 40; n++) await write((trx) => addCustomer(trx, `Somebody Else ${n}`, `555-03${n + 10}`))
    await database.flushSearchIndex()
    return added
  })

const by = { actor: null, device: null, act: 'test' }

test.each(['as it was written', 'packed'])(
  'an erased person is nowhere to be read in a journal %s, which still verifies',
  async (form) => {
    await using cli = await openCommandLine()
    const { owner_id } = await fill(cli)
    if (form === 'packed') await cli.look(packWholeJournal)
    const said = await cli.run(['erase', '--customer', String(owner_id)])
    expect(said).toMatchObject({ code: 0, err: '' })
    expect(said.out).toMatch(/^Customer \d+ is erased, and \d+ entries of the journal with them\.\n/)
    expect(said.out).toContain('Not looked at: what was written about them on the repairs of others')

    expect(await cli.run(['verify'])).toMatchObject({ code: 0, out: expect.stringMatching(/, \d+ of them erased/) })
    await cli.look(async (database) => {
      const { db } = database
      expect(await findIds(db, 'user', 'quux', { limit: 5 })).toEqual([])
      expect(await findIds(db, 'user', 'somebody', { limit: 5 })).toHaveLength(5)
      const tables = ['user', 'device', 'repair_order', 'intake', 'order_event'] as const
      const rows = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()))
      const written = JSON.stringify([rows, await journalOf(database)])
      for (const trace of [QUUX, /555-0199/, /5550199/]) expect(written).not.toMatch(trace)
      expect(written).toContain('Somebody Else')
      await packWholeJournal(database)
      expect((await checkContent(database)).findings).toEqual([])
    })
    if ('file' in cli.at) expect(readErasedSince(cli.at.file, { epoch: 1, seq: 0 })).toEqual([owner_id])
    const again = await cli.run(['erase', '--customer', String(owner_id)])
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('and 0 entries of the journal') })
  },
)

test('prices, payments and what happened when stay, and are still held against the journal', async () => {
  await using cli = await openCommandLine()
  const { owner_id, order } = await fill(cli)
  const money = () =>
    cli.look(async ({ db }) => [
      await db.selectFrom('repair_order').select(['cost_cents', 'status']).where('id', '=', order).execute(),
      await db.selectFrom('payment_entry').selectAll().orderBy('id').execute(),
      await db.selectFrom('order_event').select(['kind', 'created_at', 'to_value']).orderBy('id').execute(),
    ])
  const before = await money()
  await cli.run(['erase', '--customer', String(owner_id)])
  expect(await money()).toEqual(before)
  await cli.tamper(`update repair_order set cost_cents = 100 where id = ${order}`)
  expect((await cli.run(['verify'])).err).toContain(`repair_order ${order}: cost_cents differs`)
})

test('what is written after an erasure is held against the journal, and can be erased in turn', async () => {
  await using cli = await openCommandLine()
  const { owner_id, order } = await fill(cli)
  await cli.run(['erase', '--customer', String(owner_id)])
  await cli.look((database) => database.write(by, (trx) => changeOrder(trx, order, { note: 'Mr Quux came again' })))
  expect((await cli.run(['verify'])).code).toBe(0)
  expect((await cli.run(['erase', '--customer', String(owner_id)])).code).toBe(0)
  expect((await cli.run(['verify'])).code).toBe(0)
  expect(JSON.stringify(await cli.look(journalOf))).not.toMatch(QUUX)
})

test('a body that somebody blanked without erasing it is named', async () => {
  await using cli = await openCommandLine()
  const { owner_id } = await fill(cli)
  await cli.run(['erase', '--customer', String(owner_id)])
  await cli.tamper('update journal set before = null, after = null, salt = null where seq = 5')
  const { code, err } = await cli.run(['verify'])
  expect(code).toBe(1)
  expect(err).toMatch(/entry 0\/1\/5, about \w+ \d+: its body is gone, and no erasure says so\.$/m)
})

test('what says that something was erased cannot be blanked', async () => {
  await using cli = await openCommandLine()
  const { owner_id } = await fill(cli)
  await cli.run(['erase', '--customer', String(owner_id)])
  await cli.tamper(`update journal set before = null, after = null, salt = null where kind = 'erase'`)
  expect((await cli.run(['verify'])).err).toContain('its body is gone, and no erasure says so')
})

test('nothing of an erased person is left in the bytes of the file', async () => {
  await using cli = await openCommandLine()
  const { owner_id } = await fill(cli)
  const indexes = ['search_user', 'search_device', 'search_repair_order']
  expect(traces(cli.folder)).toEqual(expect.arrayContaining([' Quux', ...indexes]))
  await cli.run(['erase', '--customer', String(owner_id)])
  expect(traces(cli.folder)).toEqual([])
  expect(readFileSync(`${cli.folder}/fixpoint.db`, 'latin1')).toContain('Somebody Else')
})

test('beside a server what is left goes when it is stopped and the command run again', async () => {
  await using cli = await openCommandLine()
  const { owner_id } = await fill(cli)
  const server = await serveProcess(cli.folder)
  const { out } = await cli.run(['erase', '--customer', String(owner_id)])
  expect(out).toContain('stop the server and run this again')
  expect(await server.stop('SIGTERM')).toBe(0)
  expect((await cli.run(['erase', '--customer', String(owner_id)])).out).not.toContain('Traces')
  expect(traces(cli.folder)).toEqual([])
})

/** What can be read of Wilhelmina Quux in the files of a database: her texts, and the trigrams of the search indexes. */
function traces(folder: string): string[] {
  // A digest, which is random, holds neither a blank nor a quote.
  const texts = [' Quux', '"Quux', 'Wilhelmina', '555-0199', '5550199']
  const found = ['', '-wal'].flatMap((part) =>
    texts.filter((text) => bytes(`${folder}/fixpoint.db${part}`).includes(text)),
  )
  const file = new Database(`${folder}/fixpoint.db`)
  for (const index of ['search_user', 'search_device', 'search_repair_order']) {
    const blocks = file.prepare(`select block from ${index}_data`).pluck().all() as Buffer[]
    // Terms are kept in order and without what they share with the one before: only hers begin with q.
    if (blocks.some((block) => block.includes('quu'))) found.push(index)
  }
  file.close()
  return found
}

function bytes(file: string): string {
  return existsSync(file) ? readFileSync(file, 'latin1') : ''
}

/** What Wilhelmina Quux left in the store: an address, a cart, and an order that is sent to her. */
async function shopOnline(trx: Trx, user_id: number) {
  const name = 'Wilhelmina Quux'
  const address = { full_name: name, phone_number: '555-0199', city: 'Quuxville', state: '', postal_code: '' }
  await addAddress(trx, user_id, { ...address, address_line1: '1 Quux St', address_line2: 'at Quux', country: 'CA' })
  const phones = { slug: 'phones', name: 'Phone', name_key: 'phone', shown_as: 'Phones' }
  const product_id = await insert(trx, 'product', {
    category_id: await insert(trx, 'category', phones),
    brand_id: await findOrAddNamed(trx, 'brand', 'Apple'),
    model: 'X',
    name: 'X',
    condition: 'A',
    price_cents: 100,
    original_price_cents: 100,
    discount_tenths: 0,
    rating_hundredths: 0,
    reviews: 0,
    highlights: '[]',
    cities: '[]',
    city_keys: '|',
    serialised: false,
  })
  await insert(trx, 'stock_movement', { product_id, quantity: 5, kind: 'receipt' })
  await addToCart(trx, user_id, { product_id, qty: 2 })
  const shipping_address = JSON.stringify(address)
  const lines = [{ product_id, qty: 1 }]
  const { order } = await placeOrder(trx, { user_id, lines, payment_method: 'cod', shipping_address, minutes: 30 })
  await changeSalesOrder(trx, order.id, { notes: 'Quux rings twice' })
  const paid = { order_id: order.id, amount_cents: 100 }
  const payment = { ...paid, method: 'card', currency: 'USD', status: 'succeeded', refund_due: false }
  const payment_id = await insert(trx, 'sales_payment', payment)
  const refund = { ...paid, payment_id, status: 'succeeded' as const, request_key: 'key', restocks: false }
  await insert(trx, 'refund', { ...refund, reason: 'Quux changed her mind' })
  return order.id
}

test('what an erased person left in the store goes, and what they paid stays', async () => {
  await using cli = await openCommandLine()
  const { owner_id } = await fill(cli)
  const order = await cli.look((database) => database.write(by, (trx) => shopOnline(trx, owner_id)))
  const erase = () => cli.run(['erase', '--customer', String(owner_id)])
  expect(await erase()).toMatchObject({ code: 1, err: expect.stringContaining(`open orders: ORD${order}`) })
  await cli.look((database) => database.write(by, (trx) => changeSalesOrder(trx, order, { status: 'completed' })))
  expect((await erase()).code).toBe(0)
  expect((await erase()).out).toContain('and 0 entries of the journal')
  expect((await cli.run(['verify'])).code).toBe(0)
  await cli.look(async ({ db }) => {
    const tables = ['address', 'cart', 'cart_item', 'sales_order', 'refund', 'journal'] as const
    const written = JSON.stringify(await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute())))
    for (const trace of [QUUX, /555-0199/]) expect(written).not.toMatch(trace)
    expect(await findCart(db, owner_id, Date.now())).toBe(null)
    expect(await db.selectFrom('sales_order').select(['status', 'total_cents']).execute()).toEqual([
      { status: 'completed', total_cents: 100 },
    ])
  })
})

/** What is written about a person where a device is bought from them. */
async function buyWords(trx: Trx, pickup_id: number, customer_id: number, user_id: number) {
  const offer = { pickup_id, condition: 'B' as const, base_cents: null, source: 'manual' as const, deductions: '[]' }
  const ours = { price_cents: 21_000, made_by: user_id, version: 2 }
  await insert(trx, 'offer', { ...offer, ...ours, reason: 'Quux haggles' })
  const checklist_id = await insert(trx, 'checklist', { device_type_id: null, moment: 'buy-in' })
  const question = { section: 'function' as const, part: null, text: '{}', answers: 'text' as const, options: '[]' }
  const item_id = await insert(trx, 'checklist_item', { ...question, checklist_id, position: 1, must: false })
  for (const [choice, choice_text] of [
    ['Quux sat on it', null],
    ['87', null],
    ['near', '{}'],
  ] as const)
    await insert(trx, 'checklist_answer', { item_id, item_text: '{}', pickup_id, choice, choice_text, user_id })
  const paper = { number: 'P1', kind: 'purchase' as const, cashier_id: user_id, started_at: 0, total_cents: 0 }
  const shop = { currency: 'USD', tax_mode: 'none' as const, surface: 'counter' as const }
  await insert(trx, 'receipt', { ...paper, ...shop, customer_id, note: 'Quux came back' })
  const draft = { id: 'draft', pickup_id, order_id: null, device: '{}', answers: '["Quux"]', offer: 'null' }
  const last = { photo_ids: '[]', version: 1, updated_by: user_id, created_at: 0, updated_at: 0 }
  await insertLocal(trx, 'buy_in_draft', { ...draft, ...last })
}

test('what an erased person offered or brought in goes with its photos, unless somebody else shows the same', async () => {
  await using cli = await openCommandLine()
  const { owner_id, order } = await fill(cli)
  const [mine, shared, brought] = ['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64)]
  await cli.look(async (database) => {
    for (const sha256 of [mine, shared, brought]) {
      const mark = await beginPending(cli.folder, sha256)
      const files = { full: cli.file('full', 'full'), thumbnail: cli.file('thumbnail', 'thumb') }
      await keepFiles(cli.folder, { sha256, files })
      await resolvePending(cli.folder, mark, async () => true)
    }
    await database.write(by, async (trx) => {
      const brand_id = await findOrAddNamed(trx, 'brand', 'Apple')
      const photos: number[] = []
      for (const sha256 of [mine, shared, brought])
        photos.push(await insert(trx, 'photo', { sha256, width: 1, height: 1, bytes: 4 }))
      const phone = { brand_id, model_text: 'iPhone 12', condition: 'B' as const }
      const words = { additional_info: 'Wilhelmina Quux scratched it', address: '{"street":"Quux Lane"}' }
      const pickup = await requestPickup(trx, { ...phone, ...words, user_id: owner_id }, photos.slice(0, 2))
      await addTicketPhotos(trx, order, photos.slice(1))
      const other = (await trx.selectFrom('user').select('id').where('id', '<>', owner_id).executeTakeFirstOrThrow()).id
      await requestPickup(trx, { ...phone, user_id: other }, [photos[1]!])
      const found = { final_offer_cents: 20_000, notes: 'Quux says it fell' }
      await evaluate(trx, pickup, { tester_id: other, status: 'offered' }, found)
      await buyWords(trx, pickup, owner_id, other)
    })
  })
  const open = await cli.run(['erase', '--customer', String(owner_id)])
  expect([open.code, open.err]).toEqual([1, 'This customer has open trade-ins: 1. Answer or remove them first.\n'])
  await cli.look((database) => database.write(by, (trx) => patch(trx, 'pickup_request', 1, { status: 'rejected' })))
  expect((await cli.run(['erase', '--customer', String(owner_id)])).err).toBe('')
  await cli.look(async ({ db }) => {
    const journal = await db.selectFrom('journal').selectAll().execute()
    const rows = [
      await db.selectFrom('pickup_request').selectAll().execute(),
      await db.selectFrom('evaluation').selectAll().execute(),
      await db.selectFrom('offer').selectAll().execute(),
      await db.selectFrom('checklist_answer').selectAll().orderBy('id').execute(),
      await db.selectFrom('receipt').selectAll().execute(),
      await db.selectFrom('buy_in_draft').selectAll().execute(),
    ]
    expect(JSON.stringify([journal, rows])).not.toMatch(QUUX)
    expect(rows.slice(2)).toMatchObject([
      [{ price_cents: 20_000 }, { price_cents: 21_000, reason: null }],
      [{ choice: '' }, { choice: '87' }, { choice: 'near' }],
      [{ number: 'P1', note: null }],
      [],
    ])
    expect(rows[1]).toMatchObject([{ final_offer_cents: 20_000, notes: null }])
  })
  for (const sha256 of [mine, brought])
    for (const size of ['full', 'thumbnail'] as const) expect(await readPhoto(cli.folder, sha256, size)).toBe(null)
  expect(await readPhoto(cli.folder, shared, 'full')).toEqual(Buffer.from('full'))
  expect((await cli.run(['verify'])).code).toBe(0)
})

test('nobody is erased who has an open repair or works here', async () => {
  await using cli = await openCommandLine()
  const { owner_id } = await cli.look((database) =>
    database.write(by, (trx) => addCustomer(trx, 'Wilhelmina Quux', '555-0199')),
  )
  const { code, err } = await cli.run(['erase', '--customer', String(owner_id)])
  expect(code).toBe(1)
  expect(err).toContain('open repairs: S1-T1-000001')
  const clerk = await cli.look((database) =>
    database.write(by, (trx) => addUser(trx, { full_name: 'Clerk', role: 'customer', is_staff: true })),
  )
  expect((await cli.run(['erase', '--customer', String(clerk)])).err).toContain('works here')
  expect((await cli.run(['erase', '--customer', '4711'])).err).toContain('There is no customer 4711')
  const names = await cli.look(({ db }) => db.selectFrom('user').select('full_name').execute())
  expect(names).toEqual([{ full_name: 'Wilhelmina Quux' }, { full_name: 'Clerk' }])
})
