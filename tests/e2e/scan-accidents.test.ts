import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Counter, openBusyCounter, scan } from './support/counter.ts'
import type { Person } from '../support/shop.ts'
import { holdBack } from './support/hold-back.ts'
import { watchWrites } from './support/writes.ts'

let counter: Counter
let page: Page
let writes: string[]
/** A ticket that waits to be picked up and is owed, and one of another customer. */
let ready: { id: number; ticket_number: string }
let other: { id: number; ticket_number: string }
let somebody: Person

beforeAll(async () => {
  counter = await openBusyCounter()
  page = counter.page
  writes = watchWrites(page)
  somebody = await counter.shop.person('customer', { full_name: 'Xaver Somebody', phone: '0998 77' })
  await counter.shop.database.flushSearchIndex()
  ready = await findReady()
  other = await tickets().where('status', '=', 'Repairing').executeTakeFirstOrThrow()
}, 180_000)

/** What failed and is tried again finds no answers held back, no writes but its own, and a ticket of which nothing was paid. */
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  writes.length = 0
  ready = await findReady()
})

afterAll(() => counter[Symbol.asyncDispose]())

const tickets = () => counter.shop.database.db.selectFrom('repair_order').select(['id', 'ticket_number']).orderBy('id')
const findReady = () =>
  tickets()
    .where('status', '=', 'Completed')
    .where('picked_up_at', 'is', null)
    .where('cost_cents', '>', 0)
    .where('id', 'not in', (nested) => nested.selectFrom('payment_entry').select('order_id'))
    .executeTakeFirstOrThrow()

async function openTicket({ id }: { id: number }) {
  await page.goto(`${counter.shop.url}/tickets/${id}`)
  await page.getByRole('list', { name: 'Timeline' }).waitFor()
}

/** Without what a test before has left in the draft. */
async function openIntake() {
  await page.goto(`${counter.shop.url}/intake`)
  const discard = page.getByRole('button', { name: 'Discard draft' })
  const customer = page.locator('[data-step=customer]')
  await customer.or(discard).first().waitFor()
  if (await discard.isVisible()) await discard.click()
  await customer.waitFor()
}

const offered = (text: string) =>
  page
    .getByRole('option', { name: new RegExp(text) })
    .first()
    .waitFor()
const handOver = () => page.getByRole('dialog').getByRole('button', { name: 'Hand over' })
const focusIsInDialog = () => page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null)

const IMEI = '356938035643809'

test('a fast scan with a late key is one code, at intake and in the search', async () => {
  await openIntake()
  const serial = page.locator('[data-step=serial]')
  for (const [key, enter] of [
    [1, true],
    [4, false],
    [8, true],
    [8, false],
    [14, true],
  ] as const) {
    await page.locator('[data-step=customer]').focus()
    await scan(page, IMEI, { gap: 15, late: { key, by: 45 }, enter })
    await page.locator('[data-step=model]:focus').waitFor()
    expect(await serial.inputValue()).toBe(IMEI)
    expect(await page.locator('[data-step=customer]').inputValue()).toBe('')
    await serial.fill('')
  }
  for (const key of [2, 9]) {
    await page.goto(`${counter.shop.url}/`)
    await page.getByRole('heading', { name: 'Today' }).waitFor()
    await scan(page, `T:${other.ticket_number}`, { gap: 15, late: { key, by: 60 }, enter: false })
    await offered(other.ticket_number)
    expect(await page.locator('input[role=combobox]').first().inputValue()).toBe(`T:${other.ticket_number}`)
  }
  expect(writes).toEqual([])
})

test('what is typed with the cursor nowhere leaves the chosen device alone, and a scan gives it back', async () => {
  const known = await counter.shop.database.db
    .selectFrom('device')
    .select(['id', 'serial_number'])
    .where('serial_number', 'is not', null)
    .executeTakeFirstOrThrow()
  await openIntake()
  await scan(page, `D:${known.id}`)
  await page.locator('[data-step=problems]:focus').waitFor()
  const device = page.getByRole('region', { name: 'Device' })
  await device.getByText(known.serial_number!).waitFor()
  await page.evaluate(() => document.getElementById('content')?.focus())
  await page.keyboard.type('Zzyzx', { delay: 100 })
  await page.keyboard.press('Enter')
  await offered('Zzyzx')
  await device.getByText(known.serial_number!).waitFor()
  expect(new URL(page.url()).pathname).toBe('/intake')
  // Esc once, for the list: another one in the intake would leave it.
  await page.keyboard.press('Escape')
  await page.locator('[data-step=problems]').focus()
  await scan(page, IMEI)
  await page.getByText('Another device was scanned').waitFor()
  expect(await page.locator('[data-step=serial]').inputValue()).toBe(IMEI)
  await page.getByRole('button', { name: 'Undo' }).click()
  await device.getByText(known.serial_number!).waitFor()
  await page.getByRole('button', { name: 'Discard draft' }).click()
})

test('an answer that comes late changes nothing that was chosen since', async () => {
  const known = await counter.shop.database.db
    .selectFrom('device')
    .select('serial_number')
    .where('serial_number', 'is not', null)
    .executeTakeFirstOrThrow()
  await openIntake()
  const release = await holdBack(page, /\/counter\/devices/)
  await scan(page, known.serial_number!)
  await expect.poll(() => page.locator('[data-step=serial]').inputValue()).toBe(known.serial_number)
  await scan(page, IMEI)
  await expect.poll(() => page.locator('[data-step=serial]').inputValue()).toBe(IMEI)
  await release()
  await page.locator('[data-step=model]:focus').waitFor()
  expect(await page.locator('[data-step=serial]').inputValue()).toBe(IMEI)
  await page.getByRole('button', { name: 'Discard draft' }).click()

  await openTicket(ready)
  const answer = await holdBack(page, /\/counter\/search\?/)
  await scan(page, `T:${other.ticket_number}`)
  await page.keyboard.press('F9')
  await page.locator('[data-autofocus]:focus').waitFor()
  await answer()
  await page.locator('[data-autofocus]:focus').waitFor()
  expect(new URL(page.url()).pathname).toBe(`/tickets/${ready.id}`)
  await page.keyboard.press('Escape')
  await offered(other.ticket_number)
})

test('Enter takes the only one of a name, and the cursor stays where somebody went meanwhile; Esc closes the list of models and leaves intake as it is', async () => {
  await openIntake()
  await page.locator('[data-step=customer]').focus()
  await page.keyboard.type('Xaver', { delay: 80 })
  await offered('Xaver Somebody')
  const answer = await holdBack(page, new RegExp(`/counter/customers/${somebody.id}$`))
  await page.keyboard.press('Enter')
  const model = page.locator('[data-step=model]')
  await model.focus()
  await page.keyboard.type('ipho', { delay: 80 })
  await answer()
  await page.locator('[data-step=customer]').waitFor({ state: 'detached' })
  await page.keyboard.type('ne', { delay: 80 })
  await offered('iPhone')
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('option').count()).toBe(0)
  expect(await model.inputValue()).toBe('iphone')
  expect(new URL(page.url()).pathname).toBe('/intake')
  await page.getByRole('button', { name: 'Discard draft' }).click()
})

test('the cursor stays in the dialog when a question in it was answered by mouse', async () => {
  await openTicket(ready)
  await page.keyboard.press('F9')
  await page.locator('[data-autofocus]:focus').waitFor()
  await page.route(/\/payments/, (route) => route.abort())
  await page.keyboard.type('90000', { delay: 80 })
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /^Yes, / }).click()
  await page.getByText('The server did not answer').first().waitFor()
  expect(await focusIsInDialog()).toBe(true)
  await page.unroute(/\/payments/)
  await page.keyboard.press('Escape')
  writes.length = 0
})

test('Enter that is held or tapped twice takes the money once, and hands nothing over', async () => {
  await openTicket(ready)
  await page.keyboard.press('F9')
  await page.locator('[data-autofocus]:focus').waitFor()
  await page.evaluate(() => {
    const enter = () => new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })
    window.addEventListener('focusin', ({ target }) => {
      if (!(target instanceof HTMLButtonElement) || !target.closest('[role=status]')) return
      document.body.dataset['pressedAtOnce'] = String(target.dispatchEvent(enter()))
      setTimeout(() => (document.body.dataset['pressedLater'] = String(target.dispatchEvent(enter()))), 1_000)
    })
  })
  for (let times = 0; times < 4; times++) await page.keyboard.down('Enter')
  await page.getByText('Receipt').first().waitFor()
  for (let times = 0; times < 8; times++) await page.keyboard.down('Enter')
  await page.locator('body[data-pressed-later=true]').waitFor()
  expect(await page.locator('body').getAttribute('data-pressed-at-once')).toBe('false')
  await page.keyboard.down('Enter')
  await page.keyboard.up('Enter')
  expect(await handOver().count()).toBe(1)
  expect(writes.splice(0)).toHaveLength(1)

  await handOver().focus()
  await page.keyboard.type('AB 12', { delay: 60 })
  await page.getByText('“AB 12” is kept').waitFor()
  expect(await handOver().count()).toBe(1)
  expect(writes).toEqual([])
  expect(counter.faults.filter((fault) => !fault.includes('ERR_FAILED'))).toEqual([])
})
