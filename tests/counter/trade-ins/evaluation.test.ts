import { expect, test } from 'vitest'
import { formOf } from '../../api/pictures.ts'
import { addModel } from '../../../server/shop/devices/catalogue.ts'
import { IMEI, openTradeIns } from './trade-in-shop.ts'

test('the answers of an evaluation give a grade, and the matrix less what they take off is offered without a fee', async () => {
  await using shop = await openTradeIns()
  expect((await shop.evaluated({}, shop.answers('yes', 'yes', 'none'))).offer.price_cents).toBe(24_000)
  expect(await shop.evaluated({}, shop.answers('yes', 'no', 'near'))).toMatchObject({
    assessment: { grade: 'B', blocked_by: [], unanswered: [], unfit: [] },
    offer: { base_cents: 19_000, deductions: [{ name: 'Charging port', amount_cents: 2_500 }], price_cents: 16_500 },
    checks: expect.arrayContaining([expect.objectContaining({ kind: 'luhn', result: 'pass' })]),
  })
  const other = await shop.evaluated()
  const { version } = other
  const changes = { version, device: { ...shop.device, storage: '1TB' } }
  expect((await shop.counter('PUT', `/buy-ins/${other.id}`, changes)).body.offer).toBeNull()
})

test('an evaluation without a seller is gone on with by somebody else, and who changes an older state of it is told', async () => {
  await using shop = await openTradeIns()
  const begun = (await shop.counter('POST', '/buy-ins', { serial_number: IMEI }, { as: shop.evaluator })).body
  const lines = (await shop.counter('GET', '/buy-ins')).body
  expect(lines).toMatchObject([{ id: begun.id, serial_number: IMEI, updated_by_name: 'Eve Tester' }])
  const put = (version: number, answers: object[], as = shop.staff) =>
    shop.counter('PUT', `/buy-ins/${begun.id}`, { version, answers }, { as })
  const first = await put(begun.version, shop.answers('yes', 'yes', 'none'))
  expect(first.status).toBe(200)
  const late = await put(begun.version, shop.answers('no', 'no', 'near'), shop.evaluator)
  expect([late.status, late.body.code, late.body.params.name]).toEqual([409, 'evaluation-changed', 'Kim Clerk'])
  expect((await shop.counter('GET', `/buy-ins/${begun.id}`)).body.answers).toEqual(first.body.answers)
})

test('a seller who is named makes a request of a walk-in, which the documented API shows with its offer', async () => {
  await using shop = await openTradeIns()
  const { pickup_id } = await shop.offered()
  const listed = (await shop.call('GET', '/api/admin/tradeins', { as: shop.admin })).body
  expect(listed).toMatchObject([{ pickup: { id: pickup_id, status: 'offered' }, evaluation: { final_offer: 190 } }])
  expect((await shop.counter('GET', '/buy-ins')).body).toEqual([])
})

test('nothing is offered while a question is open, for a device that is locked, or at a price that nobody has set', async () => {
  await using shop = await openTradeIns()
  const offer = async (given: object[], device = {}) => {
    const { id, version } = await shop.evaluated({}, given as never)
    const changed = (await shop.counter('PUT', `/buy-ins/${id}`, { version, device: { ...shop.device, ...device } }))
      .body
    const body = { version: changed.version, customer: { full_name: 'Sam Seller' } }
    return (await shop.counter('POST', `/buy-ins/${id}/seller`, body)).body.code
  }
  expect(await offer(shop.answers('yes', 'yes', 'none').slice(1))).toBe('answers-missing')
  expect(await offer(shop.answers('no', 'yes', 'none'))).toBe('device-blocked')
  expect(await offer(shop.answers('yes', 'yes', 'none'), { model: 'iPhone 99' })).toBe('price-not-set')
})

test('another price than the matrix has needs somebody who approves, by PIN or password', async () => {
  await using shop = await openTradeIns()
  const { id, version } = await shop.evaluated()
  const other_price = { price_cents: 18_000, reason: 'The case is bent a little', photo_id: null }
  const changed = (await shop.counter('PUT', `/buy-ins/${id}`, { version, other_price })).body
  const offer = (approval?: object) =>
    shop.counter('POST', `/buy-ins/${id}/seller`, {
      version: changed.version,
      customer: { full_name: 'Sam Seller' },
      approval,
    })
  expect((await offer()).body.code).toBe('offer-needs-approval')
  expect((await offer({ ...shop.approval, password: 'wrong password' })).body.code).toBe('approval-wrong')
  expect((await offer({ user_id: shop.staff.id, password: shop.approval.password })).body.code).toBe('may-not-approve')
  const { pickup_id } = (await offer(shop.approval)).body
  const made = await shop.database.db.selectFrom('offer').selectAll().where('pickup_id', '=', pickup_id).execute()
  expect(made).toMatchObject([
    { version: 1, source: 'manual', base_cents: 19_000, price_cents: 18_000, approved_by: shop.admin.id },
  ])
})

test('an answer is to the offer that its customer was shown last, whoever made the newer one', async () => {
  await using shop = await openTradeIns()
  const id = await shop.requested()
  const offer = async () => {
    const { id: draft, version } = await shop.evaluated({ pickup_id: id })
    expect((await shop.counter('POST', `/buy-ins/${draft}/offer`, { version })).status).toBe(201)
  }
  const mine = async () => (await shop.call('GET', '/api/tradein/pickup-requests/me', { as: shop.customer })).body[0]
  const accept = () =>
    shop.call('POST', `/api/tradein/pickup-requests/${id}/respond`, { as: shop.customer, body: { action: 'accept' } })
  await offer()
  expect(await mine()).toMatchObject({ status: 'offered', evaluation: { final_offer: 190 } })
  const evaluate = { final_offer: 150, status: 'offered' }
  await shop.call('PUT', `/api/admin/tradeins/${id}/evaluate`, { as: shop.admin, body: evaluate })
  expect((await accept()).body.detail).toBe('The offer has changed')
  await mine()
  expect((await accept()).status).toBe(200)
  const offers = await shop.database.db
    .selectFrom('offer')
    .select(['version', 'price_cents'])
    .orderBy('version')
    .execute()
  expect(offers).toEqual([
    { version: 1, price_cents: 19_000 },
    { version: 2, price_cents: 15_000 },
  ])
})

test('two people at one request work on one evaluation, and its customer sees that it has begun', async () => {
  await using shop = await openTradeIns()
  const id = await shop.requested()
  const begin = async (as = shop.staff) => (await shop.counter('POST', '/buy-ins', { pickup_id: id }, { as })).body
  const [first, second] = [await begin(), await begin(shop.evaluator)]
  expect(second.id).toBe(first.id)
  expect(first.device).toMatchObject({ brand: 'Apple', model: 'iPhone 13', storage: '128GB' })
  const mine = (await shop.call('GET', '/api/tradein/pickup-requests/me', { as: shop.customer })).body
  expect(mine[0].status).toBe('evaluating')
})

test('a repair that is not worth it is evaluated with what its intake said of the device', async () => {
  await using shop = await openTradeIns()
  const { order_id } = await shop.takeIn({ condition: { screen: 'worn', body: 'ok' } })
  const begun = (await shop.counter('POST', '/buy-ins', { order_id })).body
  expect(begun).toMatchObject({ order_id, device: { model: 'iPhone 13' } })
  expect(begun.answers).toEqual([{ item_id: shop.questions.screen, choice: 'near', photo_id: null }])
})

test('an old offer says what was asked and answered, to the cent, after its question and its deduction are gone', async () => {
  await using shop = await openTradeIns()
  const { id, version } = await shop.evaluated({}, shop.answers('yes', 'no', 'near'))
  const customer = { full_name: 'Sam Seller' }
  const { pickup_id } = (await shop.counter('POST', `/buy-ins/${id}/seller`, { version, customer })).body
  await shop.byAdmin('PATCH', `/questions/${shop.questions.port}`, { text: { en: 'Socket' } })
  await shop.byAdmin('DELETE', `/questions/${shop.questions.port}`)
  const [deduction] = (await shop.counter('GET', '/trade-in-deductions')).body
  await shop.byAdmin('DELETE', `/trade-in-deductions/${deduction.id}`)
  const { offers, answers } = (await shop.counter('GET', `/trade-ins/${pickup_id}`)).body
  const off = { name: 'Charging port', amount_cents: 2_500 }
  expect(offers).toMatchObject([{ base_cents: 19_000, deductions: [off], price_cents: 16_500 }])
  expect(answers).toEqual([
    { text: { en: 'Account lock off' }, choice: 'yes', choice_text: { en: 'yes' }, grade: null, deduction: null },
    { text: { en: 'Charging port' }, choice: 'no', choice_text: { en: 'no' }, grade: null, deduction: off },
    { text: { en: 'Screen' }, choice: 'near', choice_text: { en: 'near' }, grade: 'B', deduction: null },
  ])
})

test('a device that is on file as another model is put right when it is offered for', async () => {
  await using shop = await openTradeIns()
  const other = { brand_id: shop.kind.brand_id, device_type_id: shop.kind.device_type_id, name: 'iPhone 12' }
  const model_id = await shop.write(async (trx) => (await addModel(trx, other)).id)
  await shop.takeIn({ device: { model_id, serial_number: IMEI } })
  const ticket = await shop.database.db.selectFrom('repair_order').select('id').executeTakeFirstOrThrow()
  await shop.counter('PATCH', `/tickets/${ticket.id}`, { status: 'Cancelled' })
  const begun = (await shop.counter('POST', '/buy-ins', { serial_number: IMEI })).body
  expect(begun.device.model).toBe('iPhone 12')
  const changes = { version: begun.version, device: shop.device, answers: shop.answers('yes', 'yes', 'near') }
  const { id, version } = (await shop.counter('PUT', `/buy-ins/${begun.id}`, changes)).body
  await shop.counter('POST', `/buy-ins/${id}/seller`, { version, customer: { full_name: 'Sam Seller' } })
  const device = await shop.database.db.selectFrom('device').select(['model_id']).execute()
  expect(device).toEqual([{ model_id: shop.kind.model_id }])
})

test('a deduction that a question takes off stays until the question is changed', async () => {
  await using shop = await openTradeIns()
  const [port] = (await shop.counter('GET', '/trade-in-deductions')).body
  const remove = () => shop.counter('DELETE', `/trade-in-deductions/${port.id}`, undefined, shop.asAdmin)
  expect((await remove()).body.code).toBe('deduction-asked')
  await shop.byAdmin('DELETE', `/questions/${shop.questions.port}`)
  expect((await remove()).status).toBe(204)
})

test('a list of questions is made for a type that there is', async () => {
  await using shop = await openTradeIns()
  const make = (device_type_id: number) => shop.counter('POST', '/checklists', { device_type_id }, shop.asAdmin)
  expect((await make(0)).status).toBe(404)
  expect((await make(shop.kind.device_type_id)).status).toBe(201)
})

test('an evaluation whose id reads like the number of a card is one all the same', async () => {
  await using shop = await openTradeIns()
  const unknown = await shop.counter('GET', '/buy-ins/42424242-4242-4242-8242-424242424242')
  expect([unknown.status, unknown.body.code]).toEqual([404, 'evaluation-not-found'])
})

test('a device that was looked at is called as it is on file when its request is evaluated anew', async () => {
  await using shop = await openTradeIns()
  const fields = { brand_name: 'Apple', model_text: 'my old i phone', storage: '128GB', condition: 'B' }
  const asked = await shop.call('POST', '/api/tradein/pickup-requests', { as: shop.customer, body: formOf(fields) })
  const first = await shop.evaluated({ pickup_id: asked.body.id })
  expect((await shop.counter('POST', `/buy-ins/${first.id}/offer`, { version: first.version })).status).toBe(201)
  const again = (await shop.counter('POST', '/buy-ins', { pickup_id: asked.body.id })).body
  expect(again.device).toMatchObject({ brand: 'Apple', model: 'iPhone 13', storage: '128GB', serial_number: IMEI })
})
