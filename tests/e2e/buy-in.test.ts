import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { Shop } from '../support/shop.ts'
import { axe, openBusyCounter, picture, scan } from './support/counter.ts'
import {
  answerOf,
  cursorAt,
  keysOn,
  openTablet,
  questionOf,
  READING,
  signByFinger,
  sign,
  tradeInsOf,
} from './support/trade-ins.ts'

/** Buying in from the first key to the money, as a whole. */

/** Valid, and nobody has it; another one of the same eight first digits. */
const IMEI = '356938035643809'
const ALIKE = '356938031111116'

const price = (page: Page) =>
  page
    .getByRole('complementary', { name: 'Offer' })
    .getByText(/^£[\d.]+$/)
    .first()

/** What became of what these people offered: answered, paid how, and what lies in stock of it. */
const boughtOf = ({ database }: Shop, full_name: string) =>
  database.db
    .selectFrom('pickup_request')
    .innerJoin('user', 'user.id', 'pickup_request.user_id')
    .innerJoin('receipt_line', 'receipt_line.pickup_id', 'pickup_request.id')
    .innerJoin('receipt', 'receipt.id', 'receipt_line.receipt_id')
    .innerJoin('leg', 'leg.receipt_id', 'receipt.id')
    .innerJoin('unit', 'unit.id', 'receipt_line.unit_id')
    .select(['pickup_request.status', 'leg.method', 'leg.amount_cents', 'unit.serial_number', 'unit.condition'])
    .where('user.full_name', '=', full_name)
    .execute()

test('a phone is bought by the keyboard alone, from Shift+F2 to the money: in thirty keys, one scan and a signature', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await shop.person('customer', { full_name: 'Nina Known', phone: '0998 1234' })
  await shop.database.flushSearchIndex()
  const { id: model_id, ...kind } = await shop.database.db
    .selectFrom('model')
    .select(['id', 'brand_id', 'device_type_id'])
    .where('name', '=', 'iPhone 13')
    .executeTakeFirstOrThrow()
  const known = { ...kind, model_id, serial_number: ALIKE }
  await shop.call('POST', '/v1/devices', { as: await shop.person('admin'), body: known })
  const { press, type, count } = keysOn(page, READING)
  await press('Shift+F2')
  await page.locator('[data-step=number]:focus').waitFor()
  await picture(page, 'buy-in')
  await scan(page, IMEI)
  await page.locator('[data-step=suggested]:focus').waitFor()
  await press('1')
  await page.locator('[data-step=storage]:focus').waitFor()
  await press('1')
  await cursorAt(page, 'Starts and holds')
  await press('0')
  await cursorAt(page, 'Account lock off')
  expect(await answerOf(page, 'Cameras', 'Yes').getAttribute('aria-pressed')).toBe('true')
  await press('1')
  await cursorAt(page, 'Battery')
  await type('79')
  await press('Enter')
  await cursorAt(page, 'Screen')
  await page.getByText('C', { exact: true }).first().waitFor()
  await press('1', '2')
  await cursorAt(page, 'Back')
  await press('2')
  await page.locator('[data-step=seller]:focus').waitFor()
  await expect.poll(() => price(page).innerText()).toBe('£200.00')
  await picture(page, 'evaluate')
  await page.locator('[data-step=seller]').focus()
  await type('09981')
  await page.getByRole('option', { name: /Nina Known/ }).waitFor()
  await press('Enter')
  await page.locator('[data-step=make-offer]:focus').waitFor()
  await press('Control+Enter')
  await page.getByText(/^Offered £200.00 to Nina Known for Apple iPhone 13/).waitFor()
  expect(await axe(page)).toEqual([])
  await press('Alt+4')
  await page.getByRole('heading', { name: 'Buy Apple iPhone 13 128GB' }).waitFor()
  await page.getByRole('group', { name: 'Document' }).getByRole('button').first().and(page.locator(':focus')).waitFor()
  await press('1')
  await page.locator('[data-field=number]:focus').waitFor()
  await type('L01X00T47')
  await sign(page)
  await press('Control+Enter')
  await page.getByRole('heading', { name: /^Bought S1-T1-P/ }).waitFor()
  expect(count()).toBeLessThanOrEqual(30)
  expect(await boughtOf(shop, 'Nina Known')).toEqual([
    { status: 'accepted', method: 'cash', amount_cents: -20_000, serial_number: IMEI, condition: 'C' },
  ])
  expect(counter.faults).toEqual([])
})

test('a phone is bought on a tablet by touch alone, from the first button to the money', async () => {
  await using counter = await openBusyCounter()
  const { shop } = counter
  const tablet = await openTablet(counter)
  const tap = (name: string | RegExp, role: 'button' | 'link' | 'option' = 'button') =>
    tablet.getByRole(role, { name }).first().tap()
  await tablet.goto(shop.url)
  await tap('Buy in', 'link')
  await tablet.locator('[data-step=number]').fill(IMEI)
  await tap('Begin')
  await tablet.locator('[data-step=model]').fill('iPhone 13')
  await tap(/iPhone 13 Phone/, 'option')
  await tap('128GB')
  await tap('All the rest works')
  await answerOf(tablet, 'Account lock off', 'Yes').tap()
  await questionOf(tablet, 'Battery').getByRole('textbox').fill('93')
  await answerOf(tablet, 'Screen', 'seen from near').tap()
  await tap('The rest without marks')
  await expect.poll(() => price(tablet).innerText()).toBe('£255.00')
  await tablet.locator('[data-step=seller]').fill('0177 555 1')
  await tablet.locator('[data-step=seller-name]').fill('Toni Tablet')
  await tap('Offer £255.00')
  await tablet.getByText(/^Offered £255.00 to Toni Tablet/).waitFor()
  await tap(/^Papers and payout/, 'link')
  await tap('passport')
  await tablet.getByLabel('Number').fill('C01X00T47')
  await signByFinger(tablet)
  await tap(/Pay out .*255\.00 in cash/)
  await tablet.getByRole('heading', { name: /^Bought S1-T1-P/ }).waitFor()
  expect(await boughtOf(shop, 'Toni Tablet')).toEqual([
    { status: 'accepted', method: 'cash', amount_cents: -25_500, serial_number: IMEI, condition: 'B' },
  ])
  expect(counter.faults).toEqual([])
  await tablet.context().close()
})

test('a request becomes an offer from the list of requests by at most fifteen keys and a scan', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const admin = await shop.person('admin', { full_name: 'Ada Admin' })
  const customer = await shop.person('customer', { full_name: 'Hana Novák', phone: '07700 900342' })
  const asked = await tradeInsOf(shop, admin).requested(customer, { model_text: 'iPhone 13' }, 1)
  await page.goto(`${shop.url}/trade-ins`)
  await page
    .getByRole('link', { name: String(asked), exact: true })
    .and(page.locator(':focus'))
    .waitFor()
  const { press, type, count } = keysOn(page, READING)
  await press('Enter')
  await page.getByRole('heading', { name: `Request ${asked}` }).waitFor()
  await page.getByRole('button', { name: 'Collected' }).waitFor()
  await press('Alt+2')
  await page.getByRole('button', { name: 'Look at it' }).and(page.locator('[data-variant=filled]')).waitFor()
  await press('Alt+3')
  await page.getByText('no number yet').waitFor()
  await scan(page, IMEI)
  await page.getByText('A valid IMEI').waitFor()
  await cursorAt(page, 'Starts and holds')
  await press('0')
  await cursorAt(page, 'Account lock off')
  await press('1')
  await cursorAt(page, 'Battery')
  await type('79')
  await press('Enter')
  await cursorAt(page, 'Screen')
  await press('1', '2')
  await cursorAt(page, 'Back')
  await press('2')
  await page.locator('[data-step=make-offer]:focus').waitFor()
  await press('Control+Enter')
  await page.getByText(/^Offered £200.00 to Hana Novák for Apple iPhone 13/).waitFor()
  expect(count()).toBeLessThanOrEqual(15)
  const offer = shop.database.db.selectFrom('offer').select(['price_cents', 'version'])
  expect(await offer.where('pickup_id', '=', asked).execute()).toEqual([{ price_cents: 20_000, version: 1 }])
  expect(counter.faults).toEqual([])
})

test('a ticket whose device is bought closes before everybody’s eyes: its money stays due, and nobody begins or hands it over', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const desk = tradeInsOf(shop, await shop.person('admin', { full_name: 'Ada Admin' }))
  const model = await shop.database.db
    .selectFrom('model')
    .select('id')
    .where('name', '=', 'iPhone 13')
    .executeTakeFirstOrThrow()
  const taken = await desk.counter('POST', '/intakes', {
    customer: { full_name: 'Tess Ticket', phone: '0170 9911' },
    device: { model_id: model.id, serial_number: IMEI },
    estimate_cents: 4_900,
  })
  await page.goto(`${shop.url}/tickets/${taken.order_id}`)
  await page.getByRole('button', { name: 'Repairing' }).waitFor()
  const offered = await desk.offeredForTicket(taken.order_id, 9_000, { id: taken.customer_id })
  await page.getByRole('link', { name: `Became request ${offered.pickup_id}` }).waitFor()
  const owed = page.getByText(`Still owed on ${taken.ticket_number}: £49.00`)
  await page.goto(`${shop.url}/trade-ins/${offered.pickup_id}/purchase`)
  await owed.waitFor()
  await page.getByRole('link', { name: taken.ticket_number }).click()
  await page.getByRole('link', { name: `Became request ${offered.pickup_id}` }).waitFor()
  const { id, number } = await desk.bought(offered, 9_000)
  await page.getByText(`Bought by the shop: ${number}`).waitFor()
  await page.getByRole('button', { name: 'Completed', pressed: true }).waitFor()
  await page.getByText('£49.00').first().waitFor()
  expect(await page.getByRole('button', { name: /Hand over|It is back in the shop/ }).count()).toBe(0)
  await page.keyboard.press('Alt+1')
  await page.getByText(`The shop has bought this device: ${number}. Take the purchase back first.`).waitFor()
  expect(await axe(page)).toEqual([])
  await page.getByRole('link', { name: number }).click()
  await page.getByRole('heading', { name: `Bought ${number}` }).waitFor()
  await page.goto(`${shop.url}/purchases/${id}`)
  await owed.waitFor()
  await page.getByRole('link', { name: taken.ticket_number }).click()
  await page.getByRole('heading', { name: taken.ticket_number }).waitFor()
  expect(counter.faults).toEqual([])
})
