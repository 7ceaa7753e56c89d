// A store front as static hosts serve it: no framework, the store API at another origin, a bearer token in memory.

const API = new URLSearchParams(location.search).get('api')
const TAX = 0.12

let token = null
/** As the page shows them; checkout sends them as they are. */
let shown = []
let cart = []
let secret = null

const byId = (id) => document.getElementById(id)
const say = (text) => (byId('message').textContent = text)
const money = (amount) => amount.toFixed(2)

async function call(method, path, body) {
  const isForm = body instanceof FormData || body instanceof URLSearchParams
  const reply = await fetch(API + path, {
    method,
    headers: {
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(body && !isForm && { 'Content-Type': 'application/json' }),
    },
    body: body && !isForm ? JSON.stringify(body) : body,
  })
  const isJson = reply.headers.get('content-type')?.includes('application/json')
  const answer = isJson ? await reply.json() : await reply.text()
  if (!reply.ok) throw new Error(answer.error ?? wordsOf(answer.detail))
  return { answer, total: reply.headers.get('x-total-count') }
}

const wordsOf = (detail) =>
  Array.isArray(detail) ? detail.map(({ loc, msg }) => `${loc.at(-1)}: ${msg}`).join('; ') : detail

/** Runs what a button asks for; a refusal is shown to whoever pressed it. */
const on = (element, event, run) =>
  element.addEventListener(event, (happened) => {
    happened.preventDefault()
    say('')
    run(happened).catch((error) => say(error.message))
  })

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

const button = (text, run) => {
  const made = element('button', { type: 'button' }, text)
  on(made, 'click', run)
  return made
}

const fieldsOf = (form) => Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''))

// Who

on(byId('account'), 'submit', async ({ submitter }) => {
  const { email, password } = fieldsOf(byId('account'))
  if (submitter.name === 'register') {
    token = (await call('POST', '/api/auth/register', { email, password, role: 'admin' })).answer.token
  } else {
    const form = new URLSearchParams({ grant_type: 'password', username: email, password })
    token = (await call('POST', '/api/auth/token', form)).answer.access_token
  }
  const me = (await call('GET', '/api/auth/me')).answer
  byId('who').textContent = `${me.email} (${me.role})`
  byId('admin').hidden = me.role !== 'admin'
  await showCart()
})

// What there is

on(byId('filter'), 'submit', async ({ submitter }) => {
  if (submitter.name === 'deals') return list((await call('GET', '/api/products/deals?min_discount=10&limit=5')).answer)
  const fields = new URLSearchParams(fieldsOf(byId('filter')))
  const { answer, total } = await call('GET', `/api/products${fields.has('q') ? '/search' : '/'}?${fields}`)
  list(answer)
  say(`${total} found`)
})

function list(products) {
  shown = products
  byId('products').replaceChildren(
    ...products.map((product) =>
      element(
        'li',
        {},
        element('img', { src: product.image, alt: product.name }),
        ` ${product.name} · ${product.condition} · ${money(product.price)} `,
        product.voucher_label ?? '',
        button(`Add ${product.name}`, () => add(product)),
      ),
    ),
  )
}

async function add(product) {
  await call('POST', '/api/cart/items', { product_id: product.id, qty: 1 })
  await showCart()
}

// Cart and checkout

async function showCart() {
  const { items, subtotal } = (await call('GET', '/api/cart/')).answer
  cart = items.map((item) => ({ ...shown.find(({ id }) => id === item.product_id), ...item, id: item.product_id }))
  byId('cart').replaceChildren(
    ...items.map(({ product_id, title, qty, line_total }) =>
      element(
        'li',
        {},
        `${qty} × ${title}: ${money(line_total)} `,
        button(`Less ${title}`, async () => {
          await call('PUT', `/api/cart/items/${product_id}`, { qty: qty - 1 })
          await showCart()
        }),
      ),
    ),
  )
  byId('subtotal').textContent = `Subtotal ${money(subtotal)}`
}

async function checkout(paymentMethod) {
  const items = cart.map((item) => ({ ...item, quantity: item.qty, price: item.price ?? item.unit_price }))
  const sum = items.reduce((total, { price, quantity }) => total + price * quantity, 0)
  const { answer } = await call('POST', '/api/orders/checkout', {
    items,
    total: sum * (1 + TAX),
    shipping: 0,
    paymentMethod,
    shippingAddress: { full_name: 'Nora Fields', address_line1: '1 Quay', city: 'Vancouver' },
    timestamp: new Date().toISOString(),
  })
  secret = answer.client_secret ?? null
  byId('card').hidden = secret === null
  await showCart()
  say(`Order ${answer.orderId} is placed`)
}

on(byId('pay-card'), 'click', () => checkout('card'))
on(byId('pay-cod'), 'click', () => checkout('cod'))

/** What Stripe's own script does: the card goes to Stripe with the secret of the payment, and nowhere else. */
on(byId('card'), 'submit', async () => {
  const { number } = fieldsOf(byId('card'))
  const reply = await fetch('/stripe/confirm', { method: 'POST', body: JSON.stringify({ secret, number }) })
  const { status, error } = await reply.json()
  if (error) throw new Error(error)
  byId('card').hidden = true
  say(`The payment has ${status}`)
})

on(byId('see-orders'), 'click', async () => {
  const { answer } = await call('GET', '/api/orders/me')
  byId('orders').replaceChildren(
    ...answer.map(({ id, status, total, items, payment }) => {
      const of = items.map(({ qty, title }) => `${qty} × ${title}`).join(', ')
      return element('li', {}, `Order ${id}: ${of}, ${money(total)}, ${status}, card ${payment?.status ?? 'none'}`)
    }),
  )
})

// Trade-in

on(byId('device'), 'submit', async ({ submitter }) => {
  const { brand, info, street, ...device } = fieldsOf(byId('device'))
  const { model, storage, condition } = device
  if (submitter.name === 'estimate') {
    const { data } = (await call('POST', '/api/tradein/estimate', { brand, model, storage, condition })).answer
    byId('estimate').textContent =
      `We pay ${money(data.estimated_price)}, less ${money(data.service_fee)}: ${money(data.net_amount)}`
    byId('estimate').dataset.price = data.estimated_price
    return
  }
  const form = new FormData()
  const fields = { brand_name: brand, model_text: model, storage, condition, additional_info: info }
  for (const [name, value] of Object.entries(fields)) if (value) form.append(name, value)
  form.append('address_json', JSON.stringify({ street }))
  form.append('estimated_price', byId('estimate').dataset.price ?? '')
  for (const photo of byId('device').elements.photos.files) form.append('photos', photo)
  const { id } = (await call('POST', '/api/tradein/pickup-requests', form)).answer
  say(`Request ${id} is with the shop`)
})

const photosOf = ({ photos, model_text }) =>
  photos.map((path) => element('img', { src: API + path, alt: `Photo of ${model_text}` }))

async function showMine() {
  const { answer } = await call('GET', '/api/tradein/pickup-requests/me/')
  byId('mine').replaceChildren(
    ...answer.map((pickup) => {
      const { brand_name, model_text, status, evaluation, estimated_price, address_json } = pickup
      const offer = evaluation ? `, our offer ${money(evaluation.final_offer)}: ${evaluation.notes}` : ''
      const answers = status === 'offered' ? ['accept', 'reject'] : []
      return element(
        'li',
        {},
        ...photosOf(pickup),
        `${brand_name} ${model_text}, ${status}${offer} · about ${money(estimated_price)}, fetched at ${address_json.street}`,
        ...answers.map((action) =>
          button(action, async () => {
            await call('POST', `/api/tradein/pickup-requests/${pickup.id}/respond`, { action })
            await showMine()
          }),
        ),
      )
    }),
  )
}
on(byId('see-mine'), 'click', showMine)

// Administration

async function showTradeIns() {
  const { answer } = await call('GET', '/api/admin/tradeins')
  byId('trade-ins').replaceChildren(
    ...answer.map(({ pickup, user }) => {
      const offer = element('input', { inputMode: 'decimal', ariaLabel: `Offer for ${pickup.model_text}` })
      const send = async () => {
        const found = { status: 'offer_sent', notes: 'Small dent', diagnostics: { battery_health: 88 } }
        await call('PUT', `/api/admin/tradeins/${pickup.id}/evaluate`, { final_offer: Number(offer.value), ...found })
        await showTradeIns()
      }
      const words = ` ${user.email}: ${pickup.model_text}, ${pickup.status} `
      return element('li', {}, ...photosOf(pickup), words, offer, button('Send the offer', send))
    }),
  )
}
on(byId('see-trade-ins'), 'click', showTradeIns)

// What the forms offer

const [categories, locations, brands] = await Promise.all(
  ['/api/categories', '/api/locations', '/api/tradein/brands'].map(async (path) => (await call('GET', path)).answer),
)
const offerIn = (form, name, words) =>
  byId(form).elements[name].append(...['', ...words].map((word) => element('option', {}, word)))
byId('icons').replaceChildren(...categories.map(({ icon, name }) => element('li', {}, `${icon} ${name}`)))
offerIn(
  'filter',
  'category',
  categories.map(({ name }) => name),
)
offerIn(
  'filter',
  'city',
  locations.map(({ name }) => name),
)
offerIn(
  'device',
  'brand',
  brands.map(({ name }) => name),
)
