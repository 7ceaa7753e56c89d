import { expect, test } from 'vitest'
import { openBusyCounter, picture, scan } from './support/counter.ts'

test('the owner changes the shop, and tax that is added stands on the receipt', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.goto(`${shop.url}/settings/shop`)
  await page.getByLabel('Name of the shop').fill('Harbour Repairs')
  await page.getByLabel('Tax number').fill('US-12-3456789')
  await page.getByLabel('Opening hours').fill('Mon–Fri 9–18')
  await page.getByLabel('Terms').fill('Back up your data before you leave it here.')
  await page.getByText('Added on top').click()
  await page.getByLabel('Rate').fill('8.25')
  await picture(page, 'shop')
  await page.keyboard.press('Control+Enter')
  await page.getByText('The shop is saved').waitFor()

  const { id } = await shop.database.db
    .selectFrom('repair_order')
    .select('id')
    .where('status', '=', 'Pending')
    .where('cost_cents', '=', 0)
    .executeTakeFirstOrThrow()
  await page.goto(`${shop.url}/tickets/${id}`)
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await page.getByRole('textbox', { name: 'Price' }).fill('100')
  await page.getByText('£108.25 with 8.25% tax').waitFor()
  await page.keyboard.press('Control+Enter')
  await page.locator('[data-due]', { hasText: /^Due\s*£108\.25$/ }).waitFor()
  await page.keyboard.press('F9')
  await page.locator('[data-autofocus]:focus').waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('Nothing is owed any more').waitFor()
  await page.keyboard.press('F10')
  const receipt = page.getByRole('article')
  await receipt.waitFor()
  const lines = (await receipt.innerText()).replaceAll(/\s+/g, ' ')
  expect(lines).toContain('Harbour Repairs')
  expect(lines).toContain('US-12-3456789')
  expect(lines).toContain('Net £100.00 Tax 8.25% £8.25 Total £108.25')
  await page.keyboard.press('Alt+1')
  await page.getByText('Back up your data before you leave it here.').waitFor()
  await page.getByText('Mon–Fri 9–18').waitFor()

  await page.goto(`${shop.url}/settings/shop`)
  await page.getByText('It stays: money was taken in it already.').waitFor()
  expect(counter.faults).toEqual([])
})

test('a device is found by its serial number and shows its owner and its repairs', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const known = await shop.database.db
    .selectFrom('device')
    .innerJoin('user', 'user.id', 'device.owner_id')
    .select(['device.id', 'serial_number', 'full_name'])
    .where('serial_number', 'is not', null)
    .executeTakeFirstOrThrow()
  await scan(page, `S:${known.serial_number}`)
  await page
    .getByRole('option', { name: /Open device|Take in/ })
    .last()
    .click()
  await page.getByRole('link', { name: known.full_name }).waitFor()
  expect(new URL(page.url()).pathname).toBe(`/devices/${known.id}`)
  await page
    .getByRole('link', { name: /^S1-T1-/ })
    .first()
    .waitFor()
  await picture(page, 'device')
  await page.getByRole('link', { name: known.full_name }).click()
  await page.getByRole('heading', { name: known.full_name }).waitFor()
  expect(counter.faults).toEqual([])
})

test('by keyboard alone a repair goes from intake to the receipt, and the device leaves', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const keys = async (...pressed: string[]) => {
    for (const key of pressed) await page.keyboard.press(key)
  }
  await keys('F2')
  await page.locator('[data-step=customer]:focus').waitFor()
  await page.keyboard.type('07700 111222', { delay: 60 })
  await keys('Enter')
  await page.keyboard.type('Kaya Keyboard', { delay: 60 })
  await keys('Enter')
  await page.locator('[data-step=serial]:focus').waitFor()
  await keys('Enter')
  await page.keyboard.type('Lenovo ThinkPad T14', { delay: 60 })
  await page.getByRole('option').first().waitFor()
  await keys('Enter')
  await page.locator('[data-step=problems]:focus, [data-step=type]:focus').waitFor()
  await keys('2', 'Control+Enter')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  await page.getByRole('button', { name: 'Not now' }).waitFor()
  await keys('Escape')
  const id = Number(new URL(page.url()).pathname.split('/').at(-1))
  await page.getByRole('button', { name: 'Edit', exact: true }).focus()
  await keys('Enter')
  await page.locator('input[inputmode=decimal]:focus').waitFor()
  await page.keyboard.type('80', { delay: 60 })
  await keys('Control+Enter')
  await page.locator('[data-due]', { hasText: /^Due.*£80\.00$/ }).waitFor()
  await page.getByText('Battery weak').first().waitFor()
  await keys('Alt+3')
  await page.getByRole('button', { name: 'Completed', pressed: true }).waitFor()
  await keys('F9')
  await page.locator('[data-autofocus]:focus').waitFor()
  await page.keyboard.type('100', { delay: 60 })
  await keys('Enter')
  await page.getByText('Nothing is owed any more').waitFor()
  // Enter presses nothing before the change can have been read.
  const handOver = page.getByRole('dialog').getByRole('button', { name: 'Hand over' })
  const leftAfterEnter = async () => {
    if ((await handOver.count()) > 0) await keys('Enter')
    return handOver.count()
  }
  await expect.poll(leftAfterEnter).toBe(0)
  await page.getByText('Handed over').first().waitFor()
  await keys('F10')
  await page
    .getByRole('heading', { name: /^Receipt/ })
    .first()
    .waitFor()
  await keys('Escape')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  const { picked_up_at, status } = await shop.database.db
    .selectFrom('repair_order')
    .select(['picked_up_at', 'status'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  expect([status, picked_up_at === null]).toEqual(['Completed', false])
  expect(counter.faults).toEqual([])
})

test('a refusal of the server speaks German on a German screen', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.evaluate(() =>
    localStorage.setItem('fixpoint.preferences', JSON.stringify({ state: { language: 'de' }, version: 0 })),
  )
  const [one, other] = await shop.database.db
    .selectFrom('user')
    .select(['id', 'phone'])
    .where('role', '=', 'customer')
    .where('is_staff', '=', 0)
    .where('phone', 'is not', null)
    .limit(2)
    .execute()
  await page.goto(`${shop.url}/customers/${one!.id}`)
  await page.getByRole('button', { name: 'Bearbeiten' }).click()
  await page.getByRole('textbox', { name: 'Telefon' }).fill(other!.phone!)
  await page.keyboard.press('Control+Enter')
  await page.getByText(/Diese Telefonnummer (ist schon vergeben|gehört schon zu)/).waitFor()
})

test('Ctrl+Enter saves from a list of choices too, with what was just marked in it', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.goto(`${shop.url}/settings/shop`)
  const zone = page.getByRole('combobox', { name: 'Time zone' })
  await zone.click()
  await page.getByRole('option').first().waitFor()
  await page.keyboard.type('lisbon', { delay: 60 })
  await page.getByRole('option', { name: /Lisbon/ }).waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByText('The shop is saved').waitFor()
  const saved = await shop.database.db.selectFrom('store').select('time_zone').executeTakeFirstOrThrow()
  expect(saved.time_zone).toBe('Europe/Lisbon')
  // Nothing is marked in this one: what stands there is saved.
  await page.getByLabel('Name of the shop').fill('Harbour Repairs')
  await page.getByRole('combobox', { name: 'Country' }).focus()
  await page.keyboard.press('Control+Enter')
  await expect
    .poll(async () => (await shop.database.db.selectFrom('store').select('name').executeTakeFirstOrThrow()).name)
    .toBe('Harbour Repairs')
  expect(counter.faults).toEqual([])
})
