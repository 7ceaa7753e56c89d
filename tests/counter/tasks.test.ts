import { expect, test } from 'vitest'
import { insert, patch } from '../../db/rows.ts'
import { formOf } from '../api/pictures.ts'
import { openTradeIns } from './trade-ins/trade-in-shop.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

type Row = { kind: string; about: { about_entity: string; about_id: number }; facts: string }

async function openTasks() {
  const shop = await openTradeIns()
  const tasks = async (as = shop.staff): Promise<Row[]> => (await shop.counter('GET', '/tasks', undefined, { as })).body
  const note = ({ kind, about, facts }: Row, put_aside = true) =>
    shop.counter('POST', '/tasks/notes', { ...about, kind, facts, put_aside })
  return { ...shop, tasks, note, kinds: async () => (await tasks()).map(({ kind }) => kind) }
}

test('an offer is a task until somebody says yes or no to it', async () => {
  await using shop = await openTasks()
  expect(await shop.tasks()).toEqual([])
  const { pickup_id, version } = await shop.offered()
  const [task] = await shop.tasks()
  expect(task).toMatchObject({
    kind: 'offer-unanswered',
    about: { about_entity: 'pickup_request', about_id: pickup_id },
    device: 'Apple iPhone 13',
    customer: 'Sam Seller',
    price_cents: 19_000,
    until: shop.clock.now() + 14 * DAY,
  })
  await shop.buy(pickup_id, shop.purchase(version))
  expect(await shop.tasks()).toEqual([])
})

test('a task that was put aside is there again once its facts are others, and no sooner', async () => {
  await using shop = await openTasks()
  const { pickup_id } = await shop.offered()
  const [task] = await shop.tasks()
  expect(await shop.note(task!)).toMatchObject({ status: 201, body: [] })
  shop.clock.pass(HOUR / 4)
  expect(await shop.tasks()).toEqual([])
  const { id, version } = (await shop.counter('POST', '/buy-ins', { pickup_id })).body
  const answers = shop.answers('yes', 'no', 'near')
  const device = { ...shop.device, serial_number: '356938035643809' }
  await shop.counter('PUT', `/buy-ins/${id}`, { version, device, answers })
  const made = await shop.counter('POST', `/buy-ins/${id}/offer`, { version: version + 1 })
  expect([made.status, made.text]).toEqual([201, expect.any(String)])
  const [again] = await shop.tasks()
  expect(again).toMatchObject({ about: task!.about, price_cents: 16_500 })
  // Somebody who still looks at the first one is told.
  expect((await shop.note(task!)).body.code).toBe('task-changed')
})

test('putting aside is taken back, and leaves both notes', async () => {
  await using shop = await openTasks()
  await shop.offered()
  const [task] = await shop.tasks()
  await shop.note(task!)
  const back = await shop.note(task!, false)
  expect([back.status, back.body]).toEqual([201, [task]])
  expect(await shop.database.db.selectFrom('task_note').select(['by', 'facts_seen']).orderBy('id').execute()).toEqual([
    { by: shop.staff.id, facts_seen: task!.facts },
    { by: shop.staff.id, facts_seen: '' },
  ])
})

test('a hold is a task on the day on which the unit may be sold, unless it was ended before', async () => {
  await using shop = await openTasks()
  const { pickup_id, version } = await shop.offered()
  const { unit_id, hold_until } = (await shop.buy(pickup_id, shop.purchase(version))).body
  const at = async (instant: number) => {
    shop.clock.pass(instant - shop.clock.now())
    const as = await shop.person('staff')
    return (await shop.tasks(as)).map(({ kind, about }) => [kind, about?.about_id])
  }
  expect(await at(hold_until - 1)).toEqual([])
  expect(await at(hold_until)).toEqual([['hold-over', unit_id]])
  expect(await at(hold_until + DAY - 1)).toEqual([['hold-over', unit_id]])
  expect(await at(hold_until + DAY)).toEqual([])
})

test('a hold that an admin ended, and a unit that went back, are nobody’s task', async () => {
  await using shop = await openTasks()
  const { pickup_id, version } = await shop.offered()
  const { id, unit_id, hold_until } = (await shop.buy(pickup_id, shop.purchase(version))).body
  await shop.counter('POST', `/purchases/${id}/undo`, { reason: 'Wrong device', approval: shop.approval })
  const again = (await shop.buy(pickup_id, shop.purchase(version))).body
  expect(again.unit_id).not.toBe(unit_id)
  await shop.byAdmin('POST', `/units/${again.unit_id}/hold/release`, { reason: 'Police have seen it' })
  shop.clock.pass(hold_until - shop.clock.now())
  expect(await shop.tasks(await shop.person('staff'))).toEqual([])
})

test('what is to be picked up today or before is a task until it was collected', async () => {
  await using shop = await openTasks()
  const [today, tomorrow, late] = [await shop.requested(), await shop.requested(), await shop.requested()]
  await shop.write(async (trx) => {
    const { now } = trx.act
    await patch(trx, 'pickup_request', today, { scheduled_at: now + 2 * HOUR })
    await patch(trx, 'pickup_request', tomorrow, { scheduled_at: now + DAY })
    await patch(trx, 'pickup_request', late, { scheduled_at: now - 3 * DAY })
  })
  const abouts = async () => (await shop.tasks()).map(({ kind, about }) => [kind, about!.about_id])
  expect(await abouts()).toEqual([
    ['pick-up', late],
    ['pick-up', today],
  ])
  await shop.write((trx) => patch(trx, 'pickup_request', late, { status: 'collected' }))
  expect(await abouts()).toEqual([['pick-up', today]])
})

test('however many tasks were put aside, those behind them are shown, and are put aside in turn', async () => {
  await using shop = await openTasks()
  const first = await shop.requested()
  const like = await shop.database.db
    .selectFrom('pickup_request')
    .select(['user_id', 'brand_id', 'model_text', 'storage', 'condition', 'additional_info', 'address', 'notes'])
    .select(['deposit_amount_cents', 'estimated_price_cents', 'channel', 'device_id', 'order_id', 'status'])
    .select(['answered_offer_cents', 'answered_at', 'collected_at', 'given_back_at'])
    .where('id', '=', first)
    .executeTakeFirstOrThrow()
  const last = await shop.write(async (trx) => {
    const { now } = trx.act
    const at = (minutes: number) => ({ scheduled_at: now - DAY + minutes * 60_000 })
    await patch(trx, 'pickup_request', first, at(0))
    const others: number[] = []
    for (let minutes = 1; minutes <= 201; minutes++)
      others.push(await insert(trx, 'pickup_request', { ...like, ...at(minutes) }))
    const newest = others.pop()!
    for (const about_id of [first, ...others]) {
      const { scheduled_at } = at(about_id === first ? 0 : 1 + others.indexOf(about_id))
      const about = { kind: 'pick-up', about_entity: 'pickup_request', about_id }
      await insert(trx, 'task_note', { ...about, by: shop.staff.id, text: null, facts_seen: String(scheduled_at) })
    }
    return newest
  })
  const [task, ...more] = await shop.tasks()
  expect([task?.about.about_id, more]).toEqual([last, []])
  expect(await shop.note(task!)).toMatchObject({ status: 201, body: [] })
})

test('an evaluation whose question was changed is a task, and is put aside until it fits less', async () => {
  await using shop = await openTasks()
  const { id } = await shop.evaluated()
  const other = (await shop.counter('POST', '/buy-ins', { serial_number: '356938035643809' })).body
  const device = { ...shop.device, serial_number: other.device.serial_number }
  const answers = shop.answers('yes', 'yes', 'near')
  await shop.counter('PUT', `/buy-ins/${other.id}`, { version: other.version, device, answers })
  expect(await shop.tasks()).toEqual([])
  const option = { grade: null, deduction_id: null, blocks: false, below: null, conditions: [] }
  const ask = (question: number, keys: string[]) => {
    const options = keys.map((key) => ({ ...option, key, text: { en: key } }))
    return shop.byAdmin('PATCH', `/questions/${question}`, { options })
  }
  await ask(shop.questions.screen, ['clear', 'scratched'])
  const found = (await shop.tasks()).filter(({ kind }) => kind === 'answers-unfit')
  expect(found).toHaveLength(2)
  const task = found.find((one) => (one as Row & { draft_id: string }).draft_id === id)!
  expect(task).toMatchObject({ about: { about_entity: 'buy_in_draft' }, device: 'Apple iPhone 13' })
  // Each has a number of its own.
  expect(new Set(found.map(({ about }) => about.about_id)).size).toBe(2)
  expect((await shop.note({ ...task, about: { about_entity: 'pickup_request', about_id: 1 } })).status).toBe(409)
  expect((await shop.note(task)).body).toEqual(found.filter((one) => one !== task))
  const asked = { version: other.version + 1, answers: shop.answers('yes', 'yes', 'clear') }
  expect((await shop.counter('PUT', `/buy-ins/${other.id}`, asked)).status).toBe(200)
  expect(await shop.tasks()).toEqual([])
  await ask(shop.questions.port, ['works', 'loose'])
  expect((await shop.tasks()).map(({ about }) => about.about_id)).toContain(task.about.about_id)
})

test('no hold is over by a clock that nobody has confirmed', async () => {
  await using shop = await openTasks()
  const { pickup_id, version } = await shop.offered()
  const { hold_until } = (await shop.buy(pickup_id, shop.purchase(version))).body
  shop.clock.jump(hold_until + HOUR - shop.clock.now())
  expect(await shop.tasks()).toEqual([])
  await shop.counter('POST', '/clock', { says: shop.clock.now() })
  expect((await shop.tasks(await shop.person('staff'))).map(({ kind }) => kind)).toEqual(['hold-over'])
})

test('tasks are for who works at the desk', async () => {
  await using shop = await openTasks()
  const body = formOf({ brand_name: 'Apple', model_text: 'iPhone 13', condition: 'B' })
  await shop.call('POST', '/api/tradein/pickup-requests', { as: shop.customer, body })
  for (const as of [shop.evaluator, shop.customer])
    expect((await shop.counter('GET', '/tasks', undefined, { as })).status).toBe(403)
})

test('a clock that was ahead and put back keeps no task aside that somebody takes back', async () => {
  await using shop = await openTasks()
  await shop.offered()
  const [task] = await shop.tasks()
  shop.clock.jump(400 * DAY)
  await shop.write((trx) => insert(trx, 'task_note', noteOf(task!, shop.staff.id)))
  shop.clock.jump(-400 * DAY)
  expect(await shop.tasks()).toEqual([])
  await shop.note(task!, false)
  expect(await shop.tasks()).toMatchObject([{ about: task!.about }])
})

const noteOf = ({ kind, about, facts }: Row, by: number) => ({
  kind,
  about_entity: about.about_entity,
  about_id: about.about_id,
  by,
  text: null,
  facts_seen: facts,
})
