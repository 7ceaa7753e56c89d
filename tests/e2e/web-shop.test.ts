import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openDemoStore } from '../../server/shop/demo/store.ts'
import { jpeg, png } from '../api/pictures.ts'
import { PASSWORD } from '../support/shop.ts'
import { openWebShop, picturesIn, sell } from './support/web-shop.ts'

test('the goods of a shop to try things on are found in the cities of the documents, with icons and pictures; who asks for no estimate has one', async () => {
  await using web = await openWebShop()
  const { page, shop } = web
  await openDemoStore(shop.context, [(await shop.person('admin')).id])
  await page.reload()
  const icons = page.getByRole('list', { name: 'Categories' }).getByRole('listitem')
  await icons.first().waitFor()
  expect(await icons.allTextContents()).toEqual(['📱 Phones', '💻 Laptops', '📱 Tablets', '🎧 Accessories'])
  for (const City of ['Vancouver', 'Ottawa']) {
    await find(page, { City })
    await page.getByText(/^[2-9]\d found$/).waitFor()
    const pictures = await picturesIn(page, 'Catalogue')
    expect(pictures.length).toBeGreaterThan(20)
    expect(pictures.filter((picture) => !picture.endsWith(': seen'))).toEqual([])
  }
  await register(page, 'sam@example.com')
  await page.getByText('sam@example.com (customer)').waitFor()
  const form = page.getByRole('region', { name: 'Sell a device' })
  await form.getByLabel('Make').selectOption('Sony')
  await form.getByLabel('Model').fill('Xperia 1')
  await form.getByLabel('Street').fill('1 Quay')
  await form.getByRole('button', { name: 'Request a pick-up' }).click()
  await page.getByText(/^Request \d+ is with the shop$/).waitFor()
  await form.getByRole('button', { name: 'See my devices' }).click()
  await form.getByText('Sony Xperia 1, requested · about 800.00, fetched at 1 Quay').waitFor()
  expect(web.faults).toEqual([])
})

test('a customer of the web shop registers, finds a phone, pays by card and sees it paid', async () => {
  await using web = await openWebShop()
  const { page, shop, stripe } = web
  const admin = await shop.person('admin')
  const phone = await sell(shop, admin, { name: 'iPhone 14 Pro 256GB', price: 89_999, original: 109_999, stock: 2 })
  await sell(shop, admin, { name: 'Galaxy S23 128GB', brand: 'Samsung', price: 54_900, original: 60_000 })
  await sell(shop, admin, { name: 'AirPods Pro', category: 'Accessory', price: 17_950 })

  await register(page, 'nora@example.com')
  await page.getByText('nora@example.com (customer)').waitFor()
  expect(await page.getByRole('region', { name: 'Administration' }).isHidden()).toBe(true)

  await find(page, {})
  await status(page, '3 found')
  expect(await picturesIn(page, 'Catalogue')).toEqual([
    'iPhone 14 Pro 256GB: seen',
    'Galaxy S23 128GB: seen',
    'AirPods Pro: seen',
  ])
  await find(page, { Category: 'Accessories' })
  expect(await names(page)).toEqual(['AirPods Pro'])
  await find(page, { Category: '', City: 'Vancouver', Brand: 'samsung', Most: '549' })
  expect(await names(page)).toEqual(['Galaxy S23 128GB'])
  await shop.database.flushSearchIndex()
  await find(page, { City: '', Brand: '', Most: '', Search: 'pro 256' })
  expect(await names(page)).toEqual(['iPhone 14 Pro 256GB'])
  await page.getByRole('button', { name: 'Deals' }).click()
  await page.getByText('+18% Voucher').waitFor()
  expect(await names(page)).toEqual(['iPhone 14 Pro 256GB'])

  await page.getByRole('button', { name: 'Add iPhone 14 Pro 256GB' }).click()
  await page.getByText('1 × iPhone 14 Pro 256GB: 899.99').waitFor()
  await page.getByRole('button', { name: 'Add iPhone 14 Pro 256GB' }).click()
  await page.getByText('2 × iPhone 14 Pro 256GB: 1799.98').waitFor()
  await page.getByText('Subtotal 1799.98').waitFor()

  await page.getByRole('button', { name: 'Pay by card' }).click()
  await status(page, 'Order ORD1 is placed')
  expect(await cart(page)).toEqual([])
  await pay(page, '4000 0000 0000 0002')
  await status(page, 'Your card was declined.')
  expect(await web.tell()).toEqual([200, 200])
  await orders(page, ['Order 1: 2 × iPhone 14 Pro 256GB, 1799.98, pending, card requires_payment_method'])
  await pay(page, '4242 4242 4242 4242')
  await status(page, 'The payment has succeeded')
  expect(await web.tell()).toEqual([200])
  await orders(page, ['Order 1: 2 × iPhone 14 Pro 256GB, 1799.98, paid, card succeeded'])

  expect([...stripe.intents.values()].map(({ amount, metadata }) => [amount, metadata['order_id']])).toEqual([
    [179_998, '1'],
  ])
  expect(await left(web, phone)).toBe(0)
  expect(web.faults).toEqual([])
})

test('a customer of the web shop offers a device with photos, and accepts what the shop offers', async () => {
  await using web = await openWebShop()
  const { page, shop } = web
  await shop.person('admin', { email: 'olga@example.com' })
  await register(page, 'nora@example.com')

  const form = page.getByRole('region', { name: 'Sell a device' })
  await form.getByLabel('Make').selectOption('Apple')
  await form.getByLabel('Model').fill('iPhone 14 Pro')
  await form.getByLabel('Storage').fill('256GB')
  await form.getByLabel('Remarks').fill('Minor scratches')
  await form.getByLabel('Street').fill('123 Main St')
  await form.getByRole('button', { name: 'Estimate' }).click()
  await form.getByText('We pay 960.00, less 50.00: 910.00').waitFor()

  const notes = { name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('No picture at all') }
  await form.getByLabel('Photos').setInputFiles([notes])
  await form.getByRole('button', { name: 'Request a pick-up' }).click()
  await page.getByRole('status').filter({ hasText: 'notes.jpg' }).waitFor()

  const front = { name: 'front.jpg', mimeType: 'image/jpeg', buffer: await jpeg(1200, 900) }
  const back = { name: 'back.png', mimeType: 'image/png', buffer: await png() }
  await form.getByLabel('Photos').setInputFiles([front, back])
  await form.getByRole('button', { name: 'Request a pick-up' }).click()
  await status(page, 'Request 1 is with the shop')
  await form.getByRole('button', { name: 'See my devices' }).click()
  await form.getByText('Apple iPhone 14 Pro, requested').waitFor()
  expect(await picturesIn(page, 'Sell a device')).toEqual(Array(2).fill('Photo of iPhone 14 Pro: seen'))

  const office = await web.visit()
  await signIn(office, 'olga@example.com', PASSWORD)
  await office.getByText('olga@example.com (admin)').waitFor()
  await office.getByRole('button', { name: 'See trade-ins' }).click()
  await office.getByText('nora@example.com: iPhone 14 Pro, requested').waitFor()
  expect(await picturesIn(office, 'Administration')).toEqual(Array(2).fill('Photo of iPhone 14 Pro: seen'))
  await office.getByLabel('Offer for iPhone 14 Pro').fill('700.50')
  await office.getByRole('button', { name: 'Send the offer' }).click()
  await office.getByText('nora@example.com: iPhone 14 Pro, offered').waitFor()
  await office.close()

  await form.getByRole('button', { name: 'See my devices' }).click()
  await form.getByText('Apple iPhone 14 Pro, offered, our offer 700.50: Small dent').waitFor()
  await form.getByRole('button', { name: 'accept' }).click()
  await form.getByText('Apple iPhone 14 Pro, accepted').waitFor()
  expect(await form.getByRole('button', { name: 'reject' }).count()).toBe(0)
  expect(web.faults).toEqual([])
})

test('the web shop says when the last piece is gone, a price has changed or Stripe is away, and the cart stays', async () => {
  await using web = await openWebShop()
  const { page, shop, stripe } = web
  const admin = await shop.person('admin')
  const last = await sell(shop, admin, { name: 'Pixel 8', brand: 'Google', price: 38_900, stock: 1 })
  const tablet = await sell(shop, admin, { name: 'iPad mini', category: 'Tablet', price: 31_900 })
  await register(page, 'nora@example.com')
  await find(page, {})
  await page.getByRole('button', { name: 'Add Pixel 8' }).click()
  await page.getByText('1 × Pixel 8: 389.00').waitFor()

  const other = await web.visit()
  await register(other, 'olaf@example.com')
  await find(other, {})
  await other.getByRole('button', { name: 'Add Pixel 8' }).click()
  await other.getByText('1 × Pixel 8: 389.00').waitFor()
  await other.getByRole('button', { name: 'Pay on delivery' }).click()
  await status(other, 'Order ORD1 is placed')
  await other.close() // A page behind another one draws once a second.

  await page.getByRole('button', { name: 'Pay by card' }).click()
  await status(page, "Product 'Pixel 8' is out of stock")
  expect(await cart(page)).toEqual(['1 × Pixel 8: 389.00'])
  expect(await left(web, last)).toBe(0)
  await page.getByRole('button', { name: 'Less Pixel 8' }).click()

  await page.getByRole('button', { name: 'Add iPad mini' }).click()
  await page.getByText('1 × iPad mini: 319.00').waitFor()
  const dearer = await shop.call('PATCH', `/counter/products/${tablet}`, { as: admin, body: { price_cents: 34_900 } })
  expect(dearer.status).toBe(200)
  await page.getByRole('button', { name: 'Pay by card' }).click()
  await status(page, "Price of 'iPad mini' has changed")
  expect([await left(web, tablet), stripe.intents.size]).toEqual([5, 0])

  await find(page, {})
  await page.getByRole('button', { name: 'Add iPad mini' }).click()
  await page.getByText('2 × iPad mini: 698.00').waitFor()
  stripe.break('down', { times: 3 })
  await page.getByRole('button', { name: 'Pay by card' }).click()
  await page.getByRole('status').filter({ hasText: 'Stripe cannot be reached' }).waitFor()
  expect(await page.getByRole('button', { name: 'Confirm the payment' }).isHidden()).toBe(true)
  await page.reload()
  await signIn(page, 'nora@example.com', 'a long password')
  await page.getByText('2 × iPad mini: 698.00').waitFor()
  expect([await left(web, tablet), stripe.intents.size]).toEqual([5, 0])

  await page.getByRole('button', { name: 'Pay by card' }).click()
  await page.getByRole('status').filter({ hasText: 'is placed' }).waitFor()
  await pay(page, '4242 4242 4242 4242')
  await status(page, 'The payment has succeeded')
  await web.tell()
  await page.getByRole('button', { name: 'See my orders' }).click()
  await page.getByText(/2 × iPad mini, 698.00, paid, card succeeded/).waitFor()
  expect([...stripe.intents.values()].map(({ amount }) => amount)).toEqual([69_800])
  expect(web.faults).toEqual([])
})

/** What the page says is this, and nothing else. */
const status = (page: Page, text: string) =>
  page
    .getByRole('status')
    .and(page.getByText(text, { exact: true }))
    .waitFor()

async function register(page: Page, email: string) {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill('a long password')
  await page.getByRole('button', { name: 'Register' }).click()
  await page.getByText('Subtotal 0.00').waitFor()
}

async function signIn(page: Page, email: string, password: string) {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText(`${email} (`).waitFor()
}

/** Fills in the filter and waits for what is found. */
async function find(page: Page, fields: Record<string, string>) {
  const filter = page.getByRole('region', { name: 'Catalogue' })
  for (const [label, value] of Object.entries(fields)) {
    const field = filter.getByLabel(label)
    if (label === 'Category' || label === 'City') await field.selectOption(value)
    else await field.fill(value)
  }
  await filter.getByRole('button', { name: 'Find' }).click()
  await page
    .getByRole('status')
    .filter({ hasText: /^\d+ found$/ })
    .waitFor()
}

const names = async (page: Page) =>
  (await page.getByRole('region', { name: 'Catalogue' }).getByRole('listitem').getByRole('button').allInnerTexts()).map(
    (text) => text.replace('Add ', ''),
  )

const cart = async (page: Page) =>
  (await page.locator('#cart li').allInnerTexts()).map((text) => text.replace(/ Less .*/, ''))

async function pay(page: Page, number: string) {
  await page.getByLabel('Card', { exact: true }).fill(number)
  await page.getByRole('button', { name: 'Confirm the payment' }).click()
}

async function orders(page: Page, lines: string[]) {
  await page.getByRole('button', { name: 'See my orders' }).click()
  await page.getByText(lines[0]!).waitFor()
  expect(await page.locator('#orders li').allInnerTexts()).toEqual(lines)
}

/** The stock of a product as the counter sees it. */
async function left({ shop }: Awaited<ReturnType<typeof openWebShop>>, id: number): Promise<number> {
  const { n } = await shop.database.db
    .selectFrom('stock_movement')
    .select(({ fn }) => fn.sum<number>('quantity').as('n'))
    .where('product_id', '=', id)
    .executeTakeFirstOrThrow()
  return n
}
