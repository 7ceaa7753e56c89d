import { expect, test } from 'vitest'
import { PASSWORD } from '../support/shop.ts'
import { openBusyCounter, picture } from './support/counter.ts'
import { openWebShop, sell } from './support/web-shop.ts'

test('an order of the web shop is paid at the counter, and one that nobody fetches is given up', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.getByRole('link', { name: 'Web' }).click()
  await page.getByRole('heading', { name: 'Web orders' }).waitFor()
  await page.getByRole('row').nth(3).waitFor()
  await picture(page, 'web-orders')
  await page.getByRole('button', { name: 'To pay here' }).click()
  await page.getByRole('button', { name: 'To pay here', pressed: true }).waitFor()
  const first = page.getByRole('row').nth(1)
  const order = Number((await first.getByRole('link').textContent())!.slice('ORD'.length))
  await first.click()
  await page.getByRole('heading', { name: `Order ORD${order}` }).waitFor()
  await picture(page, 'web-order')
  await page.getByText('Goes to').waitFor()
  // By keys alone: the window, what was given, the change, the receipt.
  await page.keyboard.press('F9')
  const dialog = page.getByRole('dialog', { name: `ORD${order}` })
  await dialog.getByText('To pay').waitFor()
  await picture(page, 'web-order-pay')
  const { total_cents } = await shop.database.db
    .selectFrom('sales_order')
    .select('total_cents')
    .where('id', '=', order)
    .executeTakeFirstOrThrow()
  await page.keyboard.type(String(Math.ceil(total_cents / 5_000) * 50 + 1), { delay: 60 })
  await page.keyboard.press('Enter')
  await dialog.getByText('Change').waitFor()
  await dialog.getByText(/^Receipt S1-T1-R/).waitFor()
  await picture(page, 'web-order-paid')
  await page.keyboard.press('F10')
  await page.getByText('Given', { exact: true }).waitFor()
  await page.getByText('Change', { exact: true }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: `Order ORD${order}` }).waitFor()
  const statusOf = async (id: number) =>
    (await shop.database.db.selectFrom('sales_order').select('status').where('id', '=', id).executeTakeFirstOrThrow())
      .status
  expect(await statusOf(order)).toBe('paid')

  await page.goto(`${shop.url}/web-orders?show=toPay`)
  await page.getByRole('link', { name: `ORD${order}`, exact: true }).waitFor({ state: 'detached' })
  await page.getByRole('row').nth(1).click()
  await page.getByRole('button', { name: 'Give the order up' }).click()
  await page.getByText('The order is cancelled').waitFor()
  expect(await statusOf(Number(new URL(page.url()).pathname.split('/').at(-1)))).toBe('cancelled')
  expect(counter.faults).toEqual([])
})

test('money goes back to the card in part, and a dispute of the bank is shown until it is decided', async () => {
  await using web = await openWebShop()
  const { shop, stripe, another } = web
  const clerk = await shop.person('staff')
  const buyer = await shop.person('customer', { full_name: 'Nora Buyer' })
  const phone = await sell(shop, await shop.person('admin'), { name: 'Pixel 8', price: 38_900 })
  const buy = async () => {
    const items = [{ id: phone, price: 389, quantity: 1 }]
    const body = { items, paymentMethod: 'card' }
    const reply = await shop.call('POST', '/api/orders/checkout', { as: buyer, body })
    const intent = reply.body.client_secret.split('_secret_')[0] as string
    stripe.confirm(intent, 'good')
    await web.tell()
    return { order: reply.body.order_id as number, intent }
  }
  const [given, disputed] = [await buy(), await buy()]
  const page = await another()
  await page.goto(`${shop.url}/web-orders/${given.order}`)
  await page.getByLabel(/Phone/).fill(clerk.phone)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: `Order ORD${given.order}` }).waitFor()
  await page.getByLabel('Amount').fill('500')
  await page.getByText(/Only .*389\.00 are left/).waitFor()
  await page.getByLabel('Amount').fill('100')
  await page.getByLabel('Reason (optional)').fill('A scratch on the back')
  await page.getByRole('button', { name: /Give .*100\.00 back/ }).click()
  await page.getByText('The refund is on its way.').waitFor()
  await page.getByText(/^Given back/).waitFor()
  expect([...stripe.refunds.values()].map(({ amount }) => amount)).toEqual([10_000])

  const { id } = stripe.openDispute(disputed.intent)
  await web.tell()
  await page.getByRole('link', { name: 'Web' }).click()
  await page.getByRole('button', { name: 'Disputed' }).click()
  await page.getByRole('link', { name: `ORD${disputed.order}` }).click()
  await page.getByRole('alert').filter({ hasText: 'disputes' }).waitFor()
  await picture(page, 'web-order-disputed')
  stripe.stepDispute(id, 'won')
  await web.tell()
  await page.getByRole('alert').waitFor({ state: 'detached' })
  await page.getByText(/^Returned by the bank/).waitFor()
  expect(web.faults).toEqual([])
})
