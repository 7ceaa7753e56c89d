import type { Request } from 'playwright-core'
import { expect, test } from 'vitest'
import { PASSWORD } from '../support/shop.ts'
import { type Counter, openBusyCounter, picture, scan } from './support/counter.ts'
import { countPrints, keysOn, openTablet, sign, signInAs, tradeInsOf } from './support/trade-ins.ts'

const [IMEI, OTHER] = ['490154203237518', '356938035643809']
const SELLER = { full_name: 'Sam Seller', phone: '0170 7700' }

async function openPurchase(counter: Counter, price_cents = 19_100, serial = IMEI) {
  const { shop, page } = counter
  const admin = await shop.person('admin', { full_name: 'Ada Admin' })
  const desk = tradeInsOf(shop, admin)
  const { pickup_id } = await desk.offeredAtDesk(serial, price_cents, SELLER)
  const open = async () => {
    await page.goto(`${shop.url}/trade-ins/${pickup_id}`)
    await page.getByRole('button', { name: /^Buy for/ }).waitFor()
  }
  return { pickup_id, admin, desk, open }
}

/** Those of the sellers of these tests: the demonstration has bought before. */
const receiptsOf = ({ shop }: Counter) =>
  shop.database.db
    .selectFrom('receipt')
    .leftJoin('user', 'user.id', 'receipt.approved_by')
    .innerJoin('user as seller', 'seller.id', 'receipt.customer_id')
    .select(['receipt.total_cents', 'user.full_name as approver'])
    .where('seller.full_name', '=', SELLER.full_name)
    .orderBy('receipt.id')
    .execute()

test('from the offer to the payout by keys alone: thirteen of them and a signature; then the papers, and the second is a copy', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  const { open, pickup_id } = await openPurchase(counter)
  await open()
  await picture(page, 'trade-in-offered')
  const keys = keysOn(page)
  await keys.press('Alt+4')
  await page.getByRole('heading', { name: 'Buy Apple iPhone 13 128GB' }).waitFor()
  await page.getByRole('group', { name: 'Document' }).getByRole('button').first().and(page.locator(':focus')).waitFor()
  await keys.press('1')
  await page.locator('[data-field=number]:focus').waitFor()
  await keys.type('L01X00T47')
  await sign(page)
  await picture(page, 'purchase')
  await keys.press('Control+Enter')
  await page.getByRole('heading', { name: /^Bought S1-T1-P/ }).waitFor()
  expect(keys.count()).toBeLessThanOrEqual(13)
  await page.getByText('On hold until').waitFor()
  await picture(page, 'trade-in-bought')

  const printed = await countPrints(page)
  await page.keyboard.press('F10')
  await page.getByText('for the seller').waitFor()
  expect(await page.getByText('COPY ·').count()).toBe(0)
  await picture(page, 'purchase-paper')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/print/label')
  await page.getByText('not before').waitFor()
  await picture(page, 'purchase-label')
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/trade-ins/${pickup_id}`)
  expect(await printed()).toBe(2)
  await page.getByRole('heading', { name: /^Bought S1-T1-P/ }).waitFor()
  await page.keyboard.press('F10')
  await page.getByText('COPY ·').first().waitFor()
  expect(await page.getByText('COPY ·').count()).toBe(2)
  expect(await receiptsOf(counter)).toEqual([{ total_cents: 19_100, approver: null }])
  expect(counter.faults).toEqual([])
})

test('what is missing is said beside its field; a scan pays nothing, wherever the cursor stands', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { pickup_id, admin } = await openPurchase(counter)
  await shop.call('PATCH', '/counter/shop/rules', {
    as: admin,
    body: { seller_fields: ['document_kind', 'number', 'valid_until', 'born', 'address'] },
  })
  await page.goto(`${shop.url}/trade-ins/${pickup_id}/purchase`)
  const pay = page.getByRole('button', { name: /Pay out .*191\.00 in cash/ })
  await pay.waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByText('The seller has not signed yet.').waitFor()
  expect(await page.getByText('This is needed.').count()).toBe(5)
  await picture(page, 'purchase-refused')
  await page.getByRole('button', { name: 'passport' }).click()
  await page.getByLabel('Number').fill('C01X00T47')
  await page.getByLabel('Valid until').fill('24/12/2020')
  await page.getByLabel('Born on').fill('1/2/2015')
  await page.getByText('This document has run out.').waitFor()
  await page.getByText('The seller is too young to sell.').waitFor()
  await page.getByLabel('Valid until').fill('24/12/2040')
  await page.getByLabel('Born on').fill('1/2/85')
  await page.getByText('1 February 1985').waitFor()
  await page.getByLabel('Address').fill('3 Park Road')
  await sign(page)
  await pay.focus()
  await scan(page, OTHER)
  await page.getByRole('combobox', { name: /Search/ }).waitFor()
  await page.keyboard.press('Escape')
  expect(await receiptsOf(counter)).toEqual([])
  await page.getByRole('link', { name: 'Requests' }).click()
  await page.goBack()
  await page.getByText('1 February 1985').waitFor()
  await page.getByRole('button', { name: 'In parts' }).click()
  await page.getByLabel('In cash').fill('100')
  await page.getByLabel('Account').fill('DE02 1203')
  await page.getByRole('button', { name: /Pay out .*100\.00 in cash and .*91\.00 by transfer/ }).click()
  await page.getByRole('heading', { name: /^Bought/ }).waitFor()
  const legs = await shop.database.db
    .selectFrom('leg')
    .innerJoin('receipt_line', 'receipt_line.receipt_id', 'leg.receipt_id')
    .select(['method', 'amount_cents', 'reference'])
    .where('receipt_line.pickup_id', '=', pickup_id)
    .orderBy('leg.id')
    .execute()
  expect(legs).toEqual([
    { method: 'cash', amount_cents: -10_000, reference: null },
    { method: 'transfer', amount_cents: -9_100, reference: 'DE02 1203' },
  ])
  expect(counter.faults).toEqual([])
})

test('above the limit somebody approves in place, by PIN or password; and a purchase is taken back with a reason', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { open, admin } = await openPurchase(counter, 61_000)
  await signInAs(page, await shop.person('staff', { full_name: 'Kim Clerk' }))
  await open()
  await page.keyboard.press('Alt+4')
  await page.getByText(/More than .*500\.00 needs approval/).waitFor()
  await page.getByRole('button', { name: 'passport' }).click()
  await page.getByLabel('Number').fill('C01X00T47')
  await sign(page)
  await page.keyboard.press('Control+Enter')
  await page.getByText('Somebody who may approve has to.').waitFor()
  await page.getByRole('combobox', { name: 'Approved by' }).click()
  await page.getByRole('option', { name: 'Olga Owner' }).click()
  await page.getByLabel('PIN of Olga Owner').fill('1357')
  await page.keyboard.press('Control+Enter')
  await page.getByText('The PIN or password of who approves is wrong.').waitFor()
  await picture(page, 'purchase-approval')
  expect(await receiptsOf(counter)).toEqual([])
  await page.getByLabel('PIN of Olga Owner').fill('2468')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: /^Bought S1-T1-P/ }).waitFor()

  await page.getByRole('button', { name: 'Take the purchase back' }).getByText('Alt R').waitFor()
  await page.keyboard.press('Alt+r')
  await page.getByLabel('Why').fill('Changed their mind')
  await page.getByRole('combobox', { name: 'Approved by' }).click()
  await page.getByRole('option', { name: admin.full_name }).click()
  await page.getByLabel(`Password of ${admin.full_name}`).fill(PASSWORD)
  await page.keyboard.press('Control+Enter')
  await page.getByText(/^Taken back: S1-T1-P/).waitFor()
  await page.getByRole('button', { name: /^Buy for .*610\.00/ }).waitFor()
  expect(await receiptsOf(counter)).toEqual([
    { total_cents: 61_000, approver: 'Olga Owner' },
    { total_cents: -61_000, approver: 'Ada Admin' },
  ])
  expect(counter.faults).toEqual([])
})

test('whose answer is lost asks again under the same key, and pays once', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  const { open } = await openPurchase(counter)
  await open()
  await page.keyboard.press('Alt+4')
  await page.getByRole('button', { name: 'passport' }).click()
  await page.getByLabel('Number').fill('C01X00T47')
  await sign(page)
  const keys = new Set<string | undefined>()
  const note = (request: Request) => keys.add(request.headers()['idempotency-key'])
  const [asked, paid] = [/\/counter\/trade-ins\/\d+$/, /\/purchase$/]
  // What the server says of the request does not come either: nobody knows.
  await page.route(asked, (route) => route.abort('connectionreset'))
  await page.route(paid, async (route) => {
    if (route.request().method() !== 'POST') return route.fallback()
    note(route.request())
    await route.fetch()
    await route.abort('connectionreset')
  })
  await page.keyboard.press('Control+Enter')
  await page.getByText('No answer came. Pay nothing more').waitFor()
  await page.getByRole('button', { name: 'Ask whether it was paid' }).waitFor()
  await page.unroute(paid)
  const again = page.waitForRequest((request) => request.method() === 'POST' && paid.test(request.url()))
  await page.getByRole('button', { name: 'Ask whether it was paid' }).click()
  note(await again)
  // Its answer is enough: the request itself does not answer yet.
  await page.getByRole('heading', { name: /^Bought S1-T1-P/ }).waitFor()
  await page.unroute(asked)
  expect(keys.size).toBe(1)
  expect(await receiptsOf(counter)).toHaveLength(1)
  expect(counter.faults).toEqual([])
})

test('by touch alone, on a tablet: an owner on file who is somebody else is asked about once more', async () => {
  await using counter = await openBusyCounter()
  const { shop } = counter
  const { desk } = await openPurchase(counter)
  const model = await shop.database.db.selectFrom('model').select('id').orderBy('id').executeTakeFirstOrThrow()
  const { order_id } = await desk.counter('POST', '/intakes', {
    customer: { full_name: 'Amelia Hart', phone: '0170 9911' },
    device: { model_id: model.id, serial_number: OTHER },
  })
  await desk.counter('PATCH', `/tickets/${order_id}`, { status: 'Cancelled' })
  const { pickup_id } = await desk.offeredAtDesk(OTHER, 8_000, { full_name: 'Tess Other' })
  const touch = await openTablet(counter)
  await touch.goto(`${shop.url}/trade-ins`)
  let taps = 0
  const tap = async (name: string | RegExp) => {
    await touch.getByRole('button', { name }).tap()
    taps++
  }
  await touch.getByRole('link', { name: String(pickup_id), exact: true }).tap()
  await tap(/^Buy for/)
  await tap('passport')
  await touch.getByLabel('Number').fill('C01X00T47')
  await sign(touch)
  await tap(/Pay out/)
  await touch.getByText('Ask the seller, and say that you did.').waitFor()
  await tap(/it is theirs to sell/)
  await tap(/Pay out .*80\.00 in cash/)
  await touch.getByRole('heading', { name: /^Bought S1-T1-P/ }).waitFor()
  expect(taps).toBeLessThanOrEqual(26)
  await countPrints(touch)
  await touch.getByRole('button', { name: 'Print the papers' }).tap()
  const owner = touch.locator('dt', { hasText: 'Not the owner on file' }).first().locator('xpath=..')
  await owner.getByText(/^asked, theirs to sell: .+ 2026/).waitFor()
  await touch.context().close()
  expect(counter.faults).toEqual([])
})
