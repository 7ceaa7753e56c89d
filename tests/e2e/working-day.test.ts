import { expect, test } from 'vitest'
import { chooseModel, fetchedAhead, openBusyCounter, picture, scan, scrolled } from './support/counter.ts'

test('a working day: today, list, board, search, customer, lock and hand-over', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.getByRole('row').nth(4).waitFor()
  await picture(page, 'today')

  await page.keyboard.press('F6')
  await page.getByRole('heading', { name: 'Repairs' }).waitFor()
  await page.getByText('S1-T1-').first().waitFor()
  await picture(page, 'repairs')
  await page.goto(`${shop.url}/repairs/board`)
  await page.getByText('S1-T1-').first().waitFor()
  await picture(page, 'board')

  await page.keyboard.press('F3')
  await page.keyboard.type('sam', { delay: 60 })
  await page.getByRole('option').first().waitFor()
  await picture(page, 'global-search')
  await page.keyboard.press('Escape')

  const customer = await shop.database.db
    .selectFrom('repair_order')
    .select('customer_id')
    .orderBy('id')
    .executeTakeFirstOrThrow()
  await page.goto(`${shop.url}/customers/${customer.customer_id}`)
  await page.getByText('S1-T1-').first().waitFor()
  await picture(page, 'customer')

  await page.keyboard.press('F8')
  await page.getByText('Who is at the counter?').waitFor()
  await picture(page, 'lock')
  const refused = await page.evaluate(() => fetch('/counter/board').then((reply) => reply.status))
  expect(refused).toBe(423)
  await page.keyboard.type('2468', { delay: 60 })
  await page.keyboard.press('Enter')
  await page.getByText('S1-T1-').first().waitFor()

  await page.getByText('Olga Owner').first().click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await picture(page, 'sign-in')
  expect(counter.faults).toEqual([])
})

test('a returning customer is taken in with at most 20 keys and a scan', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const known = await shop.database.db
    .selectFrom('device')
    .innerJoin('user', 'user.id', 'device.owner_id')
    .select(['device.serial_number', 'user.phone', 'user.full_name'])
    .where('serial_number', 'is not', null)
    .where('phone', 'is not', null)
    .where('device.id', 'not in', (open) =>
      open.selectFrom('repair_order').select('device_id').where('status', 'in', ['Pending', 'Repairing']),
    )
    .executeTakeFirstOrThrow()
  let keys = 0
  const press = async (key: string) => {
    keys++
    await page.keyboard.press(key)
  }
  await press('F2')
  await page.getByRole('heading', { name: 'Take a device in' }).waitFor()
  await scan(page, known.serial_number!)
  await page.getByText(known.full_name).first().waitFor()
  expect(await scrolled(page)).toEqual([])
  await press('1')
  await press('Control+Enter')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  expect(keys).toBeLessThanOrEqual(20)
  expect(await page.getByText(known.full_name).count()).toBeGreaterThan(0)
})

test('a draft survives a reload and a crash of the page', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await page.keyboard.press('F2')
  await page.getByLabel('In the customer’s words').fill('Half typed when the power went')
  await page.reload()
  await page.getByRole('heading', { name: 'Take a device in' }).waitFor()
  expect(await page.getByLabel('In the customer’s words').inputValue()).toBe('Half typed when the power went')
})

test('when the server is away the page says what goes on, and is in step again by itself', async () => {
  await using counter = await openBusyCounter()
  const { page, context } = counter
  await fetchedAhead(page)
  await context.setOffline(true)
  await page.keyboard.press('F6')
  await page.getByText('The server does not answer.').waitFor()
  expect(await page.locator('footer').getByText('Owed').count()).toBe(0) // Nobody knows what is owed.
  await picture(page, 'offline')
  await context.setOffline(false)
  await page.getByText('in step').waitFor()
  await page.locator('footer').getByText('Owed').waitFor()
})

test('an intake without the server says so once, and nothing of it stays when the line is back', async () => {
  await using counter = await openBusyCounter()
  const { page, context } = counter
  await page.keyboard.press('F2')
  await page.locator('[data-step=name]').fill('Nina Offline')
  await chooseModel(page, 'iPhone 13')
  await context.setOffline(true)
  await page.keyboard.press('Control+Enter')
  await page.getByText('Nobody knows yet whether this was saved.').waitFor()
  expect(await page.getByText('The server does not answer').count()).toBe(1)
  await context.setOffline(false)
  await page.getByText('in step').waitFor()
  expect(await page.getByText(/The server does not answer|Nobody knows yet/).count()).toBe(0)
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  await page.getByText('Nina Offline').first().waitFor()
  expect(counter.faults).toEqual([])
})

test('the screens speak German', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.evaluate(() => localStorage.clear())
  const german = await counter.another()
  await german.goto(`${shop.url}/`)
  await german.getByRole('button', { name: /Olga Owner/ }).click()
  await german.getByText('Deutsch').click()
  await german.keyboard.press('Escape')
  await german.getByRole('heading', { name: 'Heute' }).waitFor()
  await german.keyboard.press('Control+/')
  await german.getByText('Strg K').waitFor()
  expect(await german.getByText('Ctrl').count()).toBe(0)
  await german.goto(`${shop.url}/settings/me`)
  await german.getByRole('button', { name: 'Passwort zeigen oder verbergen' }).first().waitFor()
  expect(await german.getByRole('button', { name: /password/i }).count()).toBe(0)
})
