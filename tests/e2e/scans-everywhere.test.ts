import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ORDER_STATUSES } from '../../server/domain/repair-status.ts'
import { type Counter, openBusyCounter, pressEnterLater, scan, visit } from './support/counter.ts'
import { watchWrites } from './support/writes.ts'

/** Reads only: one shop serves all of these tests. */
let counter: Counter
let writes: string[]
let faults: string[]
/** The ticket that is scanned, and one whose screens it is scanned on. */
let meant: { id: number; ticket_number: string }
let shown: { id: number; customer_id: number; device_id: number }
let order: number

beforeAll(async () => {
  counter = await openBusyCounter()
  faults = counter.faults
  writes = watchWrites(counter.page)
  const { db } = counter.shop.database
  const owed = db.selectFrom('repair_order').select(['id', 'ticket_number', 'customer_id', 'device_id'])
  meant = await owed.where('status', '=', 'Repairing').orderBy('id').executeTakeFirstOrThrow()
  shown = await owed.where('status', '=', 'Pending').where('cost_cents', '>', 0).executeTakeFirstOrThrow()
  order = (await db.selectFrom('sales_order').select('id').executeTakeFirstOrThrow()).id
}, 180_000)

afterAll(() => counter[Symbol.asyncDispose]())

/** For a machine that has other work. */
const PATIENT = { timeout: 60_000 }

const SPEEDS = [5, 30, 150]
const SCANNERS = SPEEDS.flatMap((gap) => [true, false].map((enter) => ({ gap, enter })))
const LAYOUTS = ['us', 'german'] as const

/** The label of the ticket, by every scanner; both layouts take turns. */
async function scanEach(page: Page, found: (enter: boolean) => Promise<void>, from = 0) {
  for (const [index, { gap, enter }] of SCANNERS.entries()) {
    const machine = LAYOUTS[(index + (index >> 1) + from) % 2] ?? 'us'
    await scan(page, `T:${meant.ticket_number}`, { gap, enter, machine })
    await found(enter)
  }
}

async function ticketOpened(page: Page) {
  await page.waitForURL(`**/tickets/${meant.id}`)
  await page.getByRole('heading', { name: meant.ticket_number }).waitFor()
}
const ticketOffered = (page: Page) =>
  page
    .getByRole('option', { name: new RegExp(meant.ticket_number) })
    .first()
    .waitFor()

/** Esc as often as the search has something to give up: one more would leave the screen. */
async function giveUpSearch(page: Page) {
  const searching = page.locator('search input:focus')
  await searching.waitFor()
  while ((await searching.count()) > 0) await page.keyboard.press('Escape')
}

/** Whether what was scanned was found; afterwards the screen is as it was. */
const foundFrom = (page: Page, ready: () => Promise<unknown>) => async (enter: boolean) => {
  if (enter) {
    await ticketOpened(page)
    await page.evaluate(() => history.back())
  } else {
    await ticketOffered(page)
    await giveUpSearch(page)
  }
  await ready()
}

type Screen = [name: string, path: () => string, ready: (page: Page) => Promise<unknown>]
const text = (words: string | RegExp) => (page: Page) => page.getByText(words).first().waitFor()

const SCREENS: Screen[] = [
  ['today', () => '/', (page) => page.getByRole('heading', { name: 'Today' }).waitFor()],
  ['the list', () => '/repairs', (page) => page.locator('[role=grid]:focus').waitFor()],
  ['the board', () => '/repairs/board', (page) => page.locator('[data-card]').first().waitFor()],
  ['a ticket', () => `/tickets/${shown.id}`, (page) => page.getByRole('list', { name: 'Timeline' }).waitFor()],
  ['intake', () => '/intake', (page) => page.locator('[data-step=customer]').waitFor()],
  ['a paper', () => `/tickets/${shown.id}/print/stub`, (page) => page.getByRole('article').waitFor()],
  ['a customer', () => `/customers/${shown.customer_id}`, text('S1-T1-')],
  ['a device', () => `/devices/${shown.device_id}`, text('S1-T1-')],
  ['the web shop’s orders', () => '/web-orders', (page) => page.getByRole('heading', { level: 1 }).waitFor()],
  ['a web order', () => `/web-orders/${order}`, (page) => page.getByRole('heading', { level: 1 }).waitFor()],
  ['my settings', () => '/settings/me', (page) => page.getByRole('heading', { level: 1 }).waitFor()],
  ['the shop’s settings', () => '/settings/shop', (page) => page.getByRole('heading', { level: 1 }).waitFor()],
  ['people', () => '/settings/people', text('Olga Owner')],
  ['nothing', () => '/nowhere', text('There is no such page')],
]

test.each(SCREENS)(
  'on %s every scan is found, and neither it nor blind digits write anything',
  async (_, path, ready) => {
    const { page, shop } = counter
    await visit(page, `${shop.url}${path()}`)
    await ready(page)
    await scanEach(
      page,
      foundFrom(page, () => ready(page)),
      path().length,
    )
    expect(writes).toEqual([])
    expect(faults).toEqual([])
  },
)

test.each(ORDER_STATUSES)('no scan changes a ticket that is %s, however it is read', async (status) => {
  const { page, shop } = counter
  const ticket = await shop.database.db
    .selectFrom('repair_order')
    .select('id')
    .where('status', '=', status)
    .where('id', '!=', meant.id)
    .executeTakeFirstOrThrow()
  await visit(page, `${shop.url}/tickets/${ticket.id}`)
  const ready = () => page.getByRole('list', { name: 'Timeline' }).waitFor()
  await ready()
  for (const code of [...CODES, ...fieldScans()]) await scan(page, code, { gap: 30, enter: false })
  await page.keyboard.press('Escape')
  await scan(page, `T:${meant.ticket_number}`, { gap: 150 })
  await foundFrom(page, ready)(true)
  expect(writes).toEqual([])
})

/** As they were scanned at a counter where each of them changed a status or handed a device over. */
const CODES = ['352099001761481', 'C02XG2JHJG5H', '86h4500312', 'snh2a7k9']

/** More of them, where the folder with them is there. */
function fieldScans(): string[] {
  const file = join(import.meta.dirname, '../../../shared/data/field/scans.txt')
  if (!existsSync(file)) return []
  const codes = readFileSync(file, 'utf8').split('\n').slice(1)
  return codes.map((line) => line.split(/\s/)[0] ?? '').filter((code) => code !== '')
}

test('a scan while a dialog is open answers nothing, and is found when the dialog is closed', async () => {
  const { page, shop } = counter
  await visit(page, `${shop.url}/tickets/${shown.id}`)
  await page.getByRole('list', { name: 'Timeline' }).waitFor()
  const dialogs = [
    ['F9', () => page.locator('[data-autofocus]:focus').waitFor()],
    ['Control+/', () => page.getByRole('dialog', { name: 'Keyboard' }).waitFor()],
  ] as const
  for (const [key, ready] of dialogs)
    for (const { gap, enter } of key === 'F9' ? SCANNERS : SCANNERS.slice(-2)) {
      await page.keyboard.press(key)
      await ready()
      await scan(page, `T:${meant.ticket_number}`, { gap, enter })
      // The message of the scan before may still be on its way out.
      await page.getByText(`“T:${meant.ticket_number}” is kept`).first().waitFor()
      expect(await page.getByRole('dialog').count()).toBe(1)
      if (key === 'F9') await expect.poll(() => page.locator('[data-autofocus]').inputValue(), PATIENT).toBe('')
      await page.keyboard.press('Escape')
      await ticketOffered(page)
      await giveUpSearch(page)
      await page.getByRole('list', { name: 'Timeline' }).waitFor()
    }
  expect(writes).toEqual([])
})

test('a scan at intake is the device, never a phone number, a price or a fault', async () => {
  const { page, shop } = counter
  await visit(page, `${shop.url}/intake`)
  const serial = page.locator('[data-step=serial]')
  await page.locator('[data-step=problems]').waitFor()
  for (const stop of ['[data-step=customer]', '[inputmode=decimal]', '[data-step=problems]'])
    for (const { gap, enter } of stop === '[data-step=customer]' ? SCANNERS : SCANNERS.slice(1, -1)) {
      await page.locator(stop).focus()
      await scan(page, IMEI, { gap, enter })
      await page.locator('[data-step=model]:focus').waitFor()
      expect(await serial.inputValue()).toBe(IMEI)
      await serial.fill('')
      expect(await page.locator('[data-step=customer]').inputValue()).toBe('')
      expect(await page.locator('[inputmode=decimal]').inputValue()).toBe('')
      expect(await page.locator('[aria-pressed=true]').count()).toBe(0)
    }
  await page.locator('[data-step=problems]').focus()
  await page.keyboard.press('3')
  await page.keyboard.press('Alt+5')
  await expect.poll(() => page.locator('[aria-pressed=true]').count(), PATIENT).toBe(2)
  expect(writes).toEqual([])
})

const IMEI = '490154203237518'

test('what is scanned into a filter is found, and the list stays as it was', async () => {
  const { page, shop } = counter
  await visit(page, `${shop.url}/repairs`)
  await page.locator('[role=grid]').waitFor()
  await page.keyboard.press('Alt+f')
  const filter = page.locator('[data-filter]:focus')
  await filter.waitFor()
  for (const gap of SPEEDS) {
    await scan(page, `T:${meant.ticket_number}`, { gap, enter: false })
    await ticketOffered(page)
    expect(await page.locator('[data-filter]').inputValue()).toBe('')
    await giveUpSearch(page)
    await filter.waitFor()
  }
  // The list follows what stands in the field a moment later.
  await expect.poll(() => new URL(page.url()).search, PATIENT).toBe('')
})

test('a scanner in ALT mode is found, and leaves the cursor of whoever types so in a field', async () => {
  const { page, shop } = counter
  await visit(page, `${shop.url}/intake`)
  await page.locator('[data-step=customer]:focus').waitFor()
  await typeByAlt(page, 'ä')
  await page.locator('[data-step=customer]:focus').waitFor()
  expect(await page.locator('[data-step=customer]').inputValue()).toBe('ä')
  await page.locator('[data-step=customer]').fill('')
  for (const [path, inView] of [
    [`/tickets/${shown.id}`, page.getByRole('list', { name: 'Timeline' })],
    ['/intake', page.locator('[data-step=customer]:focus')],
  ] as const) {
    await visit(page, `${shop.url}${path}`)
    await inView.waitFor()
    await page.evaluate(() => document.getElementById('content')?.focus())
    await typeByAlt(page, meant.ticket_number)
    await page.keyboard.press('Enter')
    await ticketOpened(page)
  }
  expect(writes).toEqual([])
})

/** Each character by its number, with Alt on the number pad; the browser types it when Alt is let go. */
async function typeByAlt(page: Page, words: string) {
  for (const sign of words) {
    await page.keyboard.down('Alt')
    for (const digit of `0${sign.charCodeAt(0)}`) await page.keyboard.press(`Numpad${digit}`)
    await page.keyboard.up('Alt')
    await page.keyboard.insertText(sign)
  }
}

test('keys that are nobody’s, and Alt with the number pad, do nothing', async () => {
  const { page, shop } = counter
  await visit(page, `${shop.url}/tickets/${shown.id}`)
  await page.getByRole('list', { name: 'Timeline' }).waitFor()
  for (const key of ['d', 'i', 'j', 'm', ']']) await page.keyboard.press(`Control+${key}`)
  for (const digit of [1, 2, 3, 4]) await page.keyboard.press(`Alt+Numpad${digit}`)
  for (const key of ['1', '3', 'h', 'm', '?', '+', '-', ' ']) await page.keyboard.press(key)
  expect(writes).toEqual([])
  expect(new URL(page.url()).pathname).toBe(`/tickets/${shown.id}`)
})

test('a sum that nobody gives is asked about, and Enter does not say yes', async () => {
  const { page, shop } = counter
  await visit(page, `${shop.url}/tickets/${shown.id}`)
  await page.getByRole('list', { name: 'Timeline' }).waitFor()
  await page.keyboard.press('F9')
  await page.locator('[data-autofocus]:focus').waitFor()
  await scan(page, '385074', { gap: 150 })
  await page.getByText('Were £385,074.00 given').waitFor()
  await pressEnterLater(page)
  await pressEnterLater(page)
  await page.getByText('Yes, £385,074.00 were given').waitFor()
  expect(writes).toEqual([])
  await page.keyboard.press('Escape')
  await page.keyboard.press('F9')
  await page.locator('[data-autofocus]:focus').waitFor()
  await scan(page, '96385074', { gap: 150 })
  await page.getByText('£96,385,074.00: so much?').waitFor()
  await pressEnterLater(page)
  await pressEnterLater(page)
  await page.getByText('£96,385,074.00: so much?').waitFor()
  expect(writes).toEqual([])
  await page.keyboard.press('Escape')
})

test('before anybody is signed in no scan sends anything', async () => {
  const { context, shop } = counter
  const stranger = await context.browser()!.newContext({ locale: 'en-GB' })
  const page = await stranger.newPage()
  const sent = watchWrites(page)
  for (const path of ['/', '/claim'])
    for (const gap of SPEEDS) {
      await page.goto(`${shop.url}${path}`)
      await page.locator('input:focus').waitFor()
      await scan(page, `T:${meant.ticket_number}`, { gap })
      await page.locator('button[type=submit]').focus()
      await scan(page, IMEI, { gap })
    }
  expect(sent).toEqual([])
  await stranger.close()
})

test('a scan and one chord set a status; Ctrl+Z takes it back', async () => {
  const { page, shop } = counter
  await visit(page, `${shop.url}/`)
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  const status = () =>
    shop.database.db.selectFrom('repair_order').select('status').where('id', '=', meant.id).executeTakeFirstOrThrow()
  await scan(page, `T:${meant.ticket_number}`)
  await page.getByRole('list', { name: 'Timeline' }).waitFor()
  await page.keyboard.press('Alt+3')
  await page.getByText(`${meant.ticket_number} is now: Completed`).waitFor()
  expect(writes.splice(0)).toEqual([`PATCH /counter/tickets/${meant.id}`])
  expect(await status()).toEqual({ status: 'Completed' })
  const message = page.getByRole('textbox', { name: 'Write a message' })
  await page.keyboard.press('Alt+m')
  await page.keyboard.type('Call', { delay: 60 })
  await page.keyboard.press('Control+z')
  expect(await message.inputValue()).not.toBe('Call')
  expect(writes).toEqual([])
  await message.fill('')
  await page.keyboard.press('Control+z')
  await page.getByText(`${meant.ticket_number} is now: Repairing`).waitFor()
  expect(writes.splice(0)).toEqual([`PATCH /counter/tickets/${meant.id}`])
  expect(await status()).toEqual({ status: 'Repairing' })
})

test('a command by a bare key would be seen', async () => {
  const { page, shop } = counter
  await visit(page, `${shop.url}/tickets/${shown.id}`)
  await page.getByRole('list', { name: 'Timeline' }).waitFor()
  await page.evaluate((id) => {
    window.addEventListener('keydown', ({ key }) => {
      if (key === '3') void fetch(`/counter/tickets/${id}`, { method: 'PATCH' })
    })
  }, shown.id)
  await scan(page, 'AB3456', { gap: 150 })
  await expect.poll(() => writes.length, PATIENT).toBe(1)
  writes.length = 0
})
