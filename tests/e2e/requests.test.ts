import { expect, test } from 'vitest'
import { type Counter, openBusyCounter, openNewCounter, picture } from './support/counter.ts'
import { countPrints, keysOn, tradeInsOf } from './support/trade-ins.ts'

const HOUR = 3_600_000

/** Four requests of one customer, each at another step. */
async function openRequests(counter: Counter) {
  const { shop, page } = counter
  const admin = await shop.person('admin', { full_name: 'Ada Admin' })
  const customer = await shop.person('customer', { full_name: 'Hana Novák', phone: '07700 900342' })
  const desk = tradeInsOf(shop, admin)
  const address = (street: string) => ({ address_json: JSON.stringify({ street, city: 'Vancouver' }) })
  const late = await desk.requested(
    customer,
    { model_text: 'iPhone 12', storage: '64GB', ...address('3 Park Road') },
    1,
  )
  const offered = await desk.requested(customer, { model_text: 'iPhone 13', ...address('27 Quay Street') }, 2)
  const info = { additional_info: 'Works, one scratch on the back. Battery lasts a day. Box is there, charger is not.' }
  const fresh = await desk.requested(customer, { model_text: 'iPhone 14', ...info, ...address('14 Mill Lane') }, 5)
  await desk.counter('PATCH', `/trade-ins/${late}`, { scheduled_at: shop.clock.now() - 20 * HOUR })
  await desk.counter('PATCH', `/trade-ins/${fresh}`, { scheduled_at: shop.clock.now() + HOUR })
  await desk.counter('PATCH', `/trade-ins/${offered}`, { status: 'collected' })
  await desk.offeredFor(offered, '490154203237518', 19_100)
  await page.goto(`${shop.url}/trade-ins`)
  await page.getByRole('link', { name: String(fresh), exact: true }).waitFor()
  return { admin, customer, desk, late, offered, fresh }
}

const statusOf = async ({ shop }: Counter, id: number) =>
  (await shop.database.db.selectFrom('pickup_request').select('status').where('id', '=', id).executeTakeFirstOrThrow())
    .status

test('the list is the work to do; by keys a request is opened, collected, taken back, and given another time', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  const { fresh, late } = await openRequests(counter)
  const keys = keysOn(page)
  await page.getByRole('button', { name: /^To collect/ }).click()
  await page.getByRole('button', { name: /^To collect/, pressed: true }).waitFor()
  await page.getByRole('link', { name: String(late), exact: true }).focus()
  await keys.press('ArrowDown', 'Enter')
  await page.getByRole('heading', { name: `Request ${fresh}` }).waitFor()
  await page.getByText('one scratch on the back').waitFor()
  await picture(page, 'trade-ins')
  await page.getByRole('button', { name: 'Photo 2' }).click()
  await page.getByText('Photo 2 of 5').waitFor()
  await page.keyboard.press('ArrowRight')
  await page.getByText('Photo 3 of 5').waitFor()
  await page.keyboard.press('Escape')
  await keys.press('Alt+d')
  await page.getByRole('textbox', { name: 'Other time' }).fill('31/12 16:30')
  await page.keyboard.press('Control+Enter')
  await page.getByText('The time is noted.').waitFor()
  await page.getByRole('complementary').getByText('16:30').waitFor()
  await keys.press('Alt+2')
  await page.getByRole('complementary').getByText('Collected', { exact: true }).first().waitFor()
  await expect.poll(() => statusOf(counter, fresh)).toBe('collected')
  await page.keyboard.press('Control+z')
  await expect.poll(() => statusOf(counter, fresh)).toBe('requested')
  await page.getByRole('button', { name: 'Collected' }).waitFor()
  await page.keyboard.press('Escape')
  await page.waitForURL(/\/trade-ins(\?|$)/)
  expect(counter.faults).toEqual([])
})

test('the customer answers at the desk; a device that is not bought is repaired instead, or goes back', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  const { offered } = await openRequests(counter)
  await page.getByRole('link', { name: String(offered), exact: true }).click()
  await page.getByText('Agreed at the desk').waitFor()
  await page.keyboard.press('Alt+6')
  await page.getByText('The offer is declined.').waitFor()
  await page.getByRole('button', { name: /^To give back\s*[1-9]/ }).waitFor()
  await page.getByRole('button', { name: 'Repair instead' }).waitFor()
  await picture(page, 'trade-in-declined')
  await page.keyboard.press('Alt+8')
  await page.waitForURL(/\/intake/)
  await page.getByText('Hana Novák').first().waitFor()
  await page.getByText('490154203237518').first().waitFor()
  await page.goBack()
  await page.getByRole('button', { name: 'Repair instead' }).waitFor()
  await page.keyboard.press('Alt+5')
  await page.getByText('The offer is accepted.').waitFor()
  await page.getByRole('button', { name: 'Declined' }).waitFor()
  expect(await statusOf(counter, offered)).toBe('accepted')
  await page.keyboard.press('Alt+6')
  await page.getByText('The offer is declined.').waitFor()
  await page.getByRole('button', { name: 'Given back' }).waitFor()
  await page.keyboard.press('Alt+7')
  await page.getByText(/^Given back\./).waitFor()
  await expect.poll(() => page.getByRole('button', { name: 'Given back' }).count()).toBe(0)
  expect(counter.faults).toEqual([])
})

test('a day’s round and a label are printed; the list is asked again when somebody else goes on with a request', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { fresh, desk } = await openRequests(counter)
  const printed = await countPrints(page)
  await page.getByRole('link', { name: 'Round of today' }).click()
  await page.getByRole('article').getByText('14 Mill Lane').waitFor()
  await page.getByRole('article').getByText('3 Park Road').waitFor()
  expect(await page.getByRole('article').getByText('27 Quay Street').count()).toBe(0)
  await picture(page, 'trade-in-round')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/trade-ins')
  expect(await printed()).toBe(1)
  await page.goto(`${shop.url}/trade-ins/${fresh}`)
  await page.getByRole('button', { name: 'Look at it' }).waitFor()
  await page.keyboard.press('F10')
  await page.getByRole('article').getByText('iPhone 14').waitFor()
  await picture(page, 'trade-in-label')
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: `Request ${fresh}` }).waitFor()
  await desk.counter('PATCH', `/trade-ins/${fresh}`, { status: 'collected' })
  await page.getByRole('button', { name: 'Look at it' }).and(page.locator('[data-variant=filled]')).waitFor()
  expect(counter.faults).toEqual([])
})

test('nothing to do says so; without the server the list stays and says why nothing is done', async () => {
  await using counter = await openNewCounter()
  const { page, shop, context } = counter
  await page.goto(`${shop.url}/trade-ins`)
  await page.getByText('Nobody offers us anything that waits for us.').waitFor()
  await context.setOffline(true)
  await page.getByRole('button', { name: /^To pay/ }).click()
  await page.getByText('The server does not answer.').first().waitFor()
  await picture(page, 'trade-ins-offline')
  await context.setOffline(false)
  await page.getByText('No accepted offer waits for its money.').waitFor()
  expect(counter.faults).toEqual([])
})
