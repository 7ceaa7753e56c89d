import { expect, test } from 'vitest'
import { endpoints } from '../../server/app.ts'
import { ANONYMOUS, openCounter, PERSON_KINDS } from './counter-shop.ts'

const EVERYONE = ['anonymous', 'customer', 'staff', 'evaluator', 'admin']
const STAFF = ['staff', 'evaluator', 'admin']
const DESK = ['staff', 'admin']
const ADMIN = ['admin']

/** Who gets further than a 401 or 403; what they then find is not asked here. */
const TABLE: Record<string, string[]> = {
  'GET /setup': EVERYONE,
  'POST /setup': [],
  'GET /setup/joining': EVERYONE,
  'POST /setup/joining': [],
  'GET /shop': ['admin'],
  'PUT /shop': ['admin'],
  'GET /sharing': ADMIN,
  'PUT /sharing': ADMIN,
  'DELETE /sharing/connected/:session': ADMIN,
  'GET /fleet': ADMIN,
  'GET /fleet/stores': ADMIN,
  'POST /fleet/codes': ADMIN,
  'POST /fleet/codes/withdrawal': ADMIN,
  'POST /fleet/nodes/:id/revocation': ADMIN,
  'PUT /fleet/nodes/:id/heir': ADMIN,
  'GET /check': STAFF,
  'GET /line': STAFF,
  'GET /line/waiting': STAFF,
  'POST /line/attempts': STAFF,
  'GET /line/differences': DESK,
  'POST /line/differences/taking': ADMIN,
  'POST /line/differences/sending': ADMIN,
  'GET /aside': DESK,
  'GET /aside/counts': DESK,
  'GET /aside/instead': ADMIN,
  'POST /aside/:origin/:epoch/:tx/attempts': DESK,
  'POST /aside/:origin/:epoch/:tx/acceptance': ADMIN,
  'POST /aside/:origin/:epoch/:tx/rejection': ADMIN,
  'GET /aside/conflicts': DESK,
  'POST /aside/conflicts/keeping': DESK,
  'POST /aside/conflicts/restoring': DESK,
  'GET /aside/duplicates': DESK,
  'POST /aside/duplicates': DESK,
  'GET /people': ['admin'],
  'GET /people/reaches': ['admin'],
  'POST /people': ['admin'],
  'PATCH /people/:id': ['admin'],
  'PUT /people/:id/pin': ['admin'],
  'DELETE /people/:id/pin': ['admin'],
  'POST /people/:id/password': ['admin'],
  'POST /session/password': STAFF,
  'GET /session': EVERYONE,
  'POST /session': EVERYONE,
  'DELETE /session': EVERYONE,
  'POST /session/lock': STAFF,
  'POST /session/switch': STAFF,
  'POST /session/person': STAFF,
  'POST /session/pin': STAFF,
  'GET /session/offered-pin': STAFF,
  'GET /staff': STAFF,
  'GET /clock': EVERYONE,
  'POST /clock': STAFF,
  'GET /search': STAFF,
  'GET /customers': STAFF,
  'GET /customers/:id': STAFF,
  'GET /shared-phones': DESK,
  'PUT /shared-phones/:id': DESK,
  'PATCH /customers/:id': DESK,
  'POST /customers/:id/claim-code': DESK,
  'POST /customers/:id/confirmation': DESK,
  'GET /devices': STAFF,
  'GET /devices/:id': STAFF,
  'GET /devices/:id/timeline': STAFF,
  'GET /catalogue': STAFF,
  'GET /models': STAFF,
  'POST /intakes': DESK,
  'GET /repairs': STAFF,
  'POST /repairs/status': DESK,
  'GET /board': STAFF,
  'GET /repairs/count': STAFF,
  'GET /repairs/counts': STAFF,
  'GET /today': STAFF,
  'GET /tasks': DESK,
  'POST /tasks/notes': DESK,
  'GET /tickets/:id': STAFF,
  'PATCH /tickets/:id': DESK,
  'POST /tickets/:id/messages': DESK,
  'POST /tickets/:id/technicians': DESK,
  'DELETE /tickets/:id/technicians/:user_id': DESK,
  'POST /tickets/:id/payments': DESK,
  'PATCH /tickets/:id/payments/:payment_id': DESK,
  'POST /tickets/:id/passcode': DESK,
  'POST /tickets/:id/claim-code': DESK,
  'POST /tickets/:id/photos': DESK,
  'GET /tickets/:id/photos/:photo_id': STAFF,
  'DELETE /tickets/:id/photos/:photo_id': DESK,
  'POST /claim': EVERYONE,
  'GET /account': ['customer'],
  'GET /buy-ins': STAFF,
  'POST /buy-ins': STAFF,
  'GET /buy-ins/:id': STAFF,
  'PUT /buy-ins/:id': STAFF,
  'DELETE /buy-ins/:id': STAFF,
  'DELETE /buy-ins/:id/photos/:photo_id': STAFF,
  'POST /buy-ins/:id/photos': STAFF,
  'GET /buy-ins/:id/photos/:photo_id': STAFF,
  'POST /buy-ins/:id/checks': STAFF,
  'POST /buy-ins/:id/offer': STAFF,
  'POST /buy-ins/:id/seller': DESK,
  'POST /trade-ins/:id/purchase': DESK,
  'GET /purchases/:id': DESK,
  'GET /purchases/:id/facts': DESK,
  'GET /purchases/:id/photo': DESK,
  'POST /purchases/:id/undo': DESK,
  'POST /purchases/:id/prints': DESK,
  'GET /checklists': STAFF,
  'POST /checklists': ['admin'],
  'POST /checklists/starter': ['admin'],
  'PUT /checklists/:id/order': ['admin'],
  'POST /checklists/:id/questions': ['admin'],
  'PATCH /questions/:id': ['admin'],
  'DELETE /questions/:id': ['admin'],
  'GET /shop/rules': STAFF,
  'PATCH /shop/rules': ['admin'],
  'GET /trade-ins': STAFF,
  'GET /trade-ins/work': STAFF,
  'GET /trade-ins/:id': STAFF,
  'PATCH /trade-ins/:id': STAFF,
  'POST /trade-ins/:id/answer': DESK,
  'POST /trade-ins/:id/identity-photos': DESK,
  'PUT /trade-ins/:id/evaluation': STAFF,
  'GET /trade-in-prices': STAFF,
  'GET /trade-in-prices/sheet': STAFF,
  'GET /trade-in-prices/history': STAFF,
  'GET /trade-in-prices.csv': STAFF,
  'PUT /trade-in-prices': ['admin'],
  'POST /trade-in-prices': ['admin'],
  'PATCH /trade-in-prices/:id': ['admin'],
  'DELETE /trade-in-prices/:id': ['admin'],
  'GET /trade-in-deductions': STAFF,
  'POST /trade-in-deductions': ['admin'],
  'PATCH /trade-in-deductions/:id': ['admin'],
  'DELETE /trade-in-deductions/:id': ['admin'],
  'GET /sales-orders': DESK,
  'GET /sales-orders/:id': DESK,
  'POST /sales-orders/:id/refunds': DESK,
  'POST /sales-orders/:id/refunds/elsewhere': DESK,
  'POST /sales-orders/:id/payments': DESK,
  'POST /sales-orders/:id/cancel': DESK,
  'GET /products': STAFF,
  'POST /products': DESK,
  'GET /products/:id': STAFF,
  'PATCH /products/:id': DESK,
  'DELETE /products/:id': ADMIN,
  'PUT /products/:id/photo': DESK,
  'DELETE /products/:id/photo': DESK,
  'GET /products/:id/stock': STAFF,
  'POST /products/:id/stock/receipts': DESK,
  'POST /products/:id/stock/counts': DESK,
  'POST /products/:id/stock/write-offs': DESK,
  'GET /units/:id': STAFF,
  'POST /units/:id/hold/release': ADMIN,
  'GET /products/:id/units': STAFF,
  'GET /categories': STAFF,
  'POST /categories': ADMIN,
  'PATCH /categories/:id': ADMIN,
  'DELETE /categories/:id': ADMIN,
  'GET /locations': STAFF,
  'POST /locations': ADMIN,
  'PATCH /locations/:id': ADMIN,
  'DELETE /locations/:id': ADMIN,
  'GET /events': STAFF,
}

test('every endpoint of the counter has its row in the table', () => {
  const declared = endpoints
    .filter(({ path }) => path.startsWith('/counter/'))
    .map(({ method, path }) => `${method} ${path.slice('/counter'.length)}`)
  expect(declared.toSorted()).toEqual(Object.keys(TABLE).toSorted())
})

test('each kind of person reaches what the table says and nothing else', async () => {
  await using shop = await openCounter()
  const reached = async (method: string, path: string, kind: string) => {
    const caller = PERSON_KINDS.find((one) => one === kind)
    // An empty body ends in 422 before anything happens, which is after the permission.
    const body = method === 'GET' || method === 'DELETE' ? undefined : {}
    const { status } = await shop.counter(method, path, body, caller ? { as: shop.people[caller] } : ANONYMOUS)
    return ![401, 403].includes(status)
  }
  for (const [route, allowed] of Object.entries(TABLE)) {
    if (route === 'GET /events' || allowed.length === 0) continue
    const [method, path] = route.split(' ') as [string, string]
    const who: string[] = []
    for (const kind of EVERYONE) if (await reached(method, path.replace(/:\w+/g, '999'), kind)) who.push(kind)
    expect(who, route).toEqual(allowed)
  }
})

test('the role decides before the flag: an evaluator who is staff too still only reads', async () => {
  await using shop = await openCounter()
  const { order_id } = await shop.takeIn()
  const as = shop.evaluator
  expect((await shop.counter('GET', `/tickets/${order_id}`, undefined, { as })).status).toBe(200)
  expect((await shop.counter('PATCH', `/tickets/${order_id}`, { note: 'x' }, { as })).status).toBe(403)
  expect(
    (await shop.counter('POST', `/tickets/${order_id}/payments`, { amount_cents: 1, method: 'Cash' }, { as })).status,
  ).toBe(403)
})
