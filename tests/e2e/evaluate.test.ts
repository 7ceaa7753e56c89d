import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { PASSWORD, type Person, type Shop } from '../support/shop.ts'
import { axe, type Counter, openBusyCounter, scan } from './support/counter.ts'
import { holdBack } from './support/hold-back.ts'
import { photoOf } from './support/photos.ts'
import { answerOf, cursorAt, keysOn, questionOf, READING } from './support/trade-ins.ts'

/** Valid, and nobody has it; another one of the same eight first digits. */
const IMEI = '356938035643809'
const ALIKE = '356938031111116'

/** A line of the demonstration's matrix: 290.00 as A, 255.00 as B, 200.00 as C. */
const PHONE = 'iPhone 13'

const price = (page: Page) =>
  page
    .getByRole('complementary', { name: 'Offer' })
    .getByText(/^£[\d.]+$/)
    .first()
const kept = (page: Page) => page.getByText(/^Kept .* by /)

/** What was offered at the counter to people of this name. */
const offers = ({ database }: Shop, name: string) =>
  database.db
    .selectFrom('offer')
    .innerJoin('pickup_request', 'pickup_request.id', 'offer.pickup_id')
    .innerJoin('user', 'user.id', 'pickup_request.user_id')
    .select(['offer.condition', 'offer.base_cents', 'offer.price_cents', 'offer.source', 'offer.approved_by'])
    .select(['user.full_name', 'pickup_request.channel', 'pickup_request.status', 'offer.photo_id'])
    .where('pickup_request.channel', '=', 'counter')
    .where('user.full_name', '=', name)
    .orderBy('offer.id')
    .execute()

async function signIn({ page, shop }: Counter, person: Person) {
  // Today would ask for what this person may not see.
  await page.goto(`${shop.url}/buy-in`)
  await page.locator('[data-step=number]').waitFor()
  const status = await page.evaluate(
    (body) =>
      fetch('/counter/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }).then((reply) => reply.status),
    { login: person.phone, password: PASSWORD },
  )
  expect(status).toBe(200)
  await page.goto(`${shop.url}/buy-in`)
}

/** Begins with a number, and says which model it is, by keys. */
async function beginPhone({ page, shop }: Pick<Counter, 'page' | 'shop'>, number = IMEI) {
  await page.goto(`${shop.url}/buy-in`)
  await page.locator('[data-step=number]:focus').waitFor()
  await scan(page, number)
  await page.locator('[data-step=model]:focus').fill(PHONE)
  await page
    .getByRole('option', { name: new RegExp(`${PHONE} Phone`) })
    .first()
    .waitFor()
  await page.keyboard.press('Enter')
  await page.locator('[data-step=storage]:focus').waitFor()
  await page.keyboard.press('Enter')
  await cursorAt(page, 'Starts and holds')
}

test('on a tablet all of it is done by touch: model, answers, a check, photos, another sum and a new seller', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  await page.setViewportSize({ width: 820, height: 1180 })
  await page.getByRole('link', { name: 'Buy in' }).click()
  await page.getByRole('button', { name: 'Without a number' }).click()
  await page.getByText('no number yet').waitFor()
  await page.locator('[data-step=model]').fill(PHONE)
  await page.getByRole('option', { name: /iPhone 13 Phone/ }).click()
  await page.getByText('Choose its storage first.').waitFor()
  expect(await page.getByText('Nobody has set a price').count()).toBe(0)
  await page.getByRole('button', { name: '128GB' }).click()
  await page.getByRole('button', { name: 'All the rest works' }).click()
  await answerOf(page, 'Account lock off', 'No').click()
  await page.getByText('Nothing is paid for this device: Account lock off').waitFor()
  expect(await page.locator('[data-step=make-offer]').isDisabled()).toBe(true)
  await answerOf(page, 'Account lock off', 'Yes').click()
  await page.getByRole('button', { name: 'The rest without marks' }).click()
  await expect.poll(() => price(page).innerText()).toBe('£290.00')

  const lost = page.locator('dt', { hasText: 'Lost or stolen' }).locator('xpath=..')
  await lost.getByText('not checked').waitFor()
  await page.getByRole('button', { name: 'Note a check' }).click()
  await page.getByLabel('Where it was looked up').fill('CheckMEND')
  await page.getByRole('button', { name: 'Note it' }).click()
  await lost.getByText('not reported').waitFor()
  await lost.getByText(/CheckMEND · \d\d:\d\d/).waitFor()

  await page.getByRole('button', { name: 'Another sum' }).click()
  const form = page.getByRole('form', { name: 'Another sum' })
  await form.getByLabel('Another price').fill('300')
  await page.keyboard.press('Control+Enter')
  await form.getByText('Fill this in.').waitFor()
  await expect.poll(() => form.getByLabel('Why').evaluate((why) => why === document.activeElement)).toBe(true)
  await form.getByLabel('Why').fill('As new, with its box')
  await form.getByRole('button', { name: 'Take this sum' }).click()
  await form.getByText('A higher price needs a photo of the device.').waitFor()
  await form.getByRole('button', { name: 'Cancel' }).click()
  const photo = await photoOf('lid')
  await page.locator('input[type=file]').setInputFiles([{ ...photo, buffer: photo.buffer }])
  await page.getByRole('img', { name: 'Photo 1' }).first().waitFor()
  await page.getByRole('button', { name: 'Another sum' }).click()
  await form.getByLabel('Another price').fill('300')
  await form.getByLabel('Why').fill('As new, with its box')
  await form.getByRole('button', { name: 'Take this sum' }).click()
  await page.getByText('You approve it yourself.').waitFor()
  await page.locator('[data-step=seller]').fill('0177 555 1')
  await page.locator('[data-step=seller-name]').fill('Toni Tablet')
  await page.getByRole('button', { name: 'Offer £300.00' }).click()
  await page.getByText(/^Offered £300.00 to Toni Tablet/).waitFor()
  expect(await offers(shop, 'Toni Tablet')).toMatchObject([
    { condition: 'A', price_cents: 30_000, source: 'manual', full_name: 'Toni Tablet', photo_id: expect.any(Number) },
  ])
  expect(counter.faults).toEqual([])
})

test('two people at one evaluation keep each other’s answers, and of one question theirs stands and ours is offered back', async () => {
  await using counter = await openBusyCounter()
  const { page, shop, another } = counter
  const eve = await shop.person('evaluator', { full_name: 'Eve Tester', phone: '555-0170' })
  await beginPhone(counter)
  await kept(page).waitFor()
  const id = new URL(page.url()).pathname.split('/').at(-1)!
  const beside = await another()
  await beside.goto(page.url())
  await questionOf(beside, 'Cameras').waitFor()
  const theirs = async (words: string, choice: string) => {
    const { body } = await shop.call('GET', `/counter/buy-ins/${id}`, { as: eve })
    const { id: item_id } = body.questions.find(({ text }: any) => text.en.startsWith(words))
    const answers = [...body.answers.filter((one: any) => one.item_id !== item_id), { item_id, choice }]
    const put = { version: body.version, answers }
    expect((await shop.call('PUT', `/counter/buy-ins/${id}`, { as: eve, body: put })).status).toBe(200)
  }
  const letGo = await holdBack(page, /\/counter\/buy-ins\/[^/]+$/)
  await answerOf(page, 'Cameras', 'Yes').click()
  await answerOf(page, 'Screen', 'seen from near').click()
  await page.getByText('Being kept…').waitFor()
  await theirs('Screen', 'far')
  await theirs('Buttons', 'no')
  await answerOf(beside, 'Buttons', 'No').and(beside.locator('[aria-pressed=true]')).waitFor()
  await letGo()
  const said = page.getByRole('alert').filter({ hasText: 'Eve Tester has said something else meanwhile' })
  await said.getByText('You: Screen – seen from near').waitFor()
  const desk = page.viewportSize()!
  await page.setViewportSize({ width: 820, height: 1180 })
  await page.locator('[data-step=make-offer]').scrollIntoViewIfNeeded()
  await page.mouse.move(400, 600)
  await page.mouse.wheel(0, 2_000)
  await expect
    .poll(() =>
      answerOf(page, 'Starts and holds', 'Yes')
        .boundingBox()
        .then((box) => box!.y),
    )
    .toBeLessThan(0)
  expect((await said.boundingBox())!.y).toBeGreaterThan(0)
  await page.setViewportSize(desk)
  await answerOf(page, 'Screen', 'seen from arm’s length').and(page.locator('[aria-pressed=true]')).waitFor()
  await answerOf(page, 'Buttons', 'No').and(page.locator('[aria-pressed=true]')).waitFor()
  await answerOf(page, 'Cameras', 'Yes').and(page.locator('[aria-pressed=true]')).waitFor()
  await said.getByRole('button', { name: 'Put mine' }).click()
  await said.waitFor({ state: 'detached' })
  await answerOf(beside, 'Screen', 'seen from near').and(beside.locator('[aria-pressed=true]')).waitFor()
  await answerOf(beside, 'Cameras', 'Yes').and(beside.locator('[aria-pressed=true]')).waitFor()
  expect(counter.faults).toEqual([])
})

test('an evaluation that somebody went on with is not discarded by who has not seen that', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const eve = await shop.person('evaluator', { full_name: 'Eve Tester', phone: '555-0171' })
  await beginPhone(counter)
  await kept(page).waitFor()
  const path = `/counter/buy-ins/${new URL(page.url()).pathname.split('/').at(-1)!}`
  const letGo = await holdBack(page, /\/counter\/buy-ins\/[^/?]+$/)
  const { body } = await shop.call('GET', path, { as: eve })
  const { id: item_id } = body.questions.find(({ text }: any) => text.en.startsWith('Buttons'))
  const put = { version: body.version, answers: [...body.answers, { item_id, choice: 'no' }] }
  expect((await shop.call('PUT', path, { as: eve, body: put })).status).toBe(200)
  await page.keyboard.press('Alt+x')
  await page.getByRole('button', { name: 'Yes, discard all answers' }).waitFor()
  await page.keyboard.press('Alt+x')
  await page.getByText('Eve Tester has changed this evaluation meanwhile.').waitFor()
  await page.getByRole('button', { name: 'Discard' }).waitFor()
  await letGo()
  await answerOf(page, 'Buttons', 'No').and(page.locator('[aria-pressed=true]')).waitFor()
  await page.keyboard.press('Alt+x')
  await page.getByRole('button', { name: 'Yes, discard all answers' }).waitFor()
  await page.keyboard.press('Alt+x')
  await page.getByText('Discarded.').waitFor()
  expect(counter.faults).toEqual([])
})

test('who discards an evaluation while an answer is on its way has that kept first, and is not refused over it', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const eve = await shop.person('evaluator', { full_name: 'Eve Tester', phone: '555-0172' })
  await beginPhone(counter)
  await kept(page).waitFor()
  const path = `/counter/buy-ins/${new URL(page.url()).pathname.split('/').at(-1)!}`
  const { body } = await shop.call('GET', path, { as: eve })
  // The server keeps it; that it did is not heard of yet.
  const heard = Promise.withResolvers<void>()
  await page.route(/\/counter\/buy-ins\/[^/?]+$/, async (route) => {
    const answer = await route.fetch()
    await heard.promise
    await route.fulfill({ response: answer })
  })
  await answerOf(page, 'Cameras', 'Yes').click()
  await page.getByText('Being kept…').waitFor()
  await expect
    .poll(async () => (await shop.call('GET', path, { as: eve })).body.version)
    .toBeGreaterThan(body.version as number)
  await page.keyboard.press('Alt+x')
  await page.getByRole('button', { name: 'Yes, discard all answers' }).waitFor()
  await page.keyboard.press('Alt+x')
  await page.getByRole('button', { name: 'Yes, discard all answers', disabled: true }).waitFor()
  heard.resolve()
  await page.getByText('Discarded.').waitFor()
  expect(counter.faults).toEqual([])
})

test('answers outlast a lost line, a reload in between and a server that is started anew', async () => {
  await using counter = await openBusyCounter()
  const { page } = counter
  await beginPhone(counter)
  await kept(page).waitFor()
  const away = /\/(counter\/|health)/
  await page.route(away, (route) => route.abort('connectionrefused'))
  await answerOf(page, 'Touch', 'No').click()
  await page.getByText('The line is out: not kept yet.').waitFor()
  await answerOf(page, 'Frame', 'seen from near').click()
  // The offer is worked out on the page meanwhile: a D by the touch.
  await expect.poll(() => price(page).innerText()).toBe('£130.00')
  await page.unroute(away)
  await kept(page).waitFor({ timeout: 30_000 })
  const again = await counter.restarted()
  await again.page.keyboard.press('Shift+F2')
  await again.page.getByRole('link', { name: /Apple iPhone 13 128GB/ }).click()
  await answerOf(again.page, 'Touch', 'No').and(again.page.locator('[aria-pressed=true]')).waitFor()
  await answerOf(again.page, 'Frame', 'seen from near').and(again.page.locator('[aria-pressed=true]')).waitFor()
  await again.page.keyboard.press('Escape')
  await again.page.getByRole('heading', { name: 'Under way' }).waitFor()
  expect([...counter.faults, ...again.faults]).toEqual([])
})

test('an evaluator looks at what a customer asked for in the web, and offers; a walk-in’s seller is for the desk to name', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const eve = await shop.person('evaluator', { full_name: 'Eve Tester', phone: '555-0170' })
  const asked = await shop.database.db
    .selectFrom('pickup_request')
    .select('id')
    .where('status', '=', 'collected')
    .executeTakeFirstOrThrow()
  await signIn(counter, eve)
  await beginPhone(counter)
  await page.getByText('Somebody at the desk names the seller.').waitFor()
  expect(await page.locator('[data-step=make-offer]').count()).toBe(0)
  await page.goto(`${shop.url}/buy-in?request=${asked.id}`)
  await page.getByText('Hiroshi Nakamura').waitFor()
  await questionOf(page, 'Starts and holds').waitFor()
  await page.getByRole('button', { name: 'All the rest works' }).click()
  await answerOf(page, 'Account lock off', 'Yes').click()
  await page.getByRole('button', { name: 'The rest without marks' }).click()
  await page.keyboard.press('Control+Enter')
  await page.getByText(/^Offered £170.00 to Hiroshi Nakamura for Google Pixel 7a/).waitFor()
  expect(await axe(page)).toEqual([])
  expect(counter.faults).toEqual([])
})

test('another sum is approved in place: the PIN of somebody who may is held against theirs', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const kim = await shop.person('staff', { full_name: 'Kim Clerk', phone: '555-0171' })
  await signIn(counter, kim)
  await beginPhone(counter)
  const { press } = keysOn(page, READING)
  await press('0')
  await cursorAt(page, 'Account lock off')
  await press('1', 'Enter')
  await cursorAt(page, 'Screen')
  await press('0')
  await page.locator('[data-step=seller]:focus').waitFor()
  await page.keyboard.type('Wanda Walkin', { delay: 70 })
  await page.keyboard.press('Enter')
  await page.keyboard.press('Alt+u')
  await page.keyboard.type('250', { delay: 70 })
  await page.keyboard.press('Enter')
  await page.keyboard.type('No box', { delay: 70 })
  await page.keyboard.press('Control+Enter')
  await page.getByText('Because: No box').waitFor()
  await page.getByRole('combobox', { name: 'Approved by' }).click()
  await page.getByRole('option', { name: 'Olga Owner' }).click()
  const pin = page.locator('[data-step=approval]')
  await pin.fill('1357')
  await page.keyboard.press('Control+Enter')
  await page.getByText('The PIN or password of who approves is wrong.').waitFor()
  expect(await offers(shop, 'Wanda Walkin')).toEqual([])
  await pin.fill('2468')
  await page.keyboard.press('Control+Enter')
  await page.getByText(/^Offered £250.00 to Wanda Walkin/).waitFor()
  expect(await offers(shop, 'Wanda Walkin')).toMatchObject([
    { price_cents: 25_000, source: 'manual', approved_by: expect.any(Number) },
  ])
  expect(counter.faults).toEqual([])
})

test('what was here with the same eight digits is suggested, a wrong number is said, and a scan elsewhere begins another', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const admin = await shop.person('admin')
  const pixel = await shop.database.db
    .selectFrom('model')
    .select(['id', 'brand_id', 'device_type_id'])
    .where('name', '=', 'Pixel 7a')
    .executeTakeFirstOrThrow()
  const { id: model_id, ...kind } = pixel
  const device = { ...kind, model_id, serial_number: ALIKE }
  await shop.call('POST', '/v1/devices', { as: admin, body: device })
  await page.goto(`${shop.url}/buy-in`)
  await page.locator('[data-step=number]:focus').waitFor()
  await scan(page, IMEI)
  await page.locator('[data-step=suggested]:focus').waitFor()
  await page.keyboard.press('1')
  await page.getByText('Google Pixel 7a').first().waitFor()
  await page.getByText('A valid IMEI').waitFor()
  const first = page.url()
  await page.locator('[data-step=storage]:focus').waitFor()
  await scan(page, '356938035643808')
  await page.getByText('This IMEI has a wrong digit.').waitFor()
  expect(page.url()).not.toBe(first)
  await scan(page, IMEI)
  await expect.poll(() => page.url()).toBe(first)
  await page.locator('[data-step=storage]:focus').waitFor()
  await page.keyboard.press('Alt+x')
  await page.getByRole('button', { name: 'Yes, discard all answers' }).waitFor()
  await page.keyboard.press('Alt+x')
  await page.getByText('Discarded.').waitFor()
  await page.getByRole('link', { name: new RegExp(IMEI) }).waitFor({ state: 'detached' })
  expect(counter.faults).toEqual([])
})

test('a repair that is not worth it becomes an offer with one key, with what its intake said of the device', async () => {
  await using counter = await openBusyCounter()
  const { page, shop } = counter
  const ticket = await shop.database.db
    .selectFrom('repair_order')
    .innerJoin('intake', 'intake.order_id', 'repair_order.id')
    .innerJoin('user', 'user.id', 'repair_order.customer_id')
    .select(['repair_order.id', 'repair_order.ticket_number', 'user.full_name'])
    .where('repair_order.status', '=', 'Repairing')
    .where('intake.condition', 'like', '%"screen":"broken"%')
    .orderBy('repair_order.id')
    .executeTakeFirstOrThrow()
  await page.goto(`${shop.url}/tickets/${ticket.id}`)
  await page.getByRole('list', { name: 'Timeline' }).waitFor()
  await page.keyboard.press('Alt+b')
  await page.getByRole('link', { name: `from ticket ${ticket.ticket_number}` }).waitFor()
  await page.getByText(ticket.full_name).first().waitFor()
  await answerOf(page, 'Screen', 'cracked or bent').and(page.locator('[aria-pressed=true]')).waitFor()
  expect(counter.faults).toEqual([])
})
