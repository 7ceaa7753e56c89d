import { expect, test } from 'vitest'
import { serialOf } from '../../server/shop/demo/repairs-data.ts'
import type { Person } from '../support/shop.ts'
import { axe, chooseModel, openBusyCounter, picture, scan } from './support/counter.ts'
import { answerAllFine, sign, signInAs, tradeInsOf } from './support/trade-ins.ts'

/** What the demonstration has bought three days ago, and holds. */
const HELD = serialOf(7_001, 'Phone')

test('a scan of a device that was bought says until when it is held, and shows all its lives', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await scan(page, HELD)
  await page.getByRole('heading', { name: 'Samsung Galaxy S23' }).waitFor()
  const timeline = page.getByRole('list', { name: 'Timeline' })
  await timeline.getByText('Bought for £').waitFor()
  expect(await timeline.getByRole('listitem').allTextContents()).toEqual([
    expect.stringMatching(/^On hold until 20 January S1-T1-P00000\d/),
    expect.stringMatching(/^Bought for £\d+\.\d\d S1-T1-P00000\d/),
    expect.stringMatching(/^£\d+\.\d\d offered for it Request \d+/),
  ])
  expect(await page.getByText('On hold until 20 January').count()).toBe(2)
  await picture(page, 'device-bought')

  // What happens to it elsewhere is seen at once.
  const unit = await shop.database.db
    .selectFrom('unit')
    .select('id')
    .where('serial_number', '=', HELD)
    .executeTakeFirstOrThrow()
  const released = await page.evaluate(
    (id) =>
      fetch(`/counter/units/${id}/hold/release`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ reason: 'Police have seen it' }),
      }).then((reply) => reply.status),
    unit.id,
  )
  expect(released).toBe(201)
  await timeline.getByText('Hold ended early').waitFor()
  await timeline.getByText('Police have seen it').waitFor()
  await expect.poll(() => page.getByText('On hold until 20 January').count()).toBe(1)
  expect(counter.faults).toEqual([])
})

test('the search says until when a device is held; in German too', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await page.keyboard.press('F3')
  await page.keyboard.type(HELD, { delay: 60 })
  await page.getByRole('option', { name: /Samsung Galaxy S23.*On hold until 20 January/ }).waitFor()
  await page.evaluate(() =>
    localStorage.setItem('fixpoint.preferences', JSON.stringify({ state: { language: 'de' }, version: 0 })),
  )
  await page.reload()
  await page.keyboard.press('F3')
  await page.keyboard.type(HELD, { delay: 60 })
  await page.getByRole('option', { name: /In der Haltefrist bis 20\. Januar/ }).waitFor()
  await page.keyboard.press('Enter')
  await page
    .getByRole('list', { name: 'Verlauf' })
    .getByText(/^Für .* angekauft/)
    .waitFor()
  expect(await axe(page)).toEqual([])
  expect(counter.faults).toEqual([])
})

test('Today lists what waits for a person; what is put aside goes, and comes back', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  const tasks = page.getByRole('region', { name: /^Tasks/ })
  await tasks.getByText('Yusuf Demir').waitFor()
  const before = await tasks.getByRole('listitem').count()
  await picture(page, 'today-tasks')
  await tasks.getByRole('listitem').filter({ hasText: 'Yusuf Demir' }).getByRole('button').click()
  await tasks.getByText('Yusuf Demir').waitFor({ state: 'detached' })
  expect(await tasks.getByRole('listitem').count()).toBe(before - 1)
  await page.keyboard.press('Control+z')
  await tasks.getByText('Yusuf Demir').waitFor()
  expect(await axe(page)).toEqual([])
  await tasks.getByRole('link', { name: /Apple iPhone 12.*Yusuf Demir/ }).click()
  await page.getByRole('button', { name: /^Buy for/ }).waitFor()
  expect(counter.faults).toEqual([])
})

/** A valid IMEI that nobody has. */
const IMEI = '490154203237518'

test('one phone is repaired, offered, bought, held, shown on the web when its hold ends, and ordered there: its timeline and the stock agree', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const desk = tradeInsOf(shop, await shop.person('admin', { full_name: 'Ada Admin' }))
  const timeline = page.getByRole('list', { name: 'Timeline' })
  /** What the page that its number leads to tells, the newest first. */
  const lives = async () => {
    await page.keyboard.press('F1')
    await page.getByRole('heading', { name: 'Today' }).waitFor()
    await scan(page, IMEI)
    await page.getByRole('option', { name: new RegExp(`^Apple iPhone 13 ?${IMEI}`) }).click()
    await page.getByRole('heading', { name: 'Apple iPhone 13' }).waitFor()
    return () => timeline.getByRole('listitem').evaluateAll((all) => all.map((one) => one.getAttribute('data-kind')))
  }
  const onItsPage = async (...kinds: string[]) => expect.poll(await lives()).toEqual(kinds)

  await page.keyboard.press('F2')
  await page.locator('[data-step=name]').fill('Lena Lives')
  await chooseModel(page, 'iPhone 13')
  await scan(page, IMEI)
  await page.getByText('A valid IMEI').waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  const ticket = page.url()
  await page.keyboard.press('Alt+3')
  await page.getByRole('button', { name: 'Completed', pressed: true }).waitFor()
  await page.keyboard.press('Alt+h')
  await page.getByText('Handed over').first().waitFor()
  const repaired = ['handed-out', 'repaired', 'taken-in']
  await onItsPage(...repaired)

  await timeline
    .getByRole('link', { name: /^S1-T1-/ })
    .first()
    .click()
  await page.waitForURL(ticket.replace(/[?#].*/, ''))
  await page.getByRole('button', { name: 'Print', exact: true }).waitFor()
  const bringBack = page.getByRole('button', { name: 'It is back in the shop' })
  await bringBack.waitFor()
  await page.keyboard.press('Alt+b')
  await page.getByRole('button', { name: '128GB' }).click()
  await answerAllFine(page)
  await page.getByRole('button', { name: 'Offer £290.00' }).waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByText(/^Offered £290.00 to Lena Lives/).waitFor()
  await onItsPage('offered', ...repaired)
  await timeline.getByRole('link', { name: /^Request \d+/ }).click()
  await page.getByRole('button', { name: /^Buy for £290.00/ }).waitFor()
  await page.keyboard.press('Alt+4')
  await page.getByRole('button', { name: 'passport' }).click()
  await page.getByLabel('Number').fill('C01X00T47')
  await page.getByLabel('Selling price').fill('379')
  await sign(page)
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: /^Bought S1-T1-P/ }).waitFor()
  await page.goto(ticket)
  await page.getByText('Handed over').first().waitFor()
  expect(await bringBack.count()).toBe(0)

  const unit = await shop.database.db
    .selectFrom('unit')
    .select(['id', 'product_id', (q) => q.ref('hold_until').$notNull().as('hold_until')])
    .where('serial_number', '=', IMEI)
    .executeTakeFirstOrThrow()
  const { product_id } = unit
  const order = async () => {
    const as = await shop.person('customer')
    const body = { items: [{ id: product_id, price: 379, quantity: 1 }], paymentMethod: 'cod' }
    return await shop.call('POST', '/api/orders/checkout', { as, body })
  }
  /** Pieces that may be sold, and pieces that are here. */
  const stock = async (as?: Person) => {
    const { stock, here } = await desk.counter('GET', `/products/${product_id}`, undefined, as)
    return [stock, here]
  }
  const isOnWeb = async () => {
    const { body } = await shop.call('GET', '/api/products?brand=apple&category=Phone')
    return body.some(({ id }: { id: number }) => id === product_id)
  }
  const bought = ['held', 'bought', 'offered', ...repaired]
  await onItsPage(...bought)
  await timeline.getByText(/^On hold until \d+ January/).waitFor()
  expect([await stock(), await isOnWeb()]).toEqual([[0, 1], false])
  expect((await order()).body.code).toBe('product-not-found')
  const written = { unit_ids: [unit.id], note: 'Broken' }
  await expect(desk.counter('POST', `/products/${product_id}/stock/write-offs`, written)).rejects.toThrow(
    'unit-on-hold',
  )
  await page.keyboard.press('F3')
  await page.keyboard.type(IMEI.slice(-6), { delay: 60 })
  await page.getByRole('option', { name: /Apple iPhone 13.*On hold until/ }).waitFor()
  await page.keyboard.press('Escape')

  shop.clock.pass(unit.hold_until - shop.clock.now())
  await page.clock.setFixedTime(shop.clock.now())
  const later = await shop.person('admin', { full_name: 'Amy Admin' })
  await signInAs(page, later)
  await page.goto(shop.url)
  const tasks = page.getByRole('region', { name: /^Tasks/ })
  await tasks.getByRole('link', { name: /May be sold.*Apple iPhone 13 128GB/ }).click()
  await expect.poll(await lives()).toEqual(bought)
  await expect.poll(() => page.getByText(/^On hold until/).count()).toBe(1)
  expect([await stock(later), await isOnWeb()]).toEqual([[1, 1], true])

  const placed = await order()
  await timeline.getByRole('link', { name: `ORD${placed.body.order_id}` }).waitFor()
  await onItsPage('sold', ...bought)
  expect(await stock(later)).toEqual([0, 0])
  expect((await order()).body.code).toBe('product-out-of-stock')
  await timeline
    .getByRole('link', { name: /^S1-T1-P/ })
    .first()
    .click()
  await page.waitForURL(/\/purchases\/\d+$/)
  expect(counter.faults).toEqual([])
})

test('answers that fit no more lead from Today to their evaluation, and are put aside like any other task', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { counter: ask } = tradeInsOf(shop, await shop.person('admin'))
  const begun = await ask('POST', '/buy-ins', { serial_number: '356938035643809' })
  const device = { ...begun.device, brand: 'Nokia', model: '3310', storage: null }
  const known = await ask('PUT', `/buy-ins/${begun.id}`, { version: begun.version, device })
  const { id: item_id, options } = known.questions.find(({ text }: any) => text.en.startsWith('Buttons'))
  const answers = [{ item_id, choice: options[0].key }]
  await ask('PUT', `/buy-ins/${begun.id}`, { version: known.version, answers })
  const changed = options.map((option: object, n: number) => ({ ...option, key: `other-${n}` }))
  await ask('PATCH', `/questions/${item_id}`, { options: changed })
  const task = page
    .getByRole('region', { name: /^Tasks/ })
    .getByRole('listitem')
    .filter({ hasText: 'Nokia 3310' })
  await task.getByText('Answers fit no more').waitFor()
  await task.getByRole('button', { name: 'Put aside: Answers fit no more: Nokia 3310' }).click()
  await task.waitFor({ state: 'detached' })
  await page.keyboard.press('Control+z')
  await task.getByRole('link').click()
  await page.getByText('356938035643809').first().waitFor()
  expect(new URL(page.url()).pathname).toBe(`/buy-in/${begun.id}`)
  expect(counter.faults).toEqual([])
})
