import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { axe, openBusyCounter, type Counter } from './support/counter.ts'

/** How often the page was sent to the printer; the browser's own dialog stays shut. */
async function countPrints(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() =>
    Object.assign(window, { printed: 0, print: () => (window as unknown as Printed).printed++ }),
  )
  return () => page.evaluate(() => (window as unknown as Printed).printed)
}
type Printed = { printed: number }

test('on a paper Enter presses the button that has the focus, and prints when none has', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.goto(`${shop.url}/tickets/1/print/stub`)
  const printed = await countPrints(page)
  const paper = page.getByRole('article')
  await paper.waitFor()
  await page.getByRole('button', { name: 'Labels' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/print/label')
  await paper.first().waitFor()
  expect(await printed()).toBe(0)
  await page.getByRole('button', { name: /^S1-T1-/ }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/tickets\/1$/)
  expect(await printed()).toBe(0)
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  await page.keyboard.press('F10')
  await page.waitForURL(/print/)
  await page.getByRole('article').waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/tickets\/1$/)
  expect(await printed()).toBe(1)
  expect(counter.faults).toEqual([])
})

test('a paper on the screen locks by key and by itself, and says when the server is away', async () => {
  await using counter = await openBusyCounter()
  const { page, shop, context } = counter
  const unlock = async () => {
    await page.getByRole('group', { name: 'PIN' }).waitFor()
    await page.keyboard.type('2468', { delay: 60 })
    await page.getByRole('article').waitFor()
  }
  await page.goto(`${shop.url}/tickets/1/print/stub`)
  await page.getByRole('article').waitFor()
  await page.keyboard.press('F8')
  await unlock()
  await page.clock.setFixedTime(shop.clock.now() + 11 * 60_000)
  await unlock()
  await context.setOffline(true)
  await page.getByRole('button', { name: 'Add a sign-in code' }).click()
  await page.getByText('The server does not answer.').waitFor()
  expect(await axe(page)).toEqual([])
  await page.emulateMedia({ media: 'print' })
  expect(await page.getByText('The server does not answer.').isVisible()).toBe(false)
  expect(counter.faults).toEqual([])
})

const ONE_WORD = 'Wolfeschlegelsteinhausenbergerdorff'.repeat(3).slice(0, 80)
const ARABIC = 'محمد عبد الرحمن بن عبد العزيز آل سعود'
const LONG_MODEL = `Galaxy Book Ultra Extraordinarily Long Name of a Model ${'Edition '.repeat(5)}`.trim().slice(0, 100)
const STORY = `${'It fell off the table and has been flickering since. '.repeat(38)}The end.`

/** A paid repair whose names and words are as long as these. */
async function repairOf({ shop }: Counter, full_name: string, note: string, accessories: string[]): Promise<number> {
  const as = await shop.person('staff')
  const device = {
    device_type_name: 'Laptop',
    brand_name: 'Samsung',
    model_name: LONG_MODEL,
    serial_number: `${full_name.slice(0, 3)}${ONE_WORD}`,
  }
  const body = { customer: { full_name }, device, note, accessories, estimate_cents: 25_000 }
  const taken = await shop.call('POST', '/counter/intakes', { as, body })
  expect(taken.status).toBe(201)
  const { order_id: id } = taken.body
  const payment = { amount_cents: 25_000, method: 'Card', reference: ONE_WORD }
  expect((await shop.call('POST', `/counter/tickets/${id}/payments`, { as, body: payment })).status).toBe(201)
  return id
}

/** The texts of a paper of which a part is not to be seen, or that reach beyond its edge. */
const cutTexts = (page: Page) =>
  page.$$eval('article', (papers) =>
    papers.flatMap((paper) =>
      [paper, ...paper.querySelectorAll('*')]
        .filter(
          (place) =>
            (getComputedStyle(place).overflow === 'hidden' && place.scrollHeight > place.clientHeight + 1) ||
            place.getBoundingClientRect().right > paper.getBoundingClientRect().right + 1,
        )
        .map(({ textContent }) => textContent),
    ),
  )

/** How many pages come out of the printer. */
const pagesOf = async (page: Page) =>
  (await page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type \/Page\b/g)?.length

test('no paper cuts a text silently: long words, stories, models and names from right to left stand on it or on its second page', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const long = await repairOf(counter, ONE_WORD, STORY, ['Charger', 'A very long word about a bag '.repeat(3)])
  const arabic = await repairOf(counter, ARABIC, 'شاشة مكسورة', [])
  const open = async (id: number, paper: string) => {
    await page.goto(`${shop.url}/tickets/${id}/print/${paper}`)
    await page.getByRole('article').first().waitFor()
    await page.evaluate(() => document.fonts.ready)
  }
  const text = async (nth = 0) => (await page.getByRole('article').nth(nth).innerText()).replaceAll(/\s+/g, ' ')
  for (const id of [long, arabic])
    for (const paper of ['stub', 'receipt']) {
      await open(id, paper)
      expect(await cutTexts(page), paper).toEqual([])
      expect(await pagesOf(page), paper).toBe(1)
      expect(await text()).toContain(id === long ? STORY : 'شاشة مكسورة')
      expect(await text()).toContain(id === long ? ONE_WORD : ARABIC)
      expect(await text()).toContain(LONG_MODEL)
    }

  for (const id of [long, arabic]) {
    await open(id, 'order')
    await page.getByText('… in full on the next page').waitFor()
    expect(await pagesOf(page)).toBe(2)
    for (const words of id === long ? [STORY, ONE_WORD] : ['شاشة مكسورة', ARABIC])
      expect(await text(1)).toContain(words)
    expect(await text(1)).toContain(LONG_MODEL)
    const hidden = await page
      .getByRole('article')
      .first()
      .evaluate((one) => one.scrollHeight - one.clientHeight)
    expect(hidden).toBe(0)
  }

  await open(long, 'label')
  expect(await pagesOf(page)).toBe(3)
  const labels = page.getByRole('article')
  for (const label of await labels.all()) {
    const isCut = await label.evaluate((one) =>
      [...one.querySelectorAll('*')].some(
        (place) => getComputedStyle(place).overflow === 'hidden' && place.scrollHeight > place.clientHeight + 1,
      ),
    )
    expect((await label.innerText()).includes('continued on the ticket')).toBe(isCut)
    // No line is seen by half.
    const words = label.locator('[data-fit]')
    expect(await words.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)).toBeLessThanOrEqual(1)
    expect(await label.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)).toBe(0)
  }
  expect(counter.faults).toEqual([])
})

test('a German shop that shows no tax says by which law on its receipts, and no other one does', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const words = page.getByText('Kein Ausweis von Umsatzsteuer, § 19 UStG')
  const admin = await shop.person('admin')
  let customers = 0
  const open = async (rule: object) => {
    const body = { name: 'Fix & Co', currency: 'GBP', time_zone: 'Europe/Berlin', country: 'DE', ...rule }
    expect((await shop.call('PUT', '/counter/shop', { as: admin, body })).status).toBe(200)
    const id = await repairOf(counter, `${++customers} Karla Klein`, 'Loose', [])
    await page.goto(`${shop.url}/tickets/${id}/print/receipt`)
    await page.getByRole('article').waitFor()
  }
  await open({ tax_mode: 'none' })
  await words.waitFor()
  await open({ tax_mode: 'included', tax_rate: 1_900 })
  await page.getByText('Tax 19%').waitFor()
  expect(await words.count()).toBe(0)
  await open({ tax_mode: 'none', country: 'GB' })
  expect(await words.count()).toBe(0)
  expect(counter.faults).toEqual([])
})

test('the keys to the screens work above a paper too', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  for (const [key, path] of [
    ['F1', '/'],
    ['F6', '/repairs'],
    ['F2', '/intake'],
  ] as const) {
    await page.goto(`${shop.url}/tickets/1/print/stub`)
    await page.getByRole('article').waitFor()
    await page.keyboard.press(key)
    await page.waitForURL((url) => url.pathname === path)
  }
  expect(counter.faults).toEqual([])
})
