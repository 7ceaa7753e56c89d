import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openBusyCounter, pressEnterLater, scan, scrolled, type Counter } from './support/counter.ts'
import { photoOf } from './support/photos.ts'

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
  await page.getByRole('textbox', { name: 'Other, separated by commas' }).focus()
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
  await device.locator('strong', { hasText: 'Google Pixel 77 Ultra' }).waitFor()
  await device.getByText('new here · Phone').waitFor()
  await page.reload()
  await device.getByText('new here · Phone').waitFor()
  await page.locator('[data-step=problems]:focus, [data-step=note]:focus').waitFor()
  await device.getByRole('button', { name: 'Change' }).click()
  await device.locator('[aria-pressed=true]', { hasText: 'Phone' }).waitFor()
  expect(await page.getByLabel('Brand').inputValue()).toBe('Google')
  expect(await model.inputValue()).toBe('Pixel 77 Ultra')

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

test('somebody new with a new model is taken in on one screen: who and what are a row each, and nothing scrolls', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.keyboard.press('F2')
  await page.locator('[data-step=customer]:focus').waitFor()
  expect(await scrolled(page)).toEqual([])
  await page.keyboard.type('0998 77 66', { delay: 60 })
  await page.keyboard.press('Enter')
  await page.locator('[data-step=name]:focus').waitFor()
  await page.keyboard.type('Mia Model', { delay: 60 })
  expect(await scrolled(page)).toEqual([])
  await page.keyboard.press('Enter')
  await page.locator('[data-step=serial]:focus').waitFor()
  const customer = page.getByRole('region', { name: 'Customer' })
  await customer.getByText('new here').waitFor()
  expect(await page.getByLabel('Name', { exact: true }).count()).toBe(0)
  await page.keyboard.type('490154203237518', { delay: 60 })
  await page.keyboard.press('Enter')
  await page.locator('[data-step=model]:focus').waitFor()
  await page.keyboard.type('Pixel 77 Ultra', { delay: 60 })
  await page.getByRole('option', { name: /^New/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByLabel('Brand').waitFor()
  expect(await scrolled(page)).toEqual([])
  await page.keyboard.press('Enter')
  await page.locator('[data-step=problems]:focus').waitFor()
  const device = page.getByRole('region', { name: 'Device' })
  await device.getByText('490154203237518').waitFor()
  await device.getByText('A valid IMEI').waitFor()

  const kept = () =>
    shop.database.db
      .selectFrom('repair_order')
      .select('estimated_completion_date as at')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
  await page.getByRole('button', { name: '+3 days' }).click()
  const load = page.getByText(/(nothing|repairs?) promised for that day/)
  await load.waitFor()
  const before = Number(/(\d+) repair/.exec(await load.innerText())?.[1] ?? 0)
  await page.locator('input[type=file]').setInputFiles([await photoOf('screen'), await photoOf('lid')])
  await page.getByRole('img', { name: 'Photo 2' }).waitFor()
  expect(await scrolled(page)).toEqual([])
  // A name is put right where it stands, and what was typed of the device is still there.
  await page.keyboard.press('Alt+c')
  await page.locator('[data-step=name]:focus').fill('Mia Moddel')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  await page.getByText('Mia Moddel').first().waitFor()
  await page.getByText('Google Pixel 77 Ultra').first().waitFor()
  const { at } = await kept()
  const { body } = await shop.call('GET', `/counter/repairs/count?promised_on=${at}`, {
    as: await shop.person('staff'),
  })
  expect(body.total).toBe(String(before + 1))
  expect(counter.faults).toEqual([])
})

test('a device that is ready and was not fetched is said in red to be here', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const ready = await shop.database.db
    .selectFrom('repair_order')
    .innerJoin('device', 'device.id', 'repair_order.device_id')
    .select(['repair_order.id', 'ticket_number', 'serial_number'])
    .where('status', '=', 'Completed')
    .where('picked_up_at', 'is', null)
    .where('completed_at', '>', shop.clock.now() - 30 * 86_400_000)
    .where('serial_number', 'is not', null)
    .orderBy('repair_order.id', 'desc')
    .executeTakeFirstOrThrow()
  await page.keyboard.press('F2')
  await page.locator('[data-step=customer]:focus').waitFor()
  await scan(page, ready.serial_number!)
  const said = page.getByRole('alert').filter({ hasText: `Already here: ${ready.ticket_number}` })
  expect(await said.innerText()).toContain('Completed, not fetched yet')
  expect(await said.getByRole('checkbox').count()).toBe(0)
  await page.keyboard.press('Alt+o')
  await page.waitForURL(`**/tickets/${ready.id}`)
  expect(counter.faults).toEqual([])
})
