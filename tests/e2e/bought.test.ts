import { expect, test } from 'vitest'
import { formOf, jpeg } from '../api/pictures.ts'
import { axe, type Counter, openBusyCounter, picture, scan } from './support/counter.ts'
import { keysOn, signInAs, tradeInsOf } from './support/trade-ins.ts'

const IMEI = '490154203237518'

/** A phone that Sam Seller has sold, with a photo of the card that they showed. */
async function openBought(counter: Counter) {
  const { shop } = counter
  const admin = await shop.person('admin', { full_name: 'Ada Admin' })
  const desk = tradeInsOf(shop, admin)
  const seller = { full_name: 'Sam Seller', phone: '0170 7700' }
  const { pickup_id, version } = await desk.offeredAtDesk(IMEI, 19_100, seller)
  const card = formOf({}, [['card.jpg', await jpeg(856, 540, '#3c5b7c')]])
  const kept = await shop.call('POST', `/counter/trade-ins/${pickup_id}/identity-photos`, { as: admin, body: card })
  const bought = await desk.counter('POST', `/trade-ins/${pickup_id}/purchase`, {
    offer_version: version,
    identity: {
      kind: 'private',
      name: 'Samuel Seller',
      document_kind: 'id-card',
      number: 'L01X00T47',
      issuer: 'City of Vancouver',
      valid_until: '2031-04-30',
      born: '1985-02-01',
      address: '14 Mill Lane, Vancouver',
      photo: kept.body.photo,
    },
    declaration: { language: 'en', words_version: 1, signature: 'M60 140L180 40L300 150L480 60' },
    payout: [
      { method: 'cash', amount_cents: 10_000 },
      { method: 'transfer', amount_cents: 9_100, reference: 'DE02 1203' },
    ],
    selling_price_cents: 29_900,
  })
  return { admin, desk, pickup_id, bought }
}

/** How often somebody looked at who sold by a purchase. */
const looks = async ({ shop }: Counter, document_id: number) =>
  (
    await shop.database.db
      .selectFrom('till_event')
      .select('id')
      .where('document_id', '=', document_id)
      .where('kind', '=', 'identity-shown')
      .execute()
  ).length

/** `P7` as somebody types `S1-T1-P000007`. */
const shortOf = (number: string) => `P${Number(number.slice(-6))}`

test('a purchase is found by its number and opened; who sold it is shown to who asks, and each look is noted', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  const { bought } = await openBought(counter)
  const keys = keysOn(page)
  await keys.press('F3')
  await keys.type(shortOf(bought.number))
  await page.getByRole('option', { name: new RegExp(`${bought.number}.*Sam Seller`) }).waitFor()
  await picture(page, 'search-purchase')
  await keys.press('Enter')
  await page.getByRole('heading', { name: `Purchase ${bought.number}` }).waitFor()
  await page.getByText('On hold until').waitFor()
  await page.getByRole('button', { name: 'Show identity and declaration' }).waitFor()
  for (const word of ['L01X00T47', 'DE02 1203']) expect(await page.getByText(word).count()).toBe(0)
  expect(await looks(counter, bought.id)).toBe(0)
  await picture(page, 'purchase-document')
  await keys.press('Alt+i')
  await page.getByText('L01X00T47').waitFor()
  await page.getByText('1 February 1985').waitFor()
  await page.getByText('DE02 1203').waitFor()
  expect(await looks(counter, bought.id)).toBe(1)
  await picture(page, 'purchase-seller')
  await keys.press('Alt+o')
  const photo = page.getByRole('dialog').getByRole('img', { name: 'Photo of the document' })
  await expect.poll(() => photo.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(856)
  expect(await looks(counter, bought.id)).toBe(2)
  expect(await axe(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await keys.press('F10')
  await page.getByText('for the seller').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: `Purchase ${bought.number}` }).waitFor()
  expect(counter.faults).toEqual([])
})

test('an admin ends a hold with a reason and decides on the web shop; others read why they cannot', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { bought, pickup_id } = await openBought(counter)
  await signInAs(page, await shop.person('staff', { full_name: 'Kim Clerk' }))
  await page.goto(`${shop.url}/purchases/${bought.id}`)
  await page.getByText('Only an admin ends the hold early.').waitFor()
  expect(await page.getByRole('button', { name: 'End the hold early' }).count()).toBe(0)
  await page.getByText('as soon as one of them may be sold').waitFor()

  await signInAs(page, await shop.person('admin', { full_name: 'Ada Two' }))
  await page.reload()
  await page.getByRole('button', { name: 'End the hold early' }).waitFor()
  const keys = keysOn(page)
  await keys.press('Alt+h')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Let it be sold from now on' }).waitFor()
  await keys.press('Control+Enter')
  await dialog.getByText('This is needed.').waitFor()
  await dialog.getByLabel('Why').fill('Police have seen it')
  await picture(page, 'hold-end')
  await keys.press('Control+Enter')
  await page.getByText('It may be sold from now on.').waitFor()
  await page.getByText(/^Ada Two ended the hold on .*: Police have seen it$/).waitFor()
  await page.getByText('The web shop shows it.', { exact: true }).waitFor()

  const listed = async () => (await shop.call('GET', '/api/products/search?q=iphone%2013')).body.length
  const before = await listed()
  await page.getByText('Keep it out').click()
  await page.getByText('It is kept out of the web shop.').waitFor()
  await page.getByText('The web shop does not show it.').waitFor()
  expect(await listed()).toBe(before - 1)
  await keys.press('Control+z')
  await page.getByText('The web shop shows it.', { exact: true }).waitFor()
  expect(await listed()).toBe(before)
  await page.goto(`${shop.url}/trade-ins/${pickup_id}`)
  await page.getByRole('heading', { name: /^Bought S1-T1-P/ }).waitFor()
  expect(await page.getByText('On hold until').count()).toBe(0)
  expect(counter.faults).toEqual([])
})

test('the codes on the paper of a purchase and on the label of a request open them, wherever the cursor stands', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { bought, pickup_id } = await openBought(counter)
  await page.goto(`${shop.url}/intake`)
  await page.locator('[data-step=customer]:focus').waitFor()
  await scan(page, `R:${bought.number}`)
  await page.getByRole('heading', { name: `Purchase ${bought.number}` }).waitFor()
  await page.goto(`${shop.url}/buy-in`)
  await page.locator('[data-step=number]:focus').waitFor()
  await scan(page, `O:${pickup_id}`)
  await page.getByRole('heading', { name: `Request ${pickup_id}` }).waitFor()
  await page.goto(`${shop.url}/trade-ins/${pickup_id}/print/label`)
  await page
    .getByRole('article')
    .getByRole('img', { name: `Request ${pickup_id}` })
    .waitFor()
  await page.goto(shop.url)
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  await scan(page, IMEI)
  const timeline = page.getByRole('list', { name: 'Timeline' })
  await timeline.getByRole('link', { name: `Request ${pickup_id}` }).waitFor()
  await timeline.getByRole('link', { name: bought.number }).first().click()
  await page.getByRole('heading', { name: `Purchase ${bought.number}` }).waitFor()
  expect(counter.faults).toEqual([])
})

test('a request is found by its number and its customer; a purchase that was taken back says so', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const { admin, bought, pickup_id } = await openBought(counter)
  const undone = await shop.call('POST', `/counter/purchases/${bought.id}/undo`, {
    as: admin,
    body: { reason: 'Changed their mind' },
  })
  expect(undone.status).toBe(201)
  const keys = keysOn(page)
  await keys.press('F3')
  await keys.type('sam seller')
  await page.getByRole('option', { name: new RegExp(`Request ${pickup_id}.*Offered`) }).waitFor()
  await page.getByRole('option', { name: new RegExp(`${bought.number}.*taken back`) }).click()
  await page.getByRole('link', { name: `Taken back by ${undone.body.number}` }).click()
  await page.getByRole('heading', { name: `Purchase ${undone.body.number}` }).waitFor()
  await page.getByText('Got back').waitFor()
  await page.getByRole('link', { name: bought.number }).waitFor()
  expect(await page.getByRole('button', { name: 'Take the purchase back' }).count()).toBe(0)
  await keys.press('F3')
  await keys.type(`request ${pickup_id}`)
  await page.getByRole('option', { name: new RegExp(`Request ${pickup_id}`) }).waitFor()
  await keys.press('Enter')
  await page.getByRole('heading', { name: `Request ${pickup_id}` }).waitFor()
  expect(counter.faults).toEqual([])
})

test('the rail counts the offers that wait, by a key of their own, and the list of keys has it', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const entry = page.getByRole('link', { name: 'Requests' })
  const { desk } = await openBought(counter)
  const count = async () => Number(/^\d+/.exec((await entry.innerText()).trim())?.[0])
  const waiting = async () => {
    const { unpaid_cents: _, ...work } = await desk.counter('GET', '/trade-ins/work')
    return Object.values<number>(work).reduce((sum, n) => sum + n, 0)
  }
  const before = await waiting()
  expect(before).toBeGreaterThan(0)
  await expect.poll(count).toBe(before)
  await page.keyboard.press('Shift+F3')
  await page.getByRole('heading', { name: 'Requests and offers' }).waitFor()
  await page.getByRole('button', { name: new RegExp(`^Open\\s*${before}$`) }).waitFor()
  await desk.offeredAtDesk('356938035643809', 5_000, { full_name: 'Tess Other' })
  await expect.poll(count).toBe(before + 1)
  await page.keyboard.press('Control+/')
  const keys = page.getByRole('dialog')
  await keys.getByText('Requests and offers').waitFor()
  await keys.getByText('⇧ F3').waitFor()
  await page.keyboard.press('Escape')
  await keys.waitFor({ state: 'detached' })
  await page.keyboard.press('Shift+F6')
  await page.waitForURL(`${shop.url}/web-orders`)
  expect(counter.faults).toEqual([])
})
