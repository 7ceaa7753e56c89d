import { expect, test } from 'vitest'
import { type Counter, openBusyCounter, scan } from './support/counter.ts'

/** A repair at work, with something to pay. */
const openRepair = ({ shop }: Counter) =>
  shop.database.db
    .selectFrom('repair_order')
    .select(['id', 'ticket_number'])
    .where('status', '=', 'Repairing')
    .where('cost_cents', '>', 5_000)
    .where('id', 'not in', (paid) => paid.selectFrom('payment').select('order_id'))
    .orderBy('id')
    .executeTakeFirstOrThrow()

test('Esc closes what lies on top, one thing a press, and then leaves the ticket for the screen it was opened from', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { id, ticket_number } = await openRepair(counter)
  await page.goto(`${shop.url}/repairs?show=all&q=${ticket_number}`)
  await page.getByRole('gridcell', { name: ticket_number, exact: true }).dblclick()
  const heading = page.getByRole('heading', { name: ticket_number })
  await heading.waitFor()
  const isHere = () => new URL(page.url()).pathname === `/tickets/${id}`
  await page.keyboard.press('Alt+l')
  await page.getByRole('textbox', { name: 'Price' }).waitFor()
  await page.keyboard.press('F9')
  await page.locator('[data-autofocus]:focus').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('textbox', { name: 'Price' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('textbox', { name: 'Price' }).waitFor({ state: 'detached' })
  await page.keyboard.press('Alt+m')
  await page.locator('[data-composer]:focus').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('[data-composer]:not(:focus)').waitFor()
  await page.getByRole('button', { name: /^Signed in/ }).click()
  await page.getByRole('link', { name: 'My PIN, password and screen' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'My PIN, password and screen' }).waitFor({ state: 'detached' })
  expect(isHere()).toBe(true)
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Repairs' }).waitFor()
  expect(new URL(page.url()).search).toBe(`?show=all&q=${ticket_number}`)
  // Behind a list of the rail lies nothing.
  await page.keyboard.press('Escape')
  await page.getByRole('gridcell', { name: ticket_number, exact: true }).waitFor()
  expect(counter.faults).toEqual([])
})

test('Esc in a field leaves the field; the next one leaves the screen, but not what was typed and is not saved', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await page.getByRole('button', { name: /^Signed in/ }).click()
  await page.getByRole('link', { name: 'My PIN, password and screen' }).click()
  const pin = page.getByLabel('New PIN', { exact: true })
  await pin.fill('2580')
  await page.keyboard.press('Escape')
  await page.locator('#content:focus').waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('What you typed here is not saved').waitFor()
  expect(await pin.inputValue()).toBe('2580')
  await pin.fill('')
  await page.keyboard.press('Escape')
  await page.locator('#content:focus').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Today' }).waitFor()
})

test('a message goes with the dialog that it was about, and with the screen it came on', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { id } = await openRepair(counter)
  await page.goto(`${shop.url}/tickets/${id}`)
  await page.getByRole('list', { name: 'Timeline' }).waitFor()
  await page.keyboard.press('F9')
  await page.locator('[data-autofocus]:focus').waitFor()
  await scan(page, 'T:S1-T1-000001')
  const said = page.getByText('Finish or leave this first', { exact: false })
  await said.waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await said.waitFor({ state: 'detached' })
  expect(counter.faults).toEqual([])
})
