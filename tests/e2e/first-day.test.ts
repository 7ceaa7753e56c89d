import { expect, test } from 'vitest'
import { chooseModel, openCounter, openNewCounter, picture, setUpShop } from './support/counter.ts'
import { photoOf } from './support/photos.ts'

test('a new shop is shown who makes what is typed, and can put it right', async () => {
  await using counter = await openNewCounter()
  const { page } = counter
  await page.keyboard.press('F2')
  await page.getByLabel('Name', { exact: true }).fill('Carla Customer')
  await page.getByRole('textbox', { name: 'Model' }).fill('iPhone 99')
  await page.getByRole('option', { name: 'New: iPhone 99' }).click()
  expect(await page.getByLabel('Brand').inputValue()).toBe('Apple')
  expect(await page.getByLabel('Model').inputValue()).toBe('iPhone 99')
  await page.getByLabel('Brand').fill('Fruit')
  await page.getByText('Phone', { exact: true }).last().click()
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: 'S1-T1-000001' }).waitFor()
  await page.getByText('Fruit iPhone 99').first().waitFor()
  expect(counter.faults).toEqual([])
})

test('the cursor goes to the first field that set-up or intake was refused for', async () => {
  await using counter = await openCounter()
  const { page } = counter
  await setUpShop(counter)
  const focused = () => page.evaluate(() => document.activeElement?.textContent || document.activeElement?.id)
  const password = page.getByLabel('Password', { exact: true })
  await password.fill('short')
  await page.getByRole('button', { name: 'Open the shop' }).click()
  await page.getByText('At least 8 characters and at most 72').waitFor()
  await expect.poll(focused).toBe(await password.getAttribute('id'))
  expect(await password.getAttribute('aria-invalid')).toBe('true')
  await password.fill('é'.repeat(60))
  await page.getByLabel('Name of the shop').focus()
  await page.keyboard.press('Control+Enter')
  await expect.poll(focused).toBe(await password.getAttribute('id'))
  await password.fill('correct horse')
  await page.getByRole('button', { name: 'Open the shop' }).click()
  await page.getByRole('heading', { name: 'Today' }).waitFor()

  await page.keyboard.press('F2')
  await page.locator('[data-step=customer]:focus').waitFor()
  await page.getByLabel('In the customer’s words').focus()
  await page.keyboard.press('Control+Enter')
  await page.locator('[data-step=customer]:focus').waitFor()
  await page.getByLabel('Name', { exact: true }).fill('Carla Customer')
  await page.locator('[data-step=model]').fill('Zorro Z23')
  await page.getByRole('option', { name: 'New: Zorro Z23' }).click()
  for (let again = 0; again < 2; again++) {
    await page.getByLabel('In the customer’s words').focus()
    await page.keyboard.press('Control+Enter')
    await page.locator('[data-step=type]:focus').waitFor()
  }
  expect(counter.faults).toEqual([])
})

test('set-up shows how far the example of a working day is, and opens the shop when it is there', async () => {
  await using counter = await openCounter()
  const { page } = counter
  await setUpShop(counter)
  await page.getByRole('checkbox', { name: /example/ }).check()
  const answered = Promise.withResolvers<void>()
  await page.route('**/counter/setup', async (route) => {
    if (route.request().method() === 'GET') return await route.fulfill({ json: { done: 36, all: 60 } })
    await answered.promise
    await route.continue()
  })
  await page.getByLabel('Your name').focus()
  await page.keyboard.press('Control+Enter')
  const bar = page.getByRole('progressbar')
  await expect.poll(() => bar.getAttribute('aria-valuenow')).toBe('60')
  const words = page.getByText('36 of 60')
  // It is in sight, wherever somebody was when the keys were pressed.
  await expect.poll(async () => (await words.boundingBox())!.y).toBeLessThan(750)
  const [line, text] = [await bar.boundingBox(), await words.boundingBox()]
  expect(text!.y).toBeGreaterThanOrEqual(line!.y + line!.height)
  answered.resolve()
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  expect(counter.faults).toEqual([])
})

test('the first day: set-up, intake, assignment, repair, two payments and the papers', async () => {
  await using counter = await openCounter()
  const { page, shop } = counter

  await setUpShop(counter)
  await picture(page, 'set-up')
  await page.getByRole('button', { name: 'Open the shop' }).click()
  await page.getByRole('heading', { name: 'Today' }).waitFor()

  await page.keyboard.press('F2')
  await page.getByLabel('Phone', { exact: true }).fill('555-0199')
  await page.getByLabel('Name', { exact: true }).fill('Carla Customer')
  await page.getByLabel('Serial number or IMEI').fill('490154203237518')
  await page.getByText('A valid IMEI').waitFor()
  await chooseModel(page, 'Lenovo ThinkPad X1 Carbon')
  await page.getByLabel('In the customer’s words').fill('Screen flickers when the lid moves')
  await page.getByRole('button', { name: 'Charger' }).click()
  await page.locator('input[type=file]').setInputFiles([await photoOf('screen'), await photoOf('lid')])
  await page.getByRole('img', { name: 'Photo 2' }).waitFor()
  await page.getByRole('button', { name: 'Tomorrow' }).click()
  await page.getByLabel('Estimate').fill('250')
  await page.keyboard.press('Alt+p')
  await page.keyboard.type('1234', { delay: 60 })
  await page.keyboard.press('Enter')
  await page.getByLabel('Estimate').and(page.locator(':focus')).waitFor()
  await page.keyboard.press('Alt+g')
  await picture(page, 'intake-agreement')
  await page.getByRole('button', { name: 'Agreed' }).last().click()
  await picture(page, 'intake')
  await page.keyboard.press('Control+Enter')

  await page.getByRole('heading', { name: 'S1-T1-000001' }).waitFor()
  await picture(page, 'taken-in')
  await page.getByRole('button', { name: 'Not now' }).click()
  await page.getByRole('button', { name: 'To me' }).click()
  await page.getByText('Assigned').first().waitFor()
  await page.getByRole('textbox', { name: 'Write a message' }).fill('New panel ordered')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('New panel ordered').first().waitFor()
  await page.getByRole('button', { name: 'Completed' }).click()
  await page.getByRole('button', { name: 'Completed', pressed: true }).waitFor()
  await picture(page, 'ticket')

  await page.keyboard.press('F9')
  await page.locator('[data-autofocus]:focus').waitFor()
  await page.getByLabel('To pay').fill('100')
  await page.getByLabel('Received').fill('120')
  await picture(page, 'payment')
  await page.getByRole('button', { name: /Take .*100\.00 in cash/ }).click()
  await page.getByText('20.00').first().waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('F9')
  await page.getByRole('button', { name: 'Card', exact: true }).click()
  await page.getByLabel(/Reference/).fill('T-4711')
  await page.getByRole('button', { name: /150\.00 went through/ }).click()
  await page.getByText('Nothing is owed any more').waitFor()
  await page.keyboard.press('Escape')
  const { rows } = await shop.database.db
    .selectFrom('payment_entry')
    .select('amount_cents')
    .execute()
    .then((rows) => ({ rows }))
  expect(rows.map((row) => row.amount_cents)).toEqual([10_000, 15_000])

  for (const [paper, text] of [
    ['stub', 'S1-T1-000001'],
    ['label', 'S1-T1-000001'],
    ['order', 'Screen flickers'],
    ['receipt', '150.00'],
  ] as const) {
    await page.goto(`${shop.url}/tickets/1/print/${paper}`)
    await page.getByText(text).first().waitFor()
    await picture(page, `paper-${paper}`)
  }
  expect(counter.faults).toEqual([])
})

test('the printed address gives set-up its code in a tab that was open before, and a refused code can be typed whole', async () => {
  await using counter = await openCounter()
  const { page, shop } = counter
  await page.goto(`${shop.url}/setup`)
  const code = page.getByLabel('One-time code')
  await code.waitFor()
  await page.goto(`${shop.url}/setup#WRONG-CODE`)
  await code.waitFor({ state: 'detached' })
  await page.getByLabel('Your name').fill('Olga Owner')
  await page.getByLabel('Phone', { exact: true }).fill('555-0100')
  await page.getByLabel('Password', { exact: true }).fill('correct horse')
  await page.getByLabel('Name of the shop').fill('Fix & Co')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('alert').waitFor()
  await code.fill('')
  await code.pressSequentially(shop.context.run.setupCode)
  expect(await code.inputValue()).toBe(shop.context.run.setupCode)
  expect(await page.getByLabel('Your name').inputValue()).toBe('Olga Owner')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  expect(counter.faults).toEqual([])
})
