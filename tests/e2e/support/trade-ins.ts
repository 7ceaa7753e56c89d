import type { Page } from 'playwright-core'
import { formOf, jpeg } from '../../api/pictures.ts'
import { PASSWORD, type Person, type Shop } from '../../support/shop.ts'
import type { Counter } from './counter.ts'

/** Requests and offers as they come about before a test begins: through the counter's own endpoints. */

type Question = { id: number; answers: string; options: { key: string; grade: string | null; blocks: boolean }[] }

/** The first answer of each question that costs nothing. */
const bestAnswers = (questions: readonly Question[]) =>
  questions.map(({ id, answers, options }) => {
    const free = options.find(({ grade, blocks }) => !blocks && grade === null) ?? options.find(({ blocks }) => !blocks)
    return { item_id: id, choice: answers === 'percent' ? '95' : answers === 'text' ? 'none' : (free?.key ?? 'yes') }
  })

/** Why a device is worth more is shown on a photo of it. */
async function photoOfDevice(): Promise<FormData> {
  const form = new FormData()
  form.append('photos', new Blob([await jpeg(640, 480, '#3c5b7c')], { type: 'image/jpeg' }), 'device.jpg')
  return form
}

export type Offered = { pickup_id: number; version: number }

/** Makes offers, and what comes before them, in the name of `as`. */
export function tradeInsOf({ call, database }: Shop, as: Person) {
  const counter = async (method: string, path: string, body?: unknown, by: Person = as) => {
    const reply = await call(method, `/counter${path}`, { as: by, body })
    if (reply.status > 299) throw new Error(`${method} ${path}: ${reply.text}`)
    return reply.body
  }
  const phoneType = async (): Promise<number> => {
    const known = await database.db.selectFrom('device_type').select('id').orderBy('id').executeTakeFirst()
    if (known) return known.id
    const made = await call('POST', '/v1/devices/types', { as, body: { name: 'Phone' } })
    return made.body.id
  }
  /** Evaluates, and offers `price_cents` as an admin may. */
  const evaluated = async (from: object, device: object, price_cents: number) => {
    const begun = await counter('POST', '/buy-ins', from)
    const typed = { device_type_id: await phoneType(), brand: 'Apple', model: 'iPhone 13', storage: '128GB', ...device }
    const described = { version: begun.version, device: { ...begun.device, ...typed } }
    const known = await counter('PUT', `/buy-ins/${begun.id}`, described)
    const answers = bestAnswers(known.questions)
    const answered = await counter('PUT', `/buy-ins/${begun.id}`, { version: known.version, answers })
    const isHigher = answered.offer !== null && price_cents > answered.offer.price_cents
    const seen = isHigher ? await counter('POST', `/buy-ins/${begun.id}/photos`, await photoOfDevice()) : answered
    const photo_id = isHigher ? seen.photos.at(-1).id : null
    const other_price = { price_cents, reason: 'Agreed at the desk', photo_id }
    return await counter('PUT', `/buy-ins/${begun.id}`, { version: seen.version, other_price })
  }
  return {
    counter,
    /** A device that somebody brought, and what is offered for it. */
    offeredAtDesk: async (serial_number: string, price_cents: number, customer: object): Promise<Offered> => {
      const { id, version } = await evaluated({ serial_number }, { serial_number }, price_cents)
      return await counter('POST', `/buy-ins/${id}/seller`, { version, customer })
    },
    /** A repair that is not worth it: what is offered for its device. */
    offeredForTicket: async (order_id: number, price_cents: number, customer: object): Promise<Offered> => {
      const { id, version } = await evaluated({ order_id }, {}, price_cents)
      return await counter('POST', `/buy-ins/${id}/seller`, { version, customer })
    },
    /** Buys the device of an offer, in cash. */
    bought: ({ pickup_id, version }: Offered, price_cents: number) =>
      counter('POST', `/trade-ins/${pickup_id}/purchase`, {
        offer_version: version,
        identity: { kind: 'private', name: 'Sam Seller', document_kind: 'id-card', number: 'L01X00T47' },
        declaration: { language: 'en', words_version: 1, signature: 'M1 1L2 2' },
        payout: [{ method: 'cash', amount_cents: price_cents }],
        selling_price_cents: 2 * price_cents,
      }),
    /** What is offered for the device of a request. */
    offeredFor: async (pickup_id: number, serial_number: string, price_cents: number): Promise<Offered> => {
      const { id, version } = await evaluated({ pickup_id }, { serial_number }, price_cents)
      return await counter('POST', `/buy-ins/${id}/offer`, { version })
    },
    /** A pick-up that a customer asks for on the web, with photos. */
    requested: async (customer: Person, fields: Record<string, string> = {}, photos = 0): Promise<number> => {
      const colours = ['#3c5b7c', '#855000', '#1c6638', '#5a6069', '#b42318']
      const files = await Promise.all(
        colours
          .slice(0, photos)
          .map(async (colour, index): Promise<[string, Buffer]> => [`${index}.jpg`, await jpeg(640, 480, colour)]),
      )
      const asked = { brand_name: 'Apple', model_text: 'iPhone 13', storage: '128GB', condition: 'B', ...fields }
      const body = formOf(asked, files)
      const reply = await call('POST', '/api/tradein/pickup-requests', { as: customer, body })
      if (reply.status !== 201) throw new Error(reply.text)
      return reply.body.id
    },
  }
}

/** Who is at the counter from now on. */
export async function signInAs(page: Page, { phone }: Person): Promise<void> {
  const status = await page.evaluate(
    (body) =>
      fetch('/counter/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }).then((reply) => reply.status),
    { login: phone, password: PASSWORD },
  )
  if (status !== 200) throw new Error(`Signing in was answered ${status}`)
}

/** Points of a line across the pad. */
async function strokeOn(page: Page) {
  const pad = page.getByRole('img', { name: 'Signature of the seller' })
  await pad.scrollIntoViewIfNeeded()
  const { x, y, width, height } = (await pad.boundingBox())!
  const at = (across: number, down: number) => ({ x: x + width * across, y: y + height * down })
  return [at(0.2, 0.7), at(0.35, 0.3), at(0.5, 0.75), at(0.8, 0.4)] as const
}

/** A line across the pad, as a pen draws it. */
export async function sign(page: Page): Promise<void> {
  const [first, ...others] = await strokeOn(page)
  await page.mouse.move(first.x, first.y)
  await page.mouse.down()
  for (const { x, y } of others) await page.mouse.move(x, y, { steps: 4 })
  await page.mouse.up()
}

/** The same by a finger. */
export async function signByFinger(page: Page): Promise<void> {
  const [first, ...others] = await strokeOn(page)
  const cdp = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: { x: number; y: number }[]) =>
    cdp.send('Input.dispatchTouchEvent', { type, touchPoints })
  await touch('touchStart', first)
  for (const point of others) await touch('touchMove', point)
  await touch('touchEnd')
  await cdp.detach()
}

/** The shop's tablet, whose screen feels fingers, signed in as the counter is. */
export async function openTablet({ shop, context, faults }: Counter): Promise<Page> {
  const tablet = await context.browser()!.newContext({
    storageState: await context.storageState(),
    viewport: { width: 820, height: 1180 },
    hasTouch: true,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
  })
  tablet.setDefaultTimeout(60_000)
  const page = await tablet.newPage()
  page.on('pageerror', (error) => faults.push(error.message))
  await page.clock.setFixedTime(shop.clock.now())
  return page
}

/** A question of an evaluation, by its words. */
export const questionOf = (page: Page, words: string) => page.locator('[data-question]').filter({ hasText: words })

export const answerOf = (page: Page, words: string, name: string) =>
  questionOf(page, words).getByRole('button', { name: new RegExp(`${name}$`) })

/** Waits until the cursor is in a question. */
export const cursorAt = (page: Page, words: string) =>
  questionOf(page, words).and(page.locator(':focus-within')).waitFor()

/** All works and nothing is to be seen on it, by pressing. */
export async function answerAllFine(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'All the rest works' }).click()
  await answerOf(page, 'Account lock off', 'Yes').click()
  await page.getByRole('button', { name: 'The rest without marks' }).click()
}

/** The papers that came out; the browser's own dialog stays shut. */
export async function countPrints(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() =>
    Object.assign(window, { printed: 0, print: () => (window as unknown as { printed: number }).printed++ }),
  )
  return () => page.evaluate(() => (window as unknown as { printed: number }).printed)
}

/** The pace of somebody who reads what they answer, in ms: bare digits that come faster are a scan. */
export const READING = 320

/** Presses keys one by one, as people do, with a `pause` in ms after each, and counts them. */
export function keysOn(page: Page, pause = 0) {
  let count = 0
  return {
    press: async (...keys: string[]) => {
      for (const key of keys) {
        await page.keyboard.press(key, { delay: 60 })
        if (pause > 0) await page.waitForTimeout(pause)
        count++
      }
    },
    type: async (text: string) => {
      await page.keyboard.type(text, { delay: 60 })
      count += text.length
    },
    count: () => count,
  }
}
