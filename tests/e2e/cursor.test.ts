import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBusyCounter, scan, type Counter } from './support/counter.ts'
import { watchWrites } from './support/writes.ts'

let counter: Counter
let page: Page

beforeAll(async () => {
  counter = await openBusyCounter()
  page = counter.page
}, 180_000)

afterAll(() => counter[Symbol.asyncDispose]())

const IMEI = '490154203237518'
const hasCursor = (field: Locator) =>
  expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true)

test('Enter goes through a form in which choices are one field each, and what is wrong has the cursor then', async () => {
  await page.goto(`${counter.shop.url}/settings/people?new=1`)
  const form = page.getByRole('dialog')
  const email = form.getByLabel('E-mail')
  await form.getByLabel('Name').fill('Paula Pin')
  await form.getByLabel('Phone').fill('555-0779')
  await email.fill('paula@example.com')
  await page.keyboard.press('Enter')
  await hasCursor(form.getByRole('radio', { checked: true }))
  await page.keyboard.press('Enter')
  await hasCursor(form.getByRole('checkbox'))
  await page.keyboard.press('Enter')
  const password = form.getByLabel('Password to begin with')
  await hasCursor(password)
  await email.focus()
  await page.keyboard.press('Control+Enter')
  await hasCursor(password)
  await password.fill('paulas first one')
  const pin = form.getByRole('textbox', { name: /^PIN/ })
  await expect.poll(() => pin.inputValue()).toMatch(/^\d{4}$/)
  await pin.fill('2468')
  await email.focus()
  await page.keyboard.press('Control+Enter')
  await form.getByText('This PIN is not free. Choose another.').waitFor()
  await hasCursor(pin)
  await page.keyboard.press('Escape')
})

test('a correction without a reason says so where it is missing, and so does one that changes nothing', async () => {
  const { id } = await counter.shop.database.db
    .selectFrom('repair_order')
    .select('id')
    .where('status', '=', 'Repairing')
    .where('cost_cents', '>', 5_000)
    .where('id', 'not in', (paid) => paid.selectFrom('payment_entry').select('order_id'))
    .orderBy('id')
    .executeTakeFirstOrThrow()
  await page.goto(`${counter.shop.url}/tickets/${id}`)
  await page.getByRole('button', { name: /Take payment/ }).click()
  const received = page.getByLabel('Received')
  await hasCursor(received)
  const sent = watchWrites(page)
  const toPay = page.getByLabel('To pay')
  await toPay.fill('20')
  await page.keyboard.press('Enter')
  await hasCursor(received)
  expect(sent).toEqual([])
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Done' }).click()

  await page.getByRole('button', { name: /^Correct the payment of/ }).click()
  const kept = page.getByLabel('What was kept of it')
  await hasCursor(kept)
  await page.keyboard.press('Control+Enter')
  await page.getByText('Fill this in.').waitFor()
  await hasCursor(page.getByLabel('Why'))
  await page.getByLabel('Why').fill('Mistyped')
  await kept.fill('20')
  await page.keyboard.press('Enter')
  await hasCursor(page.getByRole('radio', { checked: true }))
  await page.keyboard.press('Enter')
  await hasCursor(page.getByLabel('Why'))
  await page.keyboard.press('Control+Enter')
  await page.getByText('This is what was taken. Give another amount, or another way.').waitFor()
  await hasCursor(kept)
  await page.keyboard.press('Escape')
})

test('one row of the models is marked, and the name of one that is changed is typed over', async () => {
  await page.goto(`${counter.shop.url}/intake`)
  const model = page.locator('[data-step=model]')
  await model.focus()
  for (const text of ['ipho', 'ne 1', '3']) {
    await page.keyboard.type(text, { delay: 60 })
    await page
      .getByRole('option', { name: /iPhone/ })
      .first()
      .waitFor()
    await expect.poll(() => page.locator('[role=option][data-combobox-selected]').allInnerTexts()).toHaveLength(1)
  }
  await page.locator('[role=option][data-combobox-selected]', { hasText: 'iPhone 13' }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Change' }).last().click()
  await hasCursor(model)
  const selected = () =>
    model.evaluate((field: HTMLInputElement) => field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0))
  await expect.poll(selected).toBe(await model.inputValue())
  expect(await model.inputValue()).toMatch(/iPhone 13/)
  await page.getByRole('button', { name: 'Discard draft' }).click()
})

test('no code that is none takes the place of an IMEI at intake, and an IMEI that does is given back', async () => {
  await page.goto(`${counter.shop.url}/intake`)
  const serial = page.locator('[data-step=serial]')
  const price = page.locator('[inputmode=decimal]')
  await serial.fill(IMEI)
  await price.focus()
  await scan(page, '4006381333931')
  await page.getByText(`4006381333931 is no IMEI, and ${IMEI} stays.`).waitFor()
  expect(await serial.inputValue()).toBe(IMEI)
  await hasCursor(price)
  await page.keyboard.type('12345678901', { delay: 60 })
  await page.keyboard.press('Enter')
  // A hand has typed them, and sees them: the field refuses them.
  await page.getByText('Give an amount of 0 or more, with at most two decimals.').waitFor()
  expect([await serial.inputValue(), await price.inputValue()]).toEqual([IMEI, '12345678901'])
  await price.fill('')
  await scan(page, '356938035643809')
  await page.getByText(`Scanned in place of ${IMEI}.`).waitFor()
  expect(await serial.inputValue()).toBe('356938035643809')
  await page.keyboard.press('Control+z')
  await expect.poll(() => serial.inputValue()).toBe(IMEI)
  await page.getByRole('button', { name: 'Discard draft' }).click()
  expect(counter.faults).toEqual([])
})
