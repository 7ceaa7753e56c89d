import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openBusyCounter } from './support/counter.ts'
import { watchWrites } from './support/writes.ts'

/** From now on, answers to these requests take longer than the next key. */
const slowDown = (page: Page, path: RegExp) =>
  page.route(path, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 600))
    await route.continue()
  })

test('Enter chooses the customer of the number that stands in the field, not of the one before', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await shop.person('customer', { full_name: 'Anna Before', phone: '0998 10' })
  await shop.person('customer', { full_name: 'Bert Meant', phone: '0998 1234' })
  await shop.person('customer', { full_name: 'Zoe Newest', phone: '0998 19' })
  await shop.database.flushSearchIndex()
  await page.keyboard.press('F2')
  await page.locator('[data-step=customer]:focus').waitFor()
  await page.keyboard.type('0998 1', { delay: 60 })
  await page.getByRole('option', { name: /Zoe Newest/ }).waitFor()
  await slowDown(page, /\/counter\/customers\?/)
  await page.keyboard.type('234', { delay: 60 })
  await page.keyboard.press('Enter')
  await page.getByText('Bert Meant').waitFor()
  await page.locator('[data-step=serial]:focus').waitFor()
  expect(await page.getByText('Zoe Newest').count()).toBe(0)
  expect(counter.faults).toEqual([])
})

test('Enter in the global search opens what was typed, not what an earlier letter found', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await shop.person('customer', { full_name: 'Quentin Earlier', phone: '0998 10' })
  const meant = await shop.person('customer', { full_name: 'Quirin Meant', phone: '0998 11' })
  await shop.person('customer', { full_name: 'Quade Newest', phone: '0998 12' })
  await shop.database.flushSearchIndex()
  await page.keyboard.press('F3')
  await page.keyboard.type('qu', { delay: 60 })
  await page.getByRole('option', { name: /Quade Newest/ }).waitFor()
  await slowDown(page, /\/counter\/search\?/)
  await page.keyboard.type('irin', { delay: 60 })
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Quirin Meant' }).waitFor()
  expect(new URL(page.url()).pathname).toBe(`/customers/${meant.id}`)
})

test('Enter takes the model and the device of what was typed, however slow the answer is', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const known = await shop.database.db
    .selectFrom('device')
    .innerJoin('model', 'model.id', 'device.model_id')
    .select(['serial_number', 'model.name'])
    .where('serial_number', 'is not', null)
    .executeTakeFirstOrThrow()
  const modelsOf = (q: string): Promise<{ name: string }[]> =>
    page.evaluate((path) => fetch(path).then((reply) => reply.json()), `/counter/models?q=${encodeURIComponent(q)}`)
  const [first, ...others] = await modelsOf('apple')
  const typed = `apple ${others.at(-1)!.name}`
  const [meant] = await modelsOf(typed)
  expect(meant!.name).not.toBe(first!.name)
  await page.keyboard.press('F2')
  await page.locator('[data-step=customer]:focus').waitFor()
  await page.locator('[data-step=model]').focus()
  await page.keyboard.type('apple', { delay: 60 })
  await page.getByRole('option', { name: first!.name }).first().waitFor()
  await slowDown(page, /\/counter\/(models|devices)\?/)
  await page.keyboard.type(typed.slice('apple'.length), { delay: 60 })
  await page.keyboard.press('Enter')
  await page.locator('strong', { hasText: `Apple ${meant!.name}` }).waitFor()

  await page.getByLabel('Serial number or IMEI').focus()
  await page.keyboard.type(known.serial_number!, { delay: 60 })
  await page.keyboard.press('Enter')
  await page.locator('[data-step=problems]:focus').waitFor()
  await page.getByText(known.serial_number!).first().waitFor()
  expect(counter.faults).toEqual([])
})

/** A repair at work of which something is owed, opened. */
async function openOwed(page: Page, url: string) {
  const { rows }: { rows: { id: number; due_cents: number }[] } = await page.evaluate(() =>
    fetch('/counter/repairs?open=true').then((reply) => reply.json()),
  )
  await page.goto(`${url}/tickets/${rows.find(({ due_cents }) => due_cents > 0)!.id}`)
  await page.getByRole('list', { name: 'Timeline' }).waitFor()
}

const focusId = (page: Page) => page.evaluate(() => document.activeElement?.id)

test('one Enter or Alt+H too many takes no device back, and what is owed is said when it goes', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const writes = watchWrites(page)
  await openOwed(page, shop.url)
  await page.keyboard.press('Alt+3')
  await page.getByRole('button', { name: 'Completed', pressed: true }).waitFor()
  await page.keyboard.press('Alt+h')
  await page.getByText(/was handed over\..* £[\d.]+ is still owed\./).waitFor()
  await page.getByText(/^Handed over · /).waitFor()
  await page.keyboard.press('Alt+h')
  expect(writes.splice(0)).toHaveLength(2)
  await page.keyboard.press('Control+z')
  await page.getByText(/is in the shop\./).waitFor()
  expect(writes.splice(0)).toHaveLength(1)
  await page.getByText(/^Handed over · /).waitFor({ state: 'detached' })

  await page.keyboard.press('F9')
  await page.locator('[data-autofocus]:focus').waitFor()
  await page.keyboard.press('Enter')
  const handOver = page.getByRole('dialog').getByRole('button', { name: 'Hand over' })
  await handOver.and(page.locator(':focus')).waitFor()
  // Nothing is pressed before the change can have been read.
  await expect.poll(async () => (await page.keyboard.press('Enter'), handOver.count())).toBe(0)
  await page.getByText(/was handed over\./).waitFor()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expect.poll(() => focusId(page)).toBe('content')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  expect(writes.splice(0)).toHaveLength(2)

  await page.getByRole('button', { name: 'Undo' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText(/is in the shop\./).waitFor()
  await expect.poll(() => focusId(page)).toBe('content')
  expect(writes).toHaveLength(1)
  expect(counter.faults).toEqual([])
})

test('one Esc closes one thing: a dialog, a menu or a list first, and then what lies under it', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const help = page.getByRole('dialog', { name: 'Keyboard' })
  const userButton = page.getByRole('button', { name: /Olga Owner/ })
  const userMenu = page.getByRole('dialog', { name: 'Signed in:' })
  const closeEach = async () => {
    await page.keyboard.press('Control+/')
    await help.waitFor()
    await page.keyboard.press('Escape')
    await help.waitFor({ state: 'detached' })
    await userButton.click()
    await userMenu.waitFor()
    await page.keyboard.press('Escape')
    await userMenu.waitFor({ state: 'detached' })
  }
  await page.keyboard.press('F2')
  await page.locator('[data-step=customer]:focus').waitFor()
  await page.keyboard.press('Control+/')
  await help.waitFor()
  await page.keyboard.press('Escape')
  await page.locator('[data-step=customer]:focus').waitFor()
  await closeEach()
  expect(new URL(page.url()).pathname).toBe('/intake')
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Today' }).waitFor()

  await page.goto(`${shop.url}/repairs`)
  await page
    .getByRole('checkbox', { name: /^Mark S1/ })
    .nth(0)
    .click()
  await page
    .getByRole('checkbox', { name: /^Mark S1/ })
    .nth(1)
    .click()
  await closeEach()
  await page.getByText('2 marked').waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('2 marked').waitFor({ state: 'detached' })

  await openOwed(page, shop.url)
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  const priceFields = page.locator('form input[inputmode=decimal]')
  await priceFields.first().waitFor()
  await closeEach()
  await page.getByRole('button', { name: 'Print' }).click()
  await page.getByRole('menu').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('menu').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Print' }).and(page.locator(':focus')).waitFor()
  await page.getByTitle('Change the promised date').click()
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.locator('[title="Change the promised date"]:focus').waitFor()
  await page.getByRole('combobox', { name: 'Assign …' }).click()
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('option').count()).toBe(0)
  expect(await priceFields.count()).toBe(2)
  await page.keyboard.press('Escape')
  await expect.poll(() => priceFields.count()).toBe(0)

  const { id } = await shop.person('customer', { full_name: 'Dora Drawer', phone: '0998 20' })
  await page.setViewportSize({ width: 1000, height: 768 })
  await page.goto(`${shop.url}/customers/${id}`)
  await page.getByRole('button', { name: 'Details' }).click()
  const details = page.getByRole('dialog', { name: 'Details' })
  await details.waitFor()
  await page.keyboard.press('F6')
  await page.keyboard.press('Escape')
  await details.waitFor({ state: 'detached' })
  expect(new URL(page.url()).pathname).toBe(`/customers/${id}`)
  await page.getByRole('button', { name: 'Details' }).and(page.locator(':focus')).waitFor()
  expect(counter.faults).toEqual([])
})

test('Esc and the key of another screen in one go leave a dialog for that screen', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await openOwed(page, shop.url)
  const ticket = new URL(page.url()).pathname
  for (let n = 0; n < 4; n++) {
    await page.keyboard.press('F9')
    await page.locator('[data-autofocus]:focus').waitFor()
    await Promise.all([page.keyboard.press('Escape'), page.keyboard.down('F2').then(() => page.keyboard.up('F2'))])
    await page.locator('[data-step=customer]:focus').waitFor()
    await page.goBack()
    await expect.poll(() => new URL(page.url()).pathname).toBe(ticket)
  }
  expect(counter.faults).toEqual([])
})
