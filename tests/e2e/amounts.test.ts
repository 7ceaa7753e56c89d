import { expect, test } from 'vitest'
import { axe, openBusyCounter } from './support/counter.ts'

const NO_AMOUNT = 'Give an amount of 0 or more, with at most two decimals.'

test('an amount that cannot be read is neither saved as nothing nor taken as exact cash', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const order = await shop.database.db
    .selectFrom('repair_order')
    .select(['id', 'cost_cents'])
    .where('status', '=', 'Pending')
    .where('cost_cents', '>', 1_000)
    .where('discount_cents', '=', 0)
    .orderBy('id')
    .executeTakeFirstOrThrow()
  const sent: string[] = []
  page.on('request', (request) => {
    if (['PATCH', 'POST'].includes(request.method())) sent.push(new URL(request.url()).pathname)
  })
  await page.goto(`${shop.url}/tickets/${order.id}`)
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await page.getByRole('textbox', { name: 'Price' }).fill('12o')
  await page.getByText(NO_AMOUNT).waitFor()
  await page.keyboard.press('Control+Enter')
  await page.keyboard.press('Enter')
  expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
  expect(await page.getByRole('textbox', { name: 'Price' }).inputValue()).toBe('12o')
  await page.keyboard.press('Escape')

  await page.keyboard.press('F9')
  await page.locator('[data-autofocus]:focus').waitFor()
  await page.getByLabel('Received').fill('5o')
  await page.getByText(NO_AMOUNT).waitFor()
  await page.keyboard.press('Enter')
  expect(await page.getByRole('button', { name: /^Take .* in cash/ }).isDisabled()).toBe(true)
  await page.getByLabel('Received').fill('')
  await page.getByLabel('To pay').fill('1o')
  await page.getByText(NO_AMOUNT).waitFor()
  await page.keyboard.press('Enter')
  expect(await page.getByRole('button', { name: /^Take .* in cash/ }).isDisabled()).toBe(true)
  await page.keyboard.press('Escape')

  await page.keyboard.press('F2')
  await page.getByLabel('Name', { exact: true }).fill('Nora New')
  await page.getByLabel('Estimate').fill('8o')
  await page.reload()
  await page.getByText(NO_AMOUNT).waitFor()
  expect(await page.getByLabel('Estimate').inputValue()).toBe('8o')
  await page.getByLabel('Serial number or IMEI').fill('490154203237518')
  await page.getByRole('textbox', { name: 'Model' }).fill('Fairphone 5')
  await page
    .getByRole('option', { name: /Fairphone/ })
    .first()
    .click()
  if (await page.getByText('Kind of device').count()) await page.getByText('Phone', { exact: true }).last().click()
  await page.keyboard.press('Control+Enter')
  await page.locator('input[aria-invalid=true]:focus').waitFor()
  expect(sent).toEqual([])
  await page.getByLabel('Estimate').fill('80')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  expect(sent).toEqual(['/counter/intakes'])
  expect(counter.faults).toEqual([])
})

test('a field says how an amount is understood, refuses what fits no way of writing, and asks about more than a million', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { id } = await shop.database.db
    .selectFrom('repair_order')
    .select('id')
    .where('status', '=', 'Pending')
    .where('discount_cents', '=', 0)
    .orderBy('id')
    .executeTakeFirstOrThrow()
  const costOf = async () =>
    (
      await shop.database.db
        .selectFrom('repair_order')
        .select('cost_cents')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
    ).cost_cents
  await page.goto(`${shop.url}/tickets/${id}`)
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  const price = page.getByRole('textbox', { name: 'Price' })
  for (const typed of ['12.345', '1234.567']) {
    await price.fill(typed)
    await page.getByText(NO_AMOUNT).waitFor()
  }
  const before = await price.boundingBox()
  await price.fill('1.250,5')
  await page.getByText('£1,250.50', { exact: true }).waitFor()
  expect(await price.boundingBox()).toEqual(before)
  await price.fill('1,000,001')
  await page.getByText('£1,000,001.00: so much?').waitFor()
  await page.keyboard.press('Control+Enter')
  expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
  expect(await axe(page)).toEqual([])
  await page.getByRole('button', { name: 'Yes, so much' }).click()
  await page.keyboard.press('Control+Enter')
  await expect.poll(costOf).toBe(100_000_100)
  expect(counter.faults).toEqual([])
})
