import { expect, test } from 'vitest'
import { openOrder } from '../../server/shop/repairs/orders.ts'
import { openBusyCounter } from './support/counter.ts'

test('the list is sorted by its headings, with the keyboard too, and the order stays in the address', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.goto(`${shop.url}/repairs?show=all`)
  const cells = (column: number) =>
    page.locator('[role=row]').evaluateAll(
      (all, at) =>
        all
          .map((row) => ({
            index: Number(row.getAttribute('aria-rowindex')),
            cell: row.children[at]?.textContent ?? '',
          }))
          .filter(({ index }) => index > 1)
          .toSorted((a, b) => a.index - b.index)
          .map(({ cell }) => cell),
      column,
    )
  await page.getByRole('button', { name: 'Customer', exact: true }).click()
  await page.waitForURL(/sort=customer/)
  await page.getByRole('columnheader', { name: 'Customer' }).and(page.locator('[aria-sort=ascending]')).waitFor()
  await expect.poll(async () => (await cells(4))[0]).toMatch(/^A/)
  const up = await cells(4)
  expect(up).toEqual(up.toSorted(new Intl.Collator('en', { numeric: true }).compare))
  await page.getByRole('button', { name: 'Customer', exact: true }).press('Enter')
  await page.waitForURL(/sort=customer&descending=1/)
  await expect.poll(async () => (await cells(4))[0]! > up[0]!).toBe(true)
  await page.getByRole('button', { name: 'Customer', exact: true }).press('Enter')
  await page.waitForURL(/repairs\?show=all$/)
  await expect.poll(() => page.locator('[aria-sort]').count()).toBe(0)

  // What is new stands above what is looked at, which stays where it is.
  const grid = page.getByRole('grid')
  const topRow = () =>
    grid.evaluate((view) => {
      const head = view.getBoundingClientRect().top + 40
      const rows = [...view.querySelectorAll('[role=row][id]')].map((row) => ({
        number: row.children[1]!.textContent,
        top: Math.round(row.getBoundingClientRect().top),
      }))
      return rows.toSorted((a, b) => a.top - b.top).find(({ top }) => top > head)
    })
  await grid.evaluate((view) => {
    view.scrollTop = 400
  })
  const before = await topRow()
  const known = Number(await grid.getAttribute('aria-rowcount'))
  const device = await shop.database.db.selectFrom('device').select(['id', 'owner_id']).executeTakeFirstOrThrow()
  const { ticket_number } = await shop.database.write({ actor: null, device: null, act: 'test' }, (trx) =>
    openOrder(trx, { device_id: device.id, customer_id: device.owner_id!, cost_cents: 0 }),
  )
  await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe(String(known + 1))
  expect(await topRow()).toEqual(before)
  await page.keyboard.press('Home')
  await page.getByRole('row', { name: ticket_number }).waitFor()
  expect(counter.faults).toEqual([])
})

test('Down goes from the filter into the rows, Enter opens; overdue hides no status', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.goto(`${shop.url}/repairs?show=overdue`)
  const row = page.getByRole('row', { name: /Overdue/ }).first()
  await row.waitFor()
  expect(await row.textContent()).toMatch(/Pending|Repairing/)
  await page.keyboard.press('Alt+f')
  await page.keyboard.press('ArrowDown')
  await page.locator('[role=grid]:focus').waitFor()
  await page.keyboard.press('ArrowDown')
  const second = await page.locator('[role=row][data-active] > div:nth-child(2)').textContent()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: second! }).waitFor()
  await page.goto(`${shop.url}/repairs/board`)
  await page
    .getByRole('button', { name: /^S1-T1-\d+ .+ Customer: .+ · Overdue/ })
    .first()
    .waitFor()
  expect(counter.faults).toEqual([])
})

test('a filter is kept for who keeps it, called by what it filters, and forgotten by the same key', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.goto(`${shop.url}/repairs?show=ready&q=iphone`)
  await page.getByRole('button', { name: 'Keep this filter' }).waitFor()
  await page.keyboard.press('Alt+k')
  const kept = page.getByRole('group', { name: 'Kept filters' })
  await kept.getByRole('button', { name: 'Ready · “iphone”', pressed: true }).waitFor()
  await page.goto(`${shop.url}/repairs`)
  await kept.getByRole('button', { name: 'Ready · “iphone”' }).click()
  await page.waitForURL(/show=ready&q=iphone/)
  await page.getByRole('button', { name: 'Forget this filter' }).waitFor()
  await page.keyboard.press('Alt+k')
  await kept.getByRole('button', { name: 'Ready · “iphone”' }).waitFor({ state: 'detached' })
  expect(counter.faults).toEqual([])
})

test('faults that a shop begins with are called in the language of the screen', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.goto(`${shop.url}/repairs?show=all`)
  await page
    .getByText(/Screen broken/)
    .first()
    .waitFor()
  await page.evaluate(() => {
    const kept = JSON.parse(localStorage.getItem('fixpoint.preferences')!) as { state: object }
    localStorage.setItem('fixpoint.preferences', JSON.stringify({ ...kept, state: { ...kept.state, language: 'de' } }))
  })
  await page.reload()
  await page
    .getByText(/Display defekt/)
    .first()
    .waitFor()
  expect(await page.getByText(/Screen broken/).count()).toBe(0)
  expect(counter.faults).toEqual([])
})

test('the list says when only the newest repairs were looked through for a word', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.goto(`${shop.url}/repairs`)
  await page.getByRole('gridcell').first().waitFor()
  const filter = page.getByRole('textbox', { name: 'Filter by any word' })
  await filter.fill('apple')
  await page.locator('footer').getByText('repairs').waitFor()
  expect(await page.getByText('only the newest').count()).toBe(0)
  await page.route('**/counter/repairs/count?*', (route) =>
    route.fulfill({ json: { total: '2000+', among_newest: 2_000 } }),
  )
  await filter.fill('screen')
  await page.getByText('More than 2,000 repairs hold these words: only the newest 2,000 are looked through.').waitFor()
  expect(counter.faults).toEqual([])
})
