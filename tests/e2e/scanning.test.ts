import { expect, test } from 'vitest'
import { patch } from '../../db/rows.ts'
import { openBusyCounter, pressEnterLater, scan } from './support/counter.ts'

const SERIAL = 'C02XG2JHJG5H'

test('a scan leaves the field in which the cursor stands as it was', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await page.keyboard.press('F2')
  const words = page.getByLabel('In the customer’s words')
  await words.fill('Falls off at night')
  await words.press('Home')
  await scan(page, SERIAL)
  await page.locator('[data-step=model]:focus').waitFor()
  expect(await words.inputValue()).toBe('Falls off at night')
  expect(await page.locator('[data-step=serial]').inputValue()).toBe(SERIAL)

  const estimate = page.getByLabel('Estimate')
  await estimate.fill('80')
  await estimate.press('ControlOrMeta+a')
  await scan(page, '490154203237518')
  await page.getByText('A valid IMEI').waitFor()
  expect(await estimate.inputValue()).toMatch(/^80(\.00)?$/)
  expect(await page.locator('[data-step=serial]').inputValue()).toBe('490154203237518')
  expect(counter.faults).toEqual([])
})

test('an unknown IMEI is taken in as the serial number of a device', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await scan(page, '490154203237518')
  await page.getByRole('option', { name: /490154203237518/ }).waitFor()
  await pressEnterLater(page)
  await page.getByRole('heading', { name: 'Take a device in' }).waitFor()
  await page.getByText('A valid IMEI').waitFor()
  expect(await page.locator('[data-step=serial]').inputValue()).toBe('490154203237518')
  expect(await page.locator('[data-step=customer]').inputValue()).toBe('')
})

test('the code of a device finds it by its id, in the global search and at intake', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const known = await shop.database.db
    .selectFrom('device')
    .innerJoin('model', 'model.id', 'device.model_id')
    .innerJoin('repair_order', 'repair_order.device_id', 'device.id')
    .select(['device.id', 'model.name'])
    .where('device.id', '>', 9)
    .where('device.owner_id', 'is not', null)
    .orderBy('device.id')
    .executeTakeFirstOrThrow()
  await scan(page, `D:${known.id}`)
  await page.getByRole('group', { name: 'Devices' }).getByRole('option').click()
  await page.waitForURL(`**/devices/${known.id}`)
  await page.keyboard.press('F2')
  await page.locator('[data-step=customer]:focus').waitFor()
  await scan(page, `D:${known.id}`)
  await page.locator('[data-step=problems]:focus').waitFor()
  expect(await page.getByRole('region', { name: 'Device' }).locator('strong').innerText()).toContain(known.name)
  expect(counter.faults).toEqual([])
})

test('the code of a receipt opens the ticket that was paid; a bare number of old that a ticket bears too asks which', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { id, payment_id, receipt_number, ticket_number } = await shop.database.db
    .selectFrom('payment_entry')
    .innerJoin('repair_order', 'repair_order.id', 'payment_entry.order_id')
    .select(['repair_order.id', 'payment_id', 'receipt_number', 'ticket_number'])
    .where('ticket_number', '!=', 'S1-T1-000001')
    .orderBy('payment_entry.id')
    .executeTakeFirstOrThrow()
  await scan(page, `R:${receipt_number}`)
  await page.waitForURL(`**/tickets/${id}`)
  await page.goto(`${shop.url}/tickets/${id}/print/receipt`)
  await page.getByRole('article').getByRole('img', { name: receipt_number! }).waitFor()

  // As receipts were numbered before they had their letter.
  const old = 'S1-T1-000001'
  await shop.database.write({ actor: null, device: null, act: 'test' }, (trx) =>
    patch(trx, 'payment', payment_id, { receipt_number: old }),
  )
  await page.goto(shop.url)
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  await scan(page, old)
  for (const number of [old, ticket_number])
    await page
      .getByRole('option', { name: new RegExp(number) })
      .first()
      .waitFor()
  expect(new URL(page.url()).pathname).toBe('/')
  await scan(page, `R:${old}`)
  await page.waitForURL(`**/tickets/${id}`)
  expect(counter.faults).toEqual([])
})

test('a scan on the lock screen is no attempt at a PIN', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  const attempts: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/session/switch')) attempts.push(request.postData() ?? '')
  })
  await page.keyboard.press('F8')
  await page.getByRole('group', { name: 'PIN' }).waitFor()
  for (const code of ['490154203237518', '4901', '40170725', 'T:S1-T1-000123']) await scan(page, code)
  expect(attempts).toEqual([])
  await scan(page, '2468', { gap: 200, enter: false }) // By hand, two seconds later.
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  expect(attempts).toHaveLength(1)
  expect(counter.faults).toEqual([])
})
