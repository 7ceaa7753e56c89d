import type { Person } from '../../support/person.ts'

/** Who sends a request. */
export type Role = 'staff' | 'admin' | 'customer'
export type Callers = Record<Role, Person>

/**
 * One write of a day's work. `proof` is what the journal must hold under this act once it was acknowledged: a mark in the
 * text that was sent, or the id of the row; null for what is of this machine alone and leaves nothing there.
 */
export type Step = { as: Role; method: string; path: string; body?: object | FormData; proof: string | number | null }
/** Goes on with the parsed body of the answer that acknowledged its last step: each piece of work knows what it asked. */
export type Work = Generator<Step, void>

/** What stands ready for everybody. */
export type Stock = {
  model_id: number
  brand_id: number
  device_type_id: number
  category_id: number
  customer_id: number
  staff_id: number
  currency: string
}

type Marks = () => string
type Begin = (stock: Stock, mark: Marks) => Work

/** Pieces of work that together go through every kind of write but signing in, which has campaigns of its own. */
export const WORK: Record<string, Begin> = {
  *repair({ model_id, staff_id }, mark) {
    const named = mark()
    const customer = { full_name: named, phone: phoneOf(named) }
    const body = { customer, device: { model_id }, estimate_cents: 10_000 }
    const { order_id } = yield { as: 'staff', method: 'POST', path: '/counter/intakes', body, proof: named }
    const ticket = `/counter/tickets/${order_id}`
    const text = mark()
    yield { as: 'staff', method: 'POST', path: `${ticket}/messages`, body: { text }, proof: text }
    const note = mark()
    yield { as: 'staff', method: 'PATCH', path: ticket, body: { note }, proof: note }
    yield { as: 'staff', method: 'POST', path: `${ticket}/technicians`, body: { user_id: staff_id }, proof: staff_id }
    yield { as: 'staff', method: 'DELETE', path: `${ticket}/technicians/${staff_id}`, proof: staff_id }
    const reference = mark()
    const payment = { amount_cents: 1_000, method: 'Card', reference }
    const paid = yield { as: 'staff', method: 'POST', path: `${ticket}/payments`, body: payment, proof: reference }
    const reason = mark()
    const correction = { amount_cents: 900, reason }
    yield {
      as: 'staff',
      method: 'PATCH',
      path: `${ticket}/payments/${paid.payment.id}`,
      body: correction,
      proof: reason,
    }
    const bulk = { ids: [order_id], status: 'Repairing' }
    yield { as: 'staff', method: 'POST', path: '/counter/repairs/status', body: bulk, proof: order_id }
  },
  *orders({ brand_id, device_type_id, model_id, customer_id, staff_id }, mark) {
    const serial = mark()
    const device = { brand_id, device_type_id, model_id, owner_id: customer_id, serial_number: serial }
    const { id: device_id } = yield { as: 'staff', method: 'POST', path: '/v1/devices', body: device, proof: serial }
    const notes = mark()
    yield { as: 'staff', method: 'PATCH', path: `/v1/devices/${device_id}`, body: { notes }, proof: notes }
    const [first, changed] = [mark(), mark()]
    const order = { device_id, cost: '100.00', note: first }
    const { id } = yield { as: 'staff', method: 'POST', path: '/v1/orders', body: order, proof: first }
    yield { as: 'staff', method: 'PATCH', path: `/v1/orders/${id}`, body: { note: changed }, proof: changed }
    const assign = { order_id: id, user_id: staff_id }
    const { id: assign_id } = yield { as: 'staff', method: 'POST', path: '/v1/assigns', body: assign, proof: staff_id }
    yield { as: 'staff', method: 'DELETE', path: `/v1/assigns/${assign_id}`, proof: assign_id }
    yield { as: 'staff', method: 'POST', path: '/v1/orders/assign', body: assign, proof: staff_id }
    const [taken, mended] = [mark(), mark()]
    const money = { order_id: id, amount: '40.00', payment_method: 'Cash', transaction_id: taken }
    const payment = yield { as: 'staff', method: 'POST', path: '/v1/payments', body: money, proof: taken }
    const patch = { transaction_id: mended }
    yield { as: 'staff', method: 'PATCH', path: `/v1/payments/${payment.id}`, body: patch, proof: mended }
    yield { as: 'admin', method: 'DELETE', path: `/v1/payments/${payment.id}`, proof: payment.id }
    yield { as: 'admin', method: 'DELETE', path: `/v1/orders/${id}`, proof: id }
    yield { as: 'admin', method: 'DELETE', path: `/v1/devices/${device_id}`, proof: device_id }
  },
  *catalogue({ brand_id, device_type_id }, mark) {
    const [type, brand, model, problem] = [mark(), mark(), mark(), mark()]
    yield { as: 'staff', method: 'POST', path: '/v1/devices/types', body: { name: type }, proof: type }
    yield { as: 'staff', method: 'POST', path: '/v1/devices/brands', body: { name: brand }, proof: brand }
    const newModel = { brand_id, device_type_id, name: model }
    yield { as: 'staff', method: 'POST', path: '/v1/devices/models', body: newModel, proof: model }
    yield { as: 'staff', method: 'POST', path: '/v1/problems', body: { name: problem }, proof: problem }
  },
  *people(_stock, mark) {
    const [api, counter, renamed, again] = [mark(), mark(), mark(), mark()]
    const person = { phone: phoneOf(api), full_name: api, password: 'a long password' }
    const { id } = yield { as: 'admin', method: 'POST', path: '/v1/users', body: person, proof: api }
    yield { as: 'admin', method: 'PATCH', path: `/v1/users/${id}`, body: { full_name: renamed }, proof: renamed }
    yield { as: 'staff', method: 'PATCH', path: `/counter/customers/${id}`, body: { full_name: again }, proof: again }
    const apart = { different_people: true }
    yield { as: 'staff', method: 'PUT', path: `/counter/shared-phones/${id}`, body: apart, proof: id }
    yield { as: 'admin', method: 'DELETE', path: `/v1/users/${id}`, proof: id }
    const colleague = { full_name: counter, phone: phoneOf(counter), job: 'staff', password: 'a long password' }
    const added = yield { as: 'admin', method: 'POST', path: '/counter/people', body: colleague, proof: counter }
    const name = mark()
    yield { as: 'admin', method: 'PATCH', path: `/counter/people/${added.id}`, body: { full_name: name }, proof: name }
  },
  *registered(_stock, mark) {
    const named = mark()
    const account = { full_name: named, phone: phoneOf(named), password: 'a long password' }
    const { id } = yield { as: 'customer', method: 'POST', path: '/v1/auth/register', body: account, proof: named }
    yield { as: 'staff', method: 'POST', path: `/counter/customers/${id}/confirmation`, body: {}, proof: id }
  },
  *stock({ category_id }, mark) {
    const [name, renamed, received, counted, lost] = [mark(), mark(), mark(), mark(), mark()]
    const product = { category_id, brand: 'Apple', model: 'Kill', name, condition: 'A', price_cents: 5_000 }
    const { id } = yield { as: 'staff', method: 'POST', path: '/counter/products', body: product, proof: name }
    const at = `/counter/products/${id}`
    yield { as: 'staff', method: 'PATCH', path: at, body: { name: renamed }, proof: renamed }
    const receipt = { quantity: 5, note: received }
    yield { as: 'staff', method: 'POST', path: `${at}/stock/receipts`, body: receipt, proof: received }
    const count = { quantity: 4, note: counted }
    yield { as: 'staff', method: 'POST', path: `${at}/stock/counts`, body: count, proof: counted }
    const writeOff = { quantity: 1, note: lost }
    yield { as: 'staff', method: 'POST', path: `${at}/stock/write-offs`, body: writeOff, proof: lost }
    yield { as: 'admin', method: 'DELETE', path: at, proof: id }
  },
  *places(_stock, mark) {
    for (const files of ['categories', 'locations']) {
      const [name, renamed] = [mark(), mark()]
      const { id } = yield { as: 'admin', method: 'POST', path: `/counter/${files}`, body: { name }, proof: name }
      const at = `/counter/${files}/${id}`
      yield { as: 'admin', method: 'PATCH', path: at, body: { name: renamed }, proof: renamed }
      yield { as: 'admin', method: 'DELETE', path: at, proof: id }
    }
  },
  *prices({ brand_id }, mark) {
    const [model, name, renamed] = [mark(), mark(), mark()]
    const price = { brand_id, model, condition: 'A', price_cents: 10_000 }
    const made = yield { as: 'admin', method: 'POST', path: '/counter/trade-in-prices', body: price, proof: model }
    const at = `/counter/trade-in-prices/${made.id}`
    yield { as: 'admin', method: 'PATCH', path: at, body: { price_cents: 9_000 }, proof: made.id }
    yield { as: 'admin', method: 'DELETE', path: at, proof: made.id }
    const sheet = mark()
    const rows = [{ brand_id, model: sheet, storage: null, prices: { A: 10_000, B: 9_000 } }]
    yield { as: 'admin', method: 'PUT', path: '/counter/trade-in-prices', body: { rows }, proof: sheet }
    const deduction = { name, amount_cents: 500 }
    const path = '/counter/trade-in-deductions'
    const { id } = yield { as: 'admin', method: 'POST', path, body: deduction, proof: name }
    yield { as: 'admin', method: 'PATCH', path: `${path}/${id}`, body: { name: renamed }, proof: renamed }
    yield { as: 'admin', method: 'DELETE', path: `${path}/${id}`, proof: id }
  },
  *shopping({ category_id }, mark) {
    const [line, changed, notes, reference, name, delivery] = [mark(), mark(), mark(), mark(), mark(), mark()]
    const product = { category_id, brand: 'Apple', model: 'Kill', name, condition: 'A', price_cents: 1_000 }
    const { id: product_id } = yield {
      as: 'staff',
      method: 'POST',
      path: '/counter/products',
      body: product,
      proof: name,
    }
    const receipt = { quantity: 5, note: delivery }
    yield {
      as: 'staff',
      method: 'POST',
      path: `/counter/products/${product_id}/stock/receipts`,
      body: receipt,
      proof: delivery,
    }
    const home = { full_name: 'Kim', phone_number: '1', city: 'Here', state: '', postal_code: '', country: 'DE' }
    const address = { ...home, address_line1: line }
    const { id } = yield { as: 'customer', method: 'POST', path: '/api/addresses', body: address, proof: line }
    const at = `/api/addresses/${id}`
    yield { as: 'customer', method: 'PUT', path: at, body: { address_line1: changed }, proof: changed }
    yield { as: 'customer', method: 'DELETE', path: at, proof: id }
    const items = [{ id: product_id, price: 10, quantity: 1 }]
    const checkout = { items, paymentMethod: 'cod', shippingAddress: { line: notes } }
    const bought = yield { as: 'customer', method: 'POST', path: '/api/orders/checkout', body: checkout, proof: notes }
    const order_id: number = bought.order_id ?? bought.order?.id ?? bought.id
    const paid = { method: 'Card', reference }
    yield {
      as: 'staff',
      method: 'POST',
      path: `/counter/sales-orders/${order_id}/payments`,
      body: paid,
      proof: reference,
    }
    const [told, given] = [mark(), mark()]
    yield { as: 'admin', method: 'PUT', path: `/api/admin/orders/${order_id}`, body: { notes: told }, proof: told }
    yield { as: 'admin', method: 'DELETE', path: `/api/admin/orders/${order_id}`, proof: order_id }
    const again = { items, paymentMethod: 'cod', shippingAddress: { line: given } }
    const second = yield { as: 'customer', method: 'POST', path: '/api/orders/checkout', body: again, proof: given }
    const other: number = second.order_id ?? second.order?.id ?? second.id
    yield { as: 'staff', method: 'POST', path: `/counter/sales-orders/${other}/cancel`, proof: other }
  },
  *tradeIn(_stock, mark) {
    const [said, found, seen] = [mark(), mark(), mark()]
    const form = new FormData()
    const fields = { brand_name: 'Apple', model_text: 'iPhone', condition: 'A', additional_info: said }
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    form.set('address_json', '{"street":"Here"}')
    form.set('scheduled_at', '2030-01-01T10:00:00Z')
    const path = '/api/tradein/pickup-requests'
    const asked = yield { as: 'customer', method: 'POST', path, body: form, proof: said }
    const id: number = asked.pickup_id ?? asked.id
    const first = { final_offer: 100, status: 'evaluating', notes: found }
    yield { as: 'admin', method: 'PUT', path: `/api/admin/tradeins/${id}/evaluate`, body: first, proof: found }
    const second = { final_offer_cents: 9_000, status: 'offered', notes: seen }
    yield { as: 'staff', method: 'PUT', path: `/counter/trade-ins/${id}/evaluation`, body: second, proof: seen }
    yield { as: 'customer', method: 'POST', path: `${path}/${id}/respond`, body: { action: 'accept' }, proof: id }
    yield { as: 'admin', method: 'DELETE', path: `/api/admin/tradeins/${id}`, proof: id }
  },
  *buying({ brand_id, device_type_id, staff_id }, mark) {
    const [model, seller, source, reason, signed] = [mark(), mark(), mark(), mark(), mark()]
    const price = { brand_id, model, condition: 'A', price_cents: 10_000 }
    yield { as: 'admin', method: 'POST', path: '/counter/trade-in-prices', body: price, proof: model }
    const buyIns = '/counter/buy-ins'
    const begin = { serial_number: mark() }
    const draft = yield { as: 'staff', method: 'POST', path: buyIns, body: begin, proof: null }
    const at = `${buyIns}/${draft.id}`
    const device = { ...begin, device_type_id, brand: 'Fairphone', model, storage: null }
    const changes = { version: draft.version, device, answers: goodAnswers(draft) }
    yield { as: 'staff', method: 'PUT', path: at, body: changes, proof: null }
    const check = { kind: 'lost-stolen', result: 'pass', source }
    const looked = yield { as: 'staff', method: 'POST', path: `${at}/checks`, body: check, proof: source }
    const named = { version: looked.version, customer: { full_name: seller, phone: phoneOf(seller) } }
    const offer = yield { as: 'staff', method: 'POST', path: `${at}/seller`, body: named, proof: seller }
    const pickup = `/counter/trade-ins/${offer.pickup_id}`
    const again = yield { as: 'staff', method: 'POST', path: buyIns, body: { pickup_id: offer.pickup_id }, proof: null }
    const other_price = { price_cents: 9_000, reason, photo_id: null }
    const set = { version: again.version, device, other_price, answers: goodAnswers(again) }
    const changed = yield { as: 'admin', method: 'PUT', path: `${buyIns}/${again.id}`, body: set, proof: null }
    const made = yield {
      as: 'admin',
      method: 'POST',
      path: `${buyIns}/${again.id}/offer`,
      body: { version: changed.version },
      proof: reason,
    }
    const pickup_id: number = offer.pickup_id
    const time = { scheduled_at: 1_900_000_000_000 }
    yield { as: 'staff', method: 'PATCH', path: pickup, body: time, proof: pickup_id }
    const answer = { version: made.version, answer: 'accepted' }
    yield { as: 'staff', method: 'POST', path: `${pickup}/answer`, body: answer, proof: pickup_id }
    const purchase = {
      offer_version: made.version,
      identity: { kind: 'private', name: signed, document_kind: 'id', number: '1' },
      declaration: { language: 'en', words_version: 1, signature: 'M1 1L2 2' },
      payout: [{ method: 'cash', amount_cents: 9_000 }],
    }
    const bought = yield { as: 'staff', method: 'POST', path: `${pickup}/purchase`, body: purchase, proof: signed }
    const back = mark()
    const [early, noted] = [mark(), mark()]
    const release = `/counter/units/${bought.unit_id}/hold/release`
    yield { as: 'admin', method: 'POST', path: release, body: { reason: early }, proof: early }
    const undo = { reason: back }
    const papers = `/counter/purchases/${bought.id}`
    yield { as: 'staff', method: 'POST', path: `${papers}/prints`, body: { paper: 'purchase' }, proof: staff_id }
    yield { as: 'admin', method: 'POST', path: `${papers}/undo`, body: undo, proof: back }
    const task = { kind: 'offer-unanswered', about_entity: 'pickup_request', about_id: offer.pickup_id }
    const aside = { ...task, facts: String(made.version), put_aside: true, text: noted }
    yield { as: 'staff', method: 'POST', path: '/counter/tasks/notes', body: aside, proof: noted }
    const dropped = yield { as: 'staff', method: 'POST', path: buyIns, body: begin, proof: null }
    yield { as: 'staff', method: 'DELETE', path: `${buyIns}/${dropped.id}?version=${dropped.version}`, proof: null }
  },
  *questions(_stock, mark) {
    const path = '/counter/checklists'
    const [name, asked, changed] = [mark(), mark(), mark()]
    const type = yield { as: 'staff', method: 'POST', path: '/v1/devices/types', body: { name }, proof: name }
    yield { as: 'admin', method: 'POST', path: `${path}/starter`, proof: null }
    const list = yield { as: 'admin', method: 'POST', path, body: { device_type_id: type.id }, proof: null }
    const text = (en: string) => ({ text: { en } })
    const question = { section: 'function', part: null, answers: 'text', must: false, options: [], ...text(asked) }
    const add = `${path}/${list.id}/questions`
    const { id } = yield { as: 'admin', method: 'POST', path: add, body: question, proof: asked }
    const at = `/counter/questions/${id}`
    yield { as: 'admin', method: 'PATCH', path: at, body: text(changed), proof: changed }
    const before = list.questions.map((other: { id: number }) => other.id)
    const ids = { ids: [id, ...before] }
    yield { as: 'admin', method: 'PUT', path: `${path}/${list.id}/order`, body: ids, proof: id }
    yield { as: 'admin', method: 'DELETE', path: at, proof: id }
  },
  *rules() {
    const phone = { hold_days: 7, seller_fields: ['document_kind', 'number'] }
    yield { as: 'admin', method: 'PATCH', path: '/counter/shop/rules', body: phone, proof: null }
  },
  *settings({ currency }, mark) {
    const terms = mark()
    const shop = { name: 'Killed', currency, time_zone: 'Europe/Berlin', tax_mode: 'none', terms }
    yield { as: 'admin', method: 'PUT', path: '/counter/shop', body: shop, proof: terms }
  },
}

/** A phone number that nobody else has: the digits of a mark. */
export const phoneOf = (mark: string) => `01${mark.replaceAll(/\D/g, '').padStart(12, '0')}`

/** What says that nothing is wrong with a device. */
export const goodAnswers = ({ questions }: { questions: { id: number; options: { key: string }[] }[] }) =>
  questions.map(({ id, options }) => ({ item_id: id, choice: options[0]!.key }))
