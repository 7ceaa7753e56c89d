import { formOf, jpeg } from '../../../api/pictures.ts'
import type { marks } from '../../../campaigns/kills/acts.ts'
import { goodAnswers, phoneOf, type Step, type Stock } from '../../../campaigns/kills/work.ts'
import { PASSWORD, type Reply, type ShopClock } from '../../../support/shop.ts'
import { signed, type StandIn } from '../../../support/stripe-stand-in.ts'

/**
 * What the campaign of kills leaves to others: passwords, PINs, codes, photos, cards, carts, the clock and the machines of a fleet. Of
 * much of it a trace stands in rows that others hear of.
 */

/** A step whose caller may be somebody else than those who stand ready: by a token or a browser's cookie, or nobody. */
export type AnyStep = Omit<Step, 'as' | 'proof' | 'body'> & {
  as?: Step['as']
  token?: string
  headers?: Record<string, string>
  body?: object | string | FormData
  proof?: Step['proof']
}

/** Where it is done: `act` does a step there and answers with the reply. */
export type Here = {
  act(step: AnyStep): Promise<Reply>
  stock: Stock
  mark: ReturnType<typeof marks>
  clock: ShopClock
  stripe: StandIn
  /** A machine that has never been there. */
  spare: number
}

const HOUR = 3_600_000

type Piece = (here: Here) => Promise<void>
type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'GET'

const cookieOf = (reply: Reply) => ({ cookie: reply.headers.get('set-cookie')!.split(';')[0]! })

/** A picture that nobody else has. */
const picture = (mark: string) =>
  jpeg(48, 36, `#${(Number(mark.replaceAll(/\D/g, '')) % 0xfffff).toString(16).padStart(6, '0')}`)

const photos = async (mark: string, field?: string) => formOf({}, [[`${mark}jpg`, await picture(mark)]], field)

export const MORE: Record<string, Piece> = {
  peopleAndPins: async ({ act, mark }) => {
    const named = mark()
    const as = (as: 'admin' | 'staff', method: Method, path: string, body?: object) =>
      act({ as, method, path, ...(body && { body }) })
    const colleague = { full_name: named, phone: phoneOf(named), job: 'staff', password: PASSWORD }
    const { id } = (await as('admin', 'POST', '/counter/people', colleague)).body
    await as('admin', 'PUT', `/counter/people/${id}/pin`, { pin: '7392' })
    await as('admin', 'DELETE', `/counter/people/${id}/pin`)
    const session = { login: colleague.phone, password: PASSWORD }
    let headers = cookieOf(await act({ method: 'POST', path: '/counter/session', body: session }))
    const mine = (method: Method, path: string, body?: object) =>
      act({ headers, method, path: `/counter/session${path}`, ...(body && { body }) })
    await mine('POST', '/pin', { pin: '8264', password: PASSWORD })
    await mine('POST', '/lock')
    headers = cookieOf(await mine('POST', '/switch', { user_id: id, pin: '8264' }))
    headers = cookieOf(await mine('POST', '/person', { user_id: id, password: PASSWORD }))
    await mine('POST', '/password', { password: PASSWORD, new_password: 'another long one' })
    await mine('DELETE', '')
    await as('admin', 'POST', `/counter/people/${id}/password`, { password: 'a third long one' })
    await as('admin', 'PATCH', `/counter/people/${id}`, { is_active: false })
  },
  accounts: async ({ act, mark }) => {
    const [shop, web] = [mark(), mark()]
    const account = { full_name: shop, phone: phoneOf(shop), password: PASSWORD }
    await act({ method: 'POST', path: '/v1/auth/register', body: account, proof: shop })
    const login = { phone: account.phone, password: PASSWORD }
    const { refresh_token } = (await act({ method: 'POST', path: '/v1/auth/login', body: login })).body.tokens
    await act({ method: 'POST', path: '/v1/auth/logout', body: { refresh_token } })
    const email = `${web.replaceAll('.', '')}@example.com`
    await act({ method: 'POST', path: '/api/auth/register', body: { email, password: PASSWORD } })
    const body = new URLSearchParams({ username: email, password: PASSWORD }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    await act({ method: 'POST', path: '/api/auth/token', headers, body })
  },
  codes: async ({ act, mark, stock }) => {
    const named = mark()
    const customer = { full_name: named, phone: phoneOf(named) }
    const body = { customer, device: { model_id: stock.model_id }, estimate_cents: 10_000, passcode: '1379' }
    const intake = (await act({ as: 'staff', method: 'POST', path: '/counter/intakes', body, proof: named })).body
    const ticket = `/counter/tickets/${intake.order_id}`
    await act({ as: 'staff', method: 'POST', path: `${ticket}/passcode` })
    await act({ as: 'staff', method: 'POST', path: `${ticket}/claim-code` })
    const { customer: of } = (await act({ as: 'staff', method: 'PATCH', path: ticket, body: { note: named } })).body
    const { code } = (await act({ as: 'staff', method: 'POST', path: `/counter/customers/${of.id}/claim-code` })).body
    await act({ method: 'POST', path: '/counter/claim', body: { code, password: PASSWORD } })
    await act({ as: 'customer', method: 'GET', path: '/counter/account' })
    await act({ as: 'customer', method: 'GET', path: '/api/tradein/pickup-requests/me' })
  },
  photos: async ({ act, mark, stock }) => {
    const named = mark()
    const body = {
      customer: { full_name: named, phone: phoneOf(named) },
      device: { model_id: stock.model_id },
      estimate_cents: 10_000,
    }
    const { order_id } = (await act({ as: 'staff', method: 'POST', path: '/counter/intakes', body, proof: named })).body
    const ticket = `/counter/tickets/${order_id}/photos`
    const first = await act({ as: 'staff', method: 'POST', path: ticket, body: await photos(mark()) })
    await act({ as: 'staff', method: 'POST', path: ticket, body: await photos(mark()) })
    await act({ as: 'staff', method: 'DELETE', path: `${ticket}/${first.body.photos[0].id}` })
    const name = mark()
    const product = {
      category_id: stock.category_id,
      brand: 'Apple',
      model: 'Kill',
      name,
      condition: 'A',
      price_cents: 900,
    }
    const { id } = (await act({ as: 'staff', method: 'POST', path: '/counter/products', body: product, proof: name }))
      .body
    const shelf = `/counter/products/${id}/photo`
    await act({ as: 'staff', method: 'PUT', path: shelf, body: await photos(mark(), 'photo') })
    await act({ as: 'staff', method: 'PUT', path: shelf, body: await photos(mark(), 'photo') })
    await act({ as: 'staff', method: 'DELETE', path: shelf })
    await act({ as: 'staff', method: 'PUT', path: shelf, body: await photos(mark(), 'photo') })
    const offered = { brand_name: 'Apple', model_text: 'iPhone', condition: 'A' }
    const form = formOf(offered, [['front.jpg', await picture(mark())]])
    await act({ as: 'customer', method: 'POST', path: '/api/tradein/pickup-requests', body: form })
  },
  buyingWithPhotos: async ({ act, mark, stock }) => {
    const [model, seller, signed] = [mark(), mark(), mark()]
    const { brand_id, device_type_id } = stock
    const price = { brand_id, model, condition: 'A', price_cents: 8_000 }
    await act({ as: 'admin', method: 'POST', path: '/counter/trade-in-prices', body: price })
    const begin = { serial_number: mark() }
    const draft = (await act({ as: 'staff', method: 'POST', path: '/counter/buy-ins', body: begin })).body
    const at = `/counter/buy-ins/${draft.id}`
    const taken = (await act({ as: 'staff', method: 'POST', path: `${at}/photos`, body: await photos(mark()) })).body
    await act({ as: 'staff', method: 'DELETE', path: `${at}/photos/${taken.photos[0].id}` })
    await act({ as: 'staff', method: 'POST', path: `${at}/photos`, body: await photos(mark()) })
    const device = { ...begin, device_type_id, brand: 'Fairphone', model, storage: null }
    const changes = { version: draft.version, device, answers: goodAnswers(draft) }
    const { version } = (await act({ as: 'staff', method: 'PUT', path: at, body: changes })).body
    const who = { version, customer: { full_name: seller, phone: phoneOf(seller) } }
    const offer = (await act({ as: 'staff', method: 'POST', path: `${at}/seller`, body: who, proof: seller })).body
    const pickup = `/counter/trade-ins/${offer.pickup_id}`
    // One of them no purchase names.
    await act({ as: 'staff', method: 'POST', path: `${pickup}/identity-photos`, body: await photos(mark()) })
    const card = await act({
      as: 'staff',
      method: 'POST',
      path: `${pickup}/identity-photos`,
      body: await photos(mark()),
    })
    const purchase = {
      offer_version: offer.version,
      identity: { kind: 'private', name: signed, document_kind: 'id', number: '1', photo: card.body.photo },
      declaration: { language: 'en', words_version: 1, signature: 'M1 1L2 2' },
      payout: [{ method: 'cash', amount_cents: 8_000 }],
      selling_price_cents: 12_000,
    }
    const bought = await act({ as: 'staff', method: 'POST', path: `${pickup}/purchase`, body: purchase, proof: signed })
    const papers = `/counter/purchases/${bought.body.id}`
    await act({ as: 'staff', method: 'GET', path: papers })
    await act({ as: 'staff', method: 'GET', path: `${papers}/photo` })
  },
  cards: async ({ act, mark, stock, stripe, clock }) => {
    const name = mark()
    const product = {
      category_id: stock.category_id,
      brand: 'Apple',
      model: 'Kill',
      name,
      condition: 'A',
      price_cents: 5_000,
    }
    const { id } = (await act({ as: 'staff', method: 'POST', path: '/counter/products', body: product, proof: name }))
      .body
    await act({ as: 'staff', method: 'POST', path: `/counter/products/${id}/stock/receipts`, body: { quantity: 9 } })
    const cart = '/api/cart'
    await act({ as: 'customer', method: 'GET', path: cart })
    await act({ as: 'customer', method: 'POST', path: `${cart}/items`, body: { product_id: id } })
    await act({ as: 'customer', method: 'PUT', path: `${cart}/items/${id}`, body: { qty: 2 } })
    await act({ as: 'customer', method: 'DELETE', path: `${cart}/items/${id}` })
    await act({ as: 'customer', method: 'POST', path: `${cart}/items`, body: { product_id: id } })
    const tell = async (from: number) => {
      for (const event of stripe.events.slice(from))
        await act({ method: 'POST', path: '/api/orders/stripe-webhook', ...signed(event, clock.now()) })
    }
    const order = async (path: string, body: object) => {
      const { order_id, client_secret } = (await act({ as: 'customer', method: 'POST', path, body })).body
      return { order_id: order_id as number, intent: client_secret.split('_secret_')[0] as string }
    }
    const pays = async ({ intent }: { intent: string }) => {
      const from = stripe.events.length
      stripe.confirm(intent, 'good')
      await tell(from)
    }
    const items = [{ id, price: 50, quantity: 1 }]
    const paid = await order('/api/orders/checkout', { items, paymentMethod: 'card' })
    await pays(paid)
    const from = stripe.events.length
    const refunds = `/counter/sales-orders/${paid.order_id}/refunds`
    await act({ as: 'staff', method: 'POST', path: refunds, body: { amount_cents: 1_000, reason: 'A scratch' } })
    stripe.openDispute(paid.intent)
    await tell(from)
    // Cancelled before its money comes: that goes back in cash.
    await act({ as: 'customer', method: 'POST', path: `${cart}/items`, body: { product_id: id } })
    const late = await order('/api/orders', {})
    const given = `/api/admin/orders/${late.order_id}`
    await act({ as: 'admin', method: 'PUT', path: given, body: { status: 'cancelled' } })
    await pays(late)
    const elsewhere = `/counter/sales-orders/${late.order_id}/refunds/elsewhere`
    await act({ as: 'staff', method: 'POST', path: elsewhere, body: { reason: 'In cash' } })
    // One that nobody comes to pay.
    const left = { items, paymentMethod: 'cod' }
    await act({ as: 'customer', method: 'POST', path: '/api/orders/checkout', body: left })
  },
  machine: async ({ act }) => {
    await act({ as: 'admin', method: 'PUT', path: '/counter/sharing', body: { network: null } })
  },
  fleet: async ({ act, mark, spare }) => {
    const store = { code: 'S9', name: mark() }
    const place = { terminal: 'T1', name: 'A new counter' }
    const { store_id } = (
      await act({ as: 'admin', method: 'POST', path: '/counter/fleet/codes', body: { ...place, store } })
    ).body
    const back = { store_id, terminal: 'T1' }
    await act({ as: 'admin', method: 'POST', path: '/counter/fleet/codes/withdrawal', body: back })
    const node = `/counter/fleet/nodes/${spare}`
    await act({ as: 'admin', method: 'POST', path: `${node}/revocation`, body: {} })
    await act({ as: 'admin', method: 'PUT', path: `${node}/heir`, body: { heir_id: 0 } })
  },
  clock: async ({ act, clock }) => {
    // At the end, for it takes sessions away. Two hours back: the last write contradicts the clock until somebody confirms it.
    clock.jump(-2 * HOUR)
    await act({ as: 'staff', method: 'POST', path: '/counter/clock', body: { says: clock.now() + 1_000 } })
    clock.jump(2 * HOUR)
  },
}
