import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openBusyCounter, pressEnterLater, scan, scrolled, type Counter } from './support/counter.ts'

/** A device of a customer with a phone number, of which there is an open repair, or none. */
function deviceOf({ shop }: Counter, repair: 'open' | 'none') {
  const open = shop.database.db
    .selectFrom('repair_order')
    .select('device_id')
    .where('status', 'in', ['Pending', 'Repairing'])
  return shop.database.db
    .selectFrom('device')
    .innerJoin('user', 'user.id', 'device.owner_id')
    .select(['device.id', 'device.serial_number', 'user.id as owner_id', 'user.full_name'])
    .where('serial_number', 'is not', null)
    .where('user.phone', 'is not', null)
    .where('device.id', repair === 'open' ? 'in' : 'not in', open)
    .orderBy('device.id')
    .executeTakeFirstOrThrow()
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent)

test('a returning customer is taken in on one screen: condition, agreement and passcode by keys, and nothing scrolls', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const known = await deviceOf(counter, 'none')
  await page.goto(`${shop.url}/intake?customer=${known.owner_id}`)
  await page.locator('[data-step=devices]:focus').waitFor()
  expect(await scrolled(page)).toEqual([])
  await page.getByRole('textbox', { name: 'Other, parted by commas' }).focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await expect.poll(() => focused(page)).toBe('Screennot seen')
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press('Space')
  await expect.poll(() => focused(page)).toBe('Screenbroken')
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => focused(page)).toBe('Cameranot seen')
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => focused(page)).toBe('Batterynot seen')
  await page.keyboard.press('Tab')
  await page
    .getByRole('button', { name: /^T(oday|omorrow)/ })
    .first()
    .and(page.locator(':focus'))
    .waitFor()
  await page.keyboard.press('Shift+Tab')
  await expect.poll(() => focused(page)).toBe('Batterynot seen')
  await page.keyboard.press('Alt+a')
  await scan(page, known.serial_number!)
  await page.locator('[data-step=problems]:focus').waitFor()
  expect(await scrolled(page)).toEqual([])

  await page.getByRole('button', { name: 'Battery in order' }).focus()
  await page.keyboard.press('Alt+p')
  await page.keyboard.type('1234', { delay: 60 })
  expect(await scrolled(page)).toEqual([])
  await page.keyboard.press('Enter')
  await expect.poll(() => focused(page)).toBe('Batteryin order')
  await page.keyboard.press('Alt+g')
  await page.locator('[data-part=agreement]:focus').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Agreement and signature' }).waitFor()
  await page.keyboard.press('Alt+g')
  await page.locator('[data-part=agreement]:focus').waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Agreed' }).waitFor()
  await page.locator('[data-part=agreement]').waitFor({ state: 'detached' })
  expect(await scrolled(page)).toEqual([])
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  const intake = await shop.database.db
    .selectFrom('intake')
    .select(['condition', 'terms_accepted'])
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  expect(JSON.parse(intake.condition)).toEqual({
    screen: 'broken',
    body: 'ok',
    buttons: 'ok',
    ports: 'ok',
    camera: 'ok',
    battery: 'ok',
    sound: 'ok',
    water: 'ok',
  })
  expect(intake.terms_accepted).toBe(1)
  expect(counter.faults).toEqual([])
})

test('a device that is here already is said in red at once; no Enter opens it, and it gets a second ticket only when told to', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const known = await deviceOf(counter, 'open')
  const tickets = () =>
    shop.database.db.selectFrom('repair_order').select('id').where('device_id', '=', known.id).execute()
  const before = await tickets()
  await page.goto(`${shop.url}/intake?customer=${known.owner_id}`)
  await page
    .getByRole('group', { name: 'Devices of this customer' })
    .getByText(/^here: S1-T1-/)
    .first()
    .waitFor()
  await page.keyboard.press('Alt+x')
  await page.locator('[data-step=customer]:focus').waitFor()
  await scan(page, known.serial_number!)
  const said = page.getByRole('alert').filter({ hasText: /^Already here: S1-T1-\d+, (Pending|Repairing)/ })
  await said.waitFor()
  await page.locator('[data-step=problems]:focus').waitFor()
  expect(await scrolled(page)).toEqual([])
  await pressEnterLater(page)
  await page.locator('[data-step=note]:focus').waitFor()
  expect(new URL(page.url()).pathname).toBe('/intake')

  await page.keyboard.press('Control+Enter')
  await page.getByText(/^This device is here already: S1-T1-/).waitFor()
  expect(await tickets()).toEqual(before)
  await page.keyboard.press('Alt+o')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  await page.keyboard.press('F2')
  await said.getByRole('checkbox').check()
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  expect(await tickets()).toHaveLength(before.length + 1)
  expect(counter.faults).toEqual([])
})

test('a model that is typed and left is kept, and a new one is of the kind of those that are called alike', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  const model = page.locator('[data-step=model]')
  const device = page.getByRole('region', { name: 'Device' })
  await page.keyboard.press('F2')
  await page.locator('[data-step=name]').fill('Mia Model')
  await model.fill('google pixel 7a')
  await page.getByLabel('In the customer’s words').click()
  await device.locator('strong', { hasText: 'Google Pixel 7a' }).waitFor()
  await device.getByRole('button', { name: 'Change' }).click()

  await model.fill('Pixel 77 Ultra')
  // The first press after it is not lost, though the fields of a new model come in between.
  await page.getByRole('button', { name: 'Charger' }).click()
  await page.locator('[aria-pressed=true]', { hasText: 'Charger' }).waitFor()
  await device.locator('[aria-pressed=true]', { hasText: 'Phone' }).waitFor()
  expect(await page.getByLabel('Brand').inputValue()).toBe('Google')
  expect(await model.inputValue()).toBe('Pixel 77 Ultra')
  await page.reload()
  await device.locator('[aria-pressed=true]', { hasText: 'Phone' }).waitFor()

  await page.getByRole('button', { name: 'Discard draft' }).click()
  await page.locator('[data-step=name]').fill('Mia Model')
  await model.fill('Sony Bravia 55')
  await page.getByRole('button', { name: 'Charger' }).click()
  await expect.poll(() => model.inputValue()).toBe('Bravia 55')
  expect(await device.locator('[data-step=type]').count()).toBe(1)
  expect(await device.locator('[aria-pressed=true]').allTextContents()).toEqual([])
  await page.getByRole('button', { name: 'Discard draft' }).click()
  await page.locator('[data-step=name]').fill('Mia Model')
  await model.fill('MacBook Air 99')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  await page.getByText('Apple MacBook Air 99').first().waitFor()
  expect(counter.faults).toEqual([])
})
