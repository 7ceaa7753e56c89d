import { expect, test } from 'vitest'
import { inStore } from '../../db/handle.ts'
import { insert } from '../../db/rows.ts'
import { becomeRole } from '../support/other-chain.ts'
import { axe, openBusyCounter, picture } from './support/counter.ts'

test('head office shows stores side by side, by day, week and month, and each number leads to that store’s repairs', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await becomeRole(shop.database, 'head-office')
  const now = shop.clock.now()
  const harbour = await shop.database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
    const own = await trx.selectFrom('store').select(['currency', 'time_zone']).executeTakeFirstOrThrow()
    const tax = { tax_mode: 'included', tax_rate: 0 } as const
    const id = await insert(trx, 'store', { ...own, ...tax, code: 'S2', name: 'Harbour' })
    const { device_id, customer_id } = await trx
      .selectFrom('repair_order')
      .select(['device_id', 'customer_id'])
      .limit(1)
      .executeTakeFirstOrThrow()
    const there = inStore(trx, id)
    const order = { device_id, customer_id, status: 'Pending', cost_cents: 9_000, discount_cents: 0 } as const
    const promised = { estimated_completion_date: now - 3_600_000, ticket_number: 'OLD-77', note: 'Harbour repair' }
    const order_id = await insert(there, 'repair_order', { ...order, ...promised })
    const payment = await insert(there, 'payment', { order_id, due_amount_cents: 9_000, status: 'partial', payment_method: 'Cash', transaction_id: null, paid_at: now } as never) // oxfmt-ignore
    await insert(there, 'payment_entry', { payment_id: payment, order_id, amount_cents: 4_250, kind: 'payment', payment_method: 'Cash' }) // oxfmt-ignore
    return id
  })
  await page.reload()
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  await page.keyboard.press('Shift+F7')
  await page.getByRole('heading', { name: 'Stores', exact: true }).waitFor()
  const taken = page.getByRole('region', { name: /^Taken:/ })
  await taken.getByRole('row', { name: /Harbour S2 .*42\.50/ }).waitFor()
  await taken.getByRole('row', { name: /^All stores/ }).waitFor()
  expect(await axe(page)).toEqual([])
  await picture(page, 'stores')

  await page.keyboard.press('ArrowLeft')
  await page.getByRole('heading', { name: 'Taken: Wednesday, 14 January 2026' }).waitFor()
  await page.goto(`${shop.url}/stores?day=2020-01-01`)
  await page.getByText('Nothing was taken in these days.').waitFor()
  expect(await axe(page)).toEqual([])
  await page.keyboard.press('Alt+m')
  await expect.poll(() => page.getByRole('button', { name: /^Month/ }).getAttribute('aria-pressed')).toBe('true')
  await page.keyboard.press('Alt+t')
  await page.keyboard.press('Alt+d')
  await page.getByRole('link', { name: 'Harbour: Overdue 1' }).click()
  await page.getByRole('heading', { name: 'Repairs' }).waitFor()
  expect(page.url()).toContain(`store=${harbour}`)
  const row = page.getByRole('row', { name: /OLD-77/ })
  await row.getByText('S2').waitFor()
  expect(await page.getByRole('grid').getByRole('row').count()).toBe(2)
  expect(await page.getByRole('combobox', { name: 'Store' }).inputValue()).toBe('S2 Harbour')
  expect(await axe(page)).toEqual([])
  expect(counter.faults).toEqual([])
})

test('where there is one shop alone, nothing speaks of stores', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await page.getByRole('button', { name: /Olga Owner/ }).click()
  expect(await page.getByRole('link', { name: 'Stores side by side' }).count()).toBe(0)
  await page.keyboard.press('Escape')
  await page.keyboard.press('F6')
  await page.getByRole('heading', { name: 'Repairs' }).waitFor()
  expect(await page.getByRole('combobox', { name: 'Store' }).count()).toBe(0)
  expect(counter.faults).toEqual([])
})
