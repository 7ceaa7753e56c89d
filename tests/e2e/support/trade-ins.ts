import type { Page } from 'playwright-core'
import { formOf, jpeg } from '../../api/pictures.ts'
import { PASSWORD, type Person, type Shop } from '../../support/shop.ts'

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

/** A line across the pad, as a finger draws it. */
export async function sign(page: Page): Promise<void> {
  const pad = page.getByRole('img', { name: 'Signature of the seller' })
  await pad.scrollIntoViewIfNeeded()
  const box = (await pad.boundingBox())!
  const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const
  await page.mouse.move(...at(0.2, 0.7))
  await page.mouse.down()
  await page.mouse.move(...at(0.35, 0.3), { steps: 4 })
  await page.mouse.move(...at(0.5, 0.75), { steps: 4 })
  await page.mouse.move(...at(0.8, 0.4), { steps: 4 })
  await page.mouse.up()
}

/** The papers that came out; the browser's own dialog stays shut. */
export async function countPrints(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() =>
    Object.assign(window, { printed: 0, print: () => (window as unknown as { printed: number }).printed++ }),
  )
  return () => page.evaluate(() => (window as unknown as { printed: number }).printed)
}

/** Presses keys one by one, as people do, and counts them. */
export function keysOn(page: Page) {
  let count = 0
  return {
    press: async (...keys: string[]) => {
      for (const key of keys) {
        await page.keyboard.press(key, { delay: 60 })
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
