import { expect, test } from 'vitest'
import { patch } from '../../db/rows.ts'
import { openBusyCounter, scrolled, type Counter } from './support/counter.ts'
import { photoOf } from './support/photos.ts'

/** A repair at work of which all that it costs is owed. */
function openRepair({ shop }: Counter) {
  return shop.database.db
    .selectFrom('repair_order')
    .innerJoin('device', 'device.id', 'repair_order.device_id')
    .innerJoin('user', 'user.id', 'repair_order.customer_id')
    .select(['repair_order.id', 'ticket_number', 'cost_cents', 'serial_number', 'user.phone'])
    .where('status', '=', 'Repairing')
    .where('cost_cents', '>', 5_000)
    .where('serial_number', 'is not', null)
    .where('user.phone', 'is not', null)
    .where('repair_order.id', 'not in', (paid) => paid.selectFrom('payment').select('order_id'))
    .orderBy('repair_order.id')
    .executeTakeFirstOrThrow()
}

test('price, status and photos stand on one screen; a price is set by four keys, and a status taken back by one', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { id, ticket_number } = await openRepair(counter)
  const kept = () =>
    shop.database.db
      .selectFrom('repair_order')
      .select(['status', 'cost_cents'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  await page.goto(`${shop.url}/tickets/${id}`)
  await page.locator('input[type=file]').setInputFiles([await photoOf('screen'), await photoOf('lid')])
  const photo = page.getByRole('button', { name: 'Photo 2' })
  await photo.waitFor()
  expect((await photo.boundingBox())!.height).toBeGreaterThan(150)
  expect(await scrolled(page)).toEqual([])

  for (const key of ['Alt+l', '9', '5', 'Control+Enter']) await page.keyboard.press(key, { delay: 60 })
  await page.locator('[data-due]', { hasText: '95.00' }).waitFor()
  expect((await kept()).cost_cents).toBe(9_500)

  await page.keyboard.press('Alt+3')
  await page.getByText(`${ticket_number} is now: Completed`).waitFor()
  await page.keyboard.press('Control+z')
  await page.getByText(`${ticket_number} is now: Repairing`).waitFor()
  expect((await kept()).status).toBe('Repairing')
  const timeline = page.getByRole('list', { name: 'Timeline' })
  const changes = timeline.getByRole('button', { name: '2 changes' })
  const rows = await timeline.getByRole('listitem').count()
  await changes.click()
  await changes.waitFor({ state: 'detached' })
  expect(await timeline.getByRole('listitem').count()).toBe(rows + 1)
  expect(counter.faults).toEqual([])
})

test('half of a price outlives the screen and a reload, and is saved over no newer one', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { id } = await openRepair(counter)
  const price = page.getByRole('textbox', { name: 'Price' })
  await page.goto(`${shop.url}/tickets/${id}`)
  await page.getByRole('list', { name: 'Timeline' }).waitFor()
  await page.keyboard.press('Alt+l')
  await price.fill('77')
  await page.keyboard.press('F1')
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  await page.goto(`${shop.url}/tickets/${id}`)
  await price.waitFor()
  expect(await price.inputValue()).toMatch(/^77(\.00)?$/)
  await page.evaluate(
    (ticket) =>
      fetch(`/counter/tickets/${ticket}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: '{"cost_cents":6600}',
      }),
    id,
  )
  await page.reload()
  await price.waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByText(/Changed meanwhile to: £66\.00/).waitFor()
  await page.keyboard.press('Escape')
  await price.waitFor({ state: 'detached' })
  await page.reload()
  await page.locator('[data-due]', { hasText: '66.00' }).waitFor()
  expect(await price.count()).toBe(0)
  expect(counter.faults).toEqual([])
})

test('a window whose ticket was paid in another one says by whom and when; Back closes the dialog and not the screen', async () => {
  await using counter = await openBusyCounter()
  const { page, shop, another } = counter
  const { id, ticket_number } = await openRepair(counter)
  const other = await another()
  for (const window of [page, other]) {
    await window.goto(`${shop.url}/tickets/${id}`)
    await window.getByRole('list', { name: 'Timeline' }).waitFor()
    await window.keyboard.press('F9')
    await window.locator('[data-autofocus]:focus').waitFor()
  }
  await page.bringToFront()
  await page.getByRole('button', { name: /^Take .* in cash/ }).click()
  await page.getByRole('button', { name: 'Done' }).waitFor()
  await page.goBack()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: ticket_number }).waitFor()
  await other.bringToFront()
  await other.getByText(/^Olga Owner took £[\d.]+, \d\d:\d\d\.$/).waitFor()
  await other.getByRole('button', { name: 'Done' }).click()
  await other.getByRole('dialog').waitFor({ state: 'detached' })
  await other.keyboard.press('F9')
  await other.getByText(/^Nothing is owed: Olga Owner took £[\d.]+, \d\d:\d\d\.$/).waitFor()
  await other.close()

  await page.bringToFront()
  const correct = page.getByRole('button', { name: /^Correct the payment of/ })
  await correct.click()
  await page.getByLabel('Why').fill('Mistyped')
  await page.keyboard.press('Escape')
  await page.getByLabel('Why').waitFor({ state: 'detached' })
  await correct.click()
  await page.getByLabel('What was kept of it').fill('10')
  await page.getByLabel('Why').fill('Part not needed')
  await correct.focus()
  await page.keyboard.press('Control+Enter')
  await page.getByText(/Payment corrected by/).waitFor()
  expect(new URL(page.url()).pathname).toBe(`/tickets/${id}`)
  expect(counter.faults).toEqual([])
})

test('the last four digits of a number or of a phone, and Enter, open the repair', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { id, serial_number, phone } = await shop.database.db
    .selectFrom('repair_order')
    .innerJoin('device', 'device.id', 'repair_order.device_id')
    .innerJoin('user', 'user.id', 'repair_order.customer_id')
    .select(['repair_order.id', 'serial_number', 'user.phone'])
    .where('status', '=', 'Repairing')
    .where('serial_number', 'like', '35%')
    .where('user.phone', 'is not', null)
    .where((repair) =>
      repair.not(
        repair.exists(
          repair
            .selectFrom('repair_order as other')
            .select('other.id')
            .whereRef('other.customer_id', '=', 'repair_order.customer_id')
            .whereRef('other.id', '<>', 'repair_order.id')
            .where('other.status', 'in', ['Pending', 'Repairing', 'Completed'])
            .where('other.picked_up_at', 'is', null),
        ),
      ),
    )
    .orderBy('repair_order.id')
    .executeTakeFirstOrThrow()
  await shop.database.flushSearchIndex()
  for (const [number, status] of [
    [serial_number!, 'Repairing'],
    [phone!, 'Repairing'],
    [serial_number!, 'Completed'],
  ] as const) {
    if (status === 'Completed')
      await shop.database.write({ actor: null, device: null, act: 'test' }, (trx) =>
        patch(trx, 'repair_order', id, { status, completed_at: shop.clock.now() }),
      )
    await page.goto(shop.url)
    await page.getByRole('heading', { name: 'Today' }).waitFor()
    await page.keyboard.type(number.slice(-4), { delay: 60 })
    await page.getByRole('option').first().waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/tickets/${id}`)
  }
  expect(counter.faults).toEqual([])
})
