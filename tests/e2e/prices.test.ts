import { expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { openBusyCounter, picture, type Counter } from './support/counter.ts'

/** The sheet, with the cursor in its first cell. */
async function openSheet({ page, shop }: Counter) {
  await page.goto(`${shop.url}/settings/prices`)
  await page.locator('[data-cursor]:focus').waitFor()
}

/** The cell of a model and a grade gets the cursor. */
async function goTo(page: Page, name: string, grade: 'A' | 'B') {
  await cellOf(page, name, grade).click()
  await page.getByLabel(`${name}, grade ${grade}`).and(page.locator(':focus')).waitFor()
}

const cellOf = (page: Page, name: string, grade: 'A' | 'B') =>
  page
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name, exact: true }) })
    .getByRole('gridcell')
    .nth(grade === 'A' ? 0 : 1)

const PHONE = 'iPhone 11 64GB'

const cursor = (page: Page) => page.locator('[data-cursor]:focus')
const type = (page: Page, text: string) => page.keyboard.type(text, { delay: 60 })
const savedBy = (page: Page) => page.getByRole('button', { name: /^Save/ })

/** Puts a text on the clipboard of the page and presses Ctrl+V, as a spreadsheet and a hand do. */
async function paste(page: Page, text: string) {
  await cursor(page).evaluate((field, data) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', data)
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, text)
}

const lines = ({ shop }: Counter) =>
  shop.database.db
    .selectFrom('trade_in_price')
    .select(['model', 'storage', 'condition', 'price_cents', 'valid_from', 'valid_until'])
    .where('deleted_at', 'is', null)
    .orderBy('id', 'desc')
    .execute()

test('prices are typed as in a sheet, stay a draft until all are saved, and the old ones end then', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await openSheet(counter)
  await goTo(page, PHONE, 'A')
  const name = await cursor(page).getAttribute('aria-label')
  const before = await cursor(page).inputValue()
  await type(page, '290')
  await page.keyboard.press('ArrowDown')
  await type(page, '5O')
  await page.keyboard.press('ArrowUp')
  await page.getByText('1 changed').waitFor()
  await page.getByText('1 is no price: 5O').waitFor()
  expect(await page.locator('[data-new] s').first().textContent()).toBe(before.replace(/\.00$/, ''))
  expect(await cursor(page).getAttribute('aria-label')).toBe(name)
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowLeft')
  expect(await cursor(page).getAttribute('aria-label')).toMatch(/grade B$/)
  await type(page, '12,5')
  await picture(page, 'price-matrix')
  await page.keyboard.press('Control+s')
  await page.getByText('2 prices count now').waitFor()
  await page.getByText('1 is no price: 5O').waitFor()
  const [b, a] = await lines(counter)
  expect([a, b]).toMatchObject([
    { condition: 'A', price_cents: 29_000 },
    { condition: 'B', price_cents: 1_250 },
  ])
  expect((await lines(counter)).filter(({ valid_until }) => valid_until === a!.valid_from).length).toBeGreaterThan(0)
  await page.keyboard.press('F1')
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  await openDraftAgain(counter)
  expect(counter.faults).toEqual([])
})

/** What is not saved is still there after another screen. */
async function openDraftAgain({ page }: Counter) {
  await page.getByRole('button', { name: /Olga Owner/ }).click()
  await page.getByRole('link', { name: 'Price matrix' }).click()
  await page.getByText('1 is no price: 5O').waitFor()
}

test('Shift marks, percent changes what is marked, Ctrl+Z takes it back, Delete empties, and tomorrow is a day', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await openSheet(counter)
  await goTo(page, PHONE, 'A')
  const first = await cursor(page).inputValue()
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Alt+p')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Percent', { exact: true }).waitFor()
  await picture(page, 'price-percent')
  await page.keyboard.press('Control+Enter')
  await page.getByText('4 changed').waitFor()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowLeft')
  expect(Number(await cursor(page).inputValue())).toBe(Number(first) * 0.95)
  await page.getByRole('button', { name: /^Undo/ }).click()
  await page.getByText('Nothing changed').waitFor()
  await goTo(page, PHONE, 'A')
  await page.keyboard.press('Delete')
  await page.getByText('1 changed').waitFor()
  await page.getByRole('combobox', { name: 'From when' }).click()
  await page.getByRole('option', { name: /00:00/ }).click()
  await savedBy(page).click()
  await page.getByText(/1 price counts from/).waitFor()
  const ended = (await lines(counter)).filter(
    ({ valid_until }) => valid_until !== null && valid_until > shop.clock.now(),
  )
  expect(new Date(Math.max(...ended.map(({ valid_until }) => valid_until!))).toISOString()).toMatch(/T\d\d:00:00.000Z/)
  expect(counter.faults).toEqual([])
})

test('columns of a spreadsheet are pasted with words and gaps: what is no price is marked, the rest is kept', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await openSheet(counter)
  await goTo(page, PHONE, 'A')
  await paste(page, '£301.50\tsoon\n\t210\n302\t211')
  await page.getByText(/4 prices pasted. 1 cell is no price/).waitFor()
  await page.getByText('1 is no price: soon').waitFor()
  const rows = 5_000
  await paste(page, Array.from({ length: rows }, (_, index) => `${100 + index}`).join('\n'))
  await page.getByText(/cells lie beyond the sheet/).waitFor()
  await savedBy(page).click()
  await page.getByText(/prices count now/).waitFor()
  await page.getByText('1 is no price: soon').waitFor()
  await goTo(page, PHONE, 'A')
  await paste(page, '=1+1')
  await page.getByText('2 are no prices').waitFor()
  expect(counter.faults).toEqual([])
})

test('a file with named rows is read line by line, with what is wrong in it, and is a draft before it is saved', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await openSheet(counter)
  await page.keyboard.press('Alt+i')
  const dialog = page.getByRole('dialog')
  const csv = [
    'Brand;Model;Storage;A;B',
    'apple;iPhone 99;1TB;900,00;abc',
    'Nobody;X1;;1;2',
    ';X1;;1;2',
    'Apple;;;1;2',
    'Apple;"broken;1;2',
    "Apple;'=1+1;;10;",
  ].join('\r\n')
  await dialog.locator('input[type=file]').setInputFiles({
    name: 'prices.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(csv),
  })
  await dialog.getByText('2 rows read, 2 prices. 1 cell is no price').waitFor()
  expect(await dialog.getByRole('listitem').allInnerTexts()).toEqual([
    'Line 3: there is no brand “Nobody”.',
    'Line 4: there is no brand.',
    'Line 5: there is no model.',
    'Line 6: a quote is not closed.',
  ])
  await picture(page, 'price-import')
  await page.keyboard.press('Control+Enter')
  await page.getByText('2 changed').waitFor()
  await savedBy(page).click()
  await page.getByText('2 prices count now').waitFor()
  const saved = (await lines(counter)).filter(({ model }) => model === 'iPhone 99' || model === '=1+1')
  expect(saved.map(({ model, storage, price_cents }) => [model, storage, price_cents]).toSorted()).toEqual([
    ['=1+1', null, 1_000],
    ['iPhone 99', '1TB', 90_000],
  ])
  await page.keyboard.press('Alt+a')
  await dialog.getByRole('combobox', { name: 'Brand' }).click()
  await page.getByRole('option', { name: 'Apple' }).click()
  await dialog.getByLabel('Model').fill('iPhone 100')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('rowheader', { name: 'iPhone 100' }).waitFor()
  expect(counter.faults).toEqual([])
})

test('deductions are an amount or percent with their days, and none is named twice', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await openSheet(counter)
  await page.keyboard.press('Alt+e')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Add a deduction' }).click()
  const known = await shop.database.db.selectFrom('trade_in_deduction').select('name').executeTakeFirstOrThrow()
  await dialog.getByLabel('Deduction').fill(known.name.toUpperCase())
  await dialog.getByText('Percent of the price').click()
  await dialog.getByRole('textbox', { name: 'Takes off' }).fill('12,5')
  await page.keyboard.press('Control+Enter')
  await dialog.getByText(/There is a deduction called/).waitFor()
  await dialog.getByLabel('Deduction').fill('Engraving')
  await dialog.getByRole('textbox', { name: 'Last day' }).fill('31/12/2030')
  await picture(page, 'price-deduction')
  await page.keyboard.press('Control+Enter')
  await dialog
    .getByRole('row', { name: /Engraving/ })
    .getByText('−12.5%')
    .waitFor()
  const kept = await shop.database.db
    .selectFrom('trade_in_deduction')
    .select(['amount_cents', 'percent_tenths', 'valid_from'])
    .where('name', '=', 'Engraving')
    .executeTakeFirst()
  expect(kept).toEqual({ amount_cents: null, percent_tenths: 125, valid_from: null })
  expect(counter.faults).toEqual([])
})

test('who is no admin reads the prices with the arrows and changes none', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await page.route('**/counter/session', async (route) => {
    const reply = await route.fetch()
    const body = (await reply.json()) as { user: { role: string } | null }
    await route.fulfill({ response: reply, json: { ...body, user: body.user && { ...body.user, role: 'evaluator' } } })
  })
  await openSheet(counter)
  expect(await page.locator('[data-cursor]').evaluate(({ tagName }) => tagName)).toBe('DIV')
  expect(await cursor(page).getAttribute('aria-label')).toMatch(/, grade A: /)
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => cursor(page).getAttribute('aria-label')).toMatch(/, grade B: /)
  expect(await savedBy(page).count()).toBe(0)
  expect(await page.getByRole('columnheader', { name: 'Sold at' }).count()).toBe(0)
  await type(page, 'iph')
  expect(await page.getByRole('grid').getByText('iph', { exact: true }).count()).toBe(0)
  expect(counter.faults).toEqual([])
})
