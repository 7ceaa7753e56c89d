import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { addStarterModels, addStarters } from '../../server/shop/devices/starter-catalogue.ts'
import { addStarterQuestions } from '../../server/shop/trade-ins/starter-questions.ts'
import { jpeg, png } from '../api/pictures.ts'
import type { Person } from '../support/shop.ts'
import { scan } from './support/counter.ts'
import { answerAllFine, answerOf, sign, signInAs } from './support/trade-ins.ts'
import { openWebShop, picturesIn, type WebShop } from './support/web-shop.ts'

/** What the documented APIs tell the customer, who has a token, and the office. */
async function toldOf({ shop }: WebShop, token: string, office: { token: string }) {
  const ask = async (path: string, bearer: string) =>
    (await (await fetch(shop.url + path, { headers: { authorization: `Bearer ${bearer}` } })).json()) as any[]
  const [mine] = await ask('/api/tradein/pickup-requests/me', token)
  const [theirs] = await ask('/api/admin/tradeins', office.token)
  const offer = (of: { evaluation: { final_offer: number } | null }) => of.evaluation?.final_offer ?? null
  return [`${mine.status} ${offer(mine)}`, `${theirs.pickup.status} ${offer(theirs)}`]
}

const same = (step: string) => [step, step]

test('a customer of another origin offers a phone with photos; the counter fetches, offers and pays it, and both APIs tell the same at each step', async () => {
  await using web = await openWebShop()
  const { page, shop } = web
  const admin = await shop.person('admin', { full_name: 'Ada Admin', email: 'olga@example.com' })
  await beginBuying(web, admin)
  const token = await register(page, 'nora@example.com')
  const told = () => toldOf(web, token, admin)
  const form = page.getByRole('region', { name: 'Sell a device' })
  await form.getByLabel('Make').selectOption('Apple')
  await form.getByLabel('Model').fill('iPhone 13')
  await form.getByLabel('Storage').fill('128GB')
  await form.getByLabel('Remarks').fill('One scratch')
  await form.getByLabel('Street').fill('14 Mill Lane')
  const front = { name: 'front.jpg', mimeType: 'image/jpeg', buffer: await jpeg(1200, 900) }
  const back = { name: 'back.png', mimeType: 'image/png', buffer: await png() }
  await form.getByLabel('Photos').setInputFiles([front, back])
  await form.getByRole('button', { name: 'Request a pick-up' }).click()
  await page.getByRole('status').filter({ hasText: 'Request 1 is with the shop' }).waitFor()
  expect(await told()).toEqual(same('requested null'))

  const counter = await web.another()
  await counter.goto(shop.url)
  await signInAs(counter, admin)
  await counter.goto(`${shop.url}/trade-ins/1`)
  await counter.getByText('14 Mill Lane').first().waitFor()
  await counter.getByText('One scratch').waitFor()
  expect(await counter.getByRole('list', { name: 'Photos' }).getByRole('button').count()).toBe(2)
  await counter.keyboard.press('Alt+2')
  await counter.getByRole('button', { name: 'Look at it' }).and(counter.locator('[data-variant=filled]')).waitFor()
  expect(await told()).toEqual(same('collected null'))

  await counter.keyboard.press('Alt+3')
  await counter.getByText('no number yet').waitFor()
  expect(await told()).toEqual(same('evaluating null'))
  await scan(counter, '490154203237518')
  await counter.getByText('A valid IMEI').waitFor()
  await answerAllFine(counter)
  await answerOf(counter, 'Screen', 'seen from near').click()
  await counter.getByRole('button', { name: /^Offer .*191\.00/ }).waitFor()
  await counter.keyboard.press('Control+Enter')
  await counter.getByText(/^Offered .*191\.00 to nora@example\.com for Apple iPhone 13/).waitFor()
  expect(await told()).toEqual(same('offered 191'))
  await counter.goto(`${shop.url}/trade-ins/1`)
  await counter.getByRole('button', { name: /^Buy for/ }).waitFor()
  await counter.getByText('seen by the customer').waitFor()
  await form.getByRole('button', { name: 'See my devices' }).click()
  await form.getByText('Apple iPhone 13, offered, our offer 191.00').waitFor()
  expect(await picturesIn(page, 'Sell a device')).toEqual(Array(2).fill('Photo of iPhone 13: seen'))
  await form.getByRole('button', { name: 'accept' }).click()
  await form.getByText('Apple iPhone 13, accepted').waitFor()
  expect(await told()).toEqual(same('accepted 191'))

  await counter.getByRole('complementary').getByText('Accepted', { exact: true }).first().waitFor()
  await counter.keyboard.press('Alt+4')
  await counter.getByRole('button', { name: 'passport' }).click()
  await counter.getByLabel('Name', { exact: true }).fill('Nora Fields')
  await counter.getByLabel('Number').fill('C01X00T47')
  await sign(counter)
  await counter.keyboard.press('Control+Enter')
  await counter.getByRole('heading', { name: 'Bought S1-T1-P000001' }).waitFor()
  expect(await told()).toEqual(same('accepted 191'))
  await form.getByRole('button', { name: 'See my devices' }).click()
  await form.getByText('Apple iPhone 13, accepted').waitFor()
  expect(web.faults).toEqual([])
})

/** Opens an account on the web shop's page; returns the token that the shop gave it. */
async function register(page: Page, email: string): Promise<string> {
  const account = page.locator('#account')
  await account.getByLabel('E-mail').fill(email)
  await account.getByLabel('Password').fill('a long password')
  const answered = page.waitForResponse((reply) => reply.url().endsWith('/api/auth/register'))
  await account.getByRole('button', { name: 'Register' }).click()
  const { token } = (await (await answered).json()) as { token: string }
  await page.getByText(`${email} (customer)`).waitFor()
  return token
}

/** What a shop that buys in has: questions, and what it pays. */
async function beginBuying({ shop }: WebShop, admin: Person): Promise<void> {
  await shop.database.write({ actor: admin.id, device: null, act: 'test' }, async (trx) => {
    await addStarters(trx, 'en')
    await addStarterModels(trx)
    await addStarterQuestions(trx)
  })
  const brand = await shop.database.db
    .selectFrom('brand')
    .select('id')
    .where('name', '=', 'Apple')
    .executeTakeFirstOrThrow()
  for (const [condition, price_cents] of [
    ['A', 24_000],
    ['B', 19_100],
  ]) {
    const body = { brand_id: brand.id, model: 'iPhone 13', storage: '128GB', condition, price_cents }
    const made = await shop.call('POST', '/counter/trade-in-prices', { as: admin, body })
    expect(made.status).toBe(201)
  }
}
