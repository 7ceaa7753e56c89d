import { expect, test } from 'vitest'
import { insertMany } from '../../db/rows.ts'
import { chooseModel, openBusyCounter } from './support/counter.ts'

test('who is known by the national spelling of a phone number is offered before somebody new is made', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await shop.person('customer', { full_name: 'Nora National', phone: '07700 900123' })
  await shop.database.flushSearchIndex()
  await page.keyboard.press('F2')
  await page.locator('[data-step=customer]:focus').waitFor()
  await page.keyboard.type('+44 7700 900123', { delay: 60 })
  await page.getByRole('option', { name: /Nora National/ }).waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.type('Nora Once More', { delay: 60 })
  await page.getByLabel('Serial number or IMEI').focus()
  const offer = page.getByRole('status').filter({ hasText: 'Known already?' })
  expect(await offer.innerText()).toContain('Nora National')
  await offer.getByRole('button', { name: 'Take this customer' }).click()
  await page.getByText('Nora Once More').waitFor({ state: 'detached' })
  await page.getByText('Nora National').first().waitFor()
  expect(counter.faults).toEqual([])
})

test('the global search finds the ticket of a receipt, and says that it did', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const receipt = await shop.database.db
    .selectFrom('payment_entry')
    .innerJoin('repair_order', 'repair_order.id', 'payment_entry.order_id')
    .select(['receipt_number', 'ticket_number'])
    .orderBy('payment_entry.id', 'desc')
    .executeTakeFirstOrThrow()
  for (const typed of [receipt.receipt_number!, receipt.receipt_number!.slice(-6)]) {
    await page.keyboard.press('F3')
    await page.keyboard.type(typed, { delay: 60 })
    const row = page.getByRole('option', { name: new RegExp(receipt.ticket_number) }).first()
    await row.getByText(`Receipt ${receipt.receipt_number}`).waitFor()
  }
  await page.getByText(`Receipt ${receipt.receipt_number}`).click()
  await page.getByRole('heading', { name: receipt.ticket_number }).waitFor()
  expect(counter.faults).toEqual([])
})

test('a phone number with slash and dots is taken in as it is typed', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.keyboard.press('F2')
  await page.locator('[data-step=customer]:focus').waitFor()
  await page.keyboard.type('0171 / 555.01.23', { delay: 60 })
  await page.keyboard.press('Enter')
  await page.locator('[data-step=name]:focus').waitFor()
  await page.keyboard.type('Slim Slash', { delay: 60 })
  await chooseModel(page, 'iPhone 13')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('heading', { name: /^S1-T1-/ }).waitFor()
  const { phone } = await shop.database.db
    .selectFrom('user')
    .select('phone')
    .where('full_name', '=', 'Slim Slash')
    .executeTakeFirstOrThrow()
  expect(phone).toBe('0171 555 01 23')
  expect(counter.faults).toEqual([])
})

test('a device is taken in again although its owner has brought fifty newer ones since', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { id, owner_id, title, ...kind } = await shop.database.db
    .selectFrom('device')
    .innerJoin('model', 'model.id', 'device.model_id')
    .select(['device.id', 'device.owner_id', 'model.name as title'])
    .select(['device.brand_id', 'device.model_id', 'device.device_type_id'])
    .where('device.owner_id', 'is not', null)
    .orderBy('device.id')
    .executeTakeFirstOrThrow()
  const newer = Array.from({ length: 60 }, () => ({ ...kind, owner_id }))
  await shop.database.write({ actor: null, device: null, act: 'import' }, (trx) => insertMany(trx, 'device', newer))
  await page.goto(`${shop.url}/intake?customer=${owner_id}&device=${id}`)
  await page.locator('[data-step=problems]:focus').waitFor()
  expect(await page.getByRole('region', { name: 'Device' }).locator('strong').innerText()).toContain(title)
  expect(counter.faults).toEqual([])
})
