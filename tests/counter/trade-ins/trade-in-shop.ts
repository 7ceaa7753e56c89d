import { formOf } from '../../api/pictures.ts'
import { openCounter } from '../counter-shop.ts'
import { PASSWORD } from '../../support/shop.ts'
import type { CallOptions, ShopOptions } from '../../support/shop.ts'

/** A valid IMEI that nobody has. */
export const IMEI = '490154203237518'

/**
 * A counter that asks three questions of phones and has a price for an iPhone 13 of 128 GB: 240.00 as A, 190.00 as B; a broken
 * port takes 25.00 off.
 */
export async function openTradeIns(options?: ShopOptions) {
  const shop = await openCounter(options)
  const asAdmin = { as: shop.admin }
  const admin = async (method: string, path: string, body?: unknown) => {
    const reply = await shop.counter(method, path, body, asAdmin)
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.text}`)
    return reply.body
  }
  for (const [condition, price_cents] of [
    ['A', 24_000],
    ['B', 19_000],
  ])
    await admin('POST', '/trade-in-prices', {
      brand_id: shop.kind.brand_id,
      model: 'iPhone 13',
      storage: '128GB',
      condition,
      price_cents,
    })
  const port = await admin('POST', '/trade-in-deductions', { name: 'Charging port', amount_cents: 2_500 })
  const { id: list } = await admin('POST', '/checklists', {})
  const ask = async (fields: object): Promise<number> =>
    (
      await admin('POST', `/checklists/${list}/questions`, {
        section: 'function',
        part: null,
        answers: 'yes-no',
        must: true,
        ...fields,
      })
    ).id
  const option = (key: string, effect: object = {}) => ({
    key,
    text: { en: key },
    grade: null,
    deduction_id: null,
    blocks: false,
    below: null,
    conditions: [],
    ...effect,
  })
  const questions = {
    lock: await ask({ text: { en: 'Account lock off' }, options: [option('yes'), option('no', { blocks: true })] }),
    port: await ask({
      text: { en: 'Charging port' },
      options: [option('yes'), option('no', { deduction_id: port.id })],
    }),
    screen: await ask({
      section: 'cosmetic',
      part: 'screen',
      text: { en: 'Screen' },
      answers: 'levels',
      options: [option('none', { conditions: ['ok'] }), option('near', { grade: 'B', conditions: ['worn'] })],
    }),
  }
  const device = {
    serial_number: IMEI,
    device_type_id: shop.kind.device_type_id,
    brand: 'Apple',
    model: 'iPhone 13',
    storage: '128GB',
  }
  const answers = (lock: string, charging: string, screen: string) => [
    { item_id: questions.lock, choice: lock },
    { item_id: questions.port, choice: charging },
    { item_id: questions.screen, choice: screen },
  ]
  /** Begins an evaluation and answers it; returns the last reply. */
  const evaluated = async (from: object = {}, given = answers('yes', 'yes', 'near'), options?: CallOptions) => {
    const begun = (await shop.counter('POST', '/buy-ins', { serial_number: IMEI, ...from }, options)).body
    const changes = { version: begun.version, device: { ...device, ...withoutId(begun.device) }, answers: given }
    const reply = await shop.counter('PUT', `/buy-ins/${begun.id}`, changes, options)
    if (reply.status !== 200) throw new Error(reply.text)
    return reply.body
  }
  const withoutId = ({ serial_number }: { serial_number: string | null }) => ({
    serial_number: serial_number ?? device.serial_number,
  })
  /** A walk-in whose device is evaluated and offered for; returns the request and the version of its offer. */
  const offered = async (from: object = {}): Promise<{ pickup_id: number; version: number }> => {
    const { id, version } = await evaluated(from)
    const body = { version, customer: { full_name: 'Sam Seller', phone: '0170 777' } }
    const reply = await shop.counter('POST', `/buy-ins/${id}/seller`, body)
    if (reply.status !== 201) throw new Error(reply.text)
    return reply.body
  }
  const purchase = (offer_version: number, fields: object = {}) => ({
    offer_version,
    identity: { kind: 'private', name: 'Sam Seller', document_kind: 'id-card', number: 'L01X00T47' },
    declaration: { language: 'en', words_version: 1, signature: 'M1 1L2 2' },
    payout: [{ method: 'cash', amount_cents: 19_000 }],
    selling_price_cents: 29_900,
    ...fields,
  })
  return {
    ...shop,
    asAdmin,
    byAdmin: admin,
    /** By whom another price or a high payout is approved. */
    approval: { user_id: shop.admin.id, password: PASSWORD },
    questions,
    device,
    answers,
    evaluated,
    offered,
    purchase,
    buy: (pickup_id: number, body: object, options?: CallOptions) =>
      shop.counter('POST', `/trade-ins/${pickup_id}/purchase`, body, options),
    /** A request of the customer's through the documented API; returns its id. */
    requested: async (): Promise<number> => {
      const body = formOf({ brand_name: 'Apple', model_text: 'iPhone 13', storage: '128GB', condition: 'B' })
      return (await shop.call('POST', '/api/tradein/pickup-requests', { as: shop.customer, body })).body.id
    },
  }
}
