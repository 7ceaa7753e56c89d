import { expect, test } from 'vitest'
import { faultsOf, openRepairShop } from './repair-shop.ts'

test.each(['/assigns', '/orders/assign'])('POST %s gives an order to a technician, once', async (path) => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order()
  const reply = await shop.v1('POST', path, { order_id, user_id: shop.staff.id }, { as: shop.staff })
  expect(reply.status).toBe(201)
  expect(reply.body).toEqual({ id: 1, order_id, user_id: shop.staff.id, assigned_at: '2026-01-15T09:00:00Z' })
  for (const spelling of ['/assigns', '/orders/assign']) {
    const again = await shop.v1('POST', spelling, { order_id, user_id: shop.staff.id })
    expect([again.status, again.body]).toEqual([
      400,
      { detail: 'Assignment already exists', code: 'assignment-exists' },
    ])
  }
  expect((await shop.v1('POST', path, { order_id, user_id: shop.evaluator.id })).status).toBe(201)
  expect(
    (await shop.v1('GET', `/orders/assign/${order_id}`)).body.map(({ user_id }: { user_id: number }) => user_id),
  ).toEqual([shop.staff.id, shop.evaluator.id])
})

test('the order is looked for first, then the person', async () => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order()
  const ask = async (body: object) => {
    const reply = await shop.v1('POST', '/assigns', body)
    return [reply.status, reply.body.detail]
  }
  expect(await ask({ order_id: 99, user_id: 99 })).toEqual([404, 'Order not found'])
  expect(await ask({ order_id, user_id: 99 })).toEqual([404, 'User not found'])
  expect(await ask({ order_id, user_id: shop.customer.id })).toEqual([400, 'Only staff can be assigned'])
  expect(faultsOf(await shop.v1('POST', '/orders/assign', { order_id: 'x' }))).toEqual([
    'body.order_id int_parsing',
    'body.user_id missing',
  ])
})

test('one order given to one technician twice at the same time is given once', async () => {
  await using shop = await openRepairShop()
  const { id: order_id } = await shop.order()
  const replies = await Promise.all(
    ['/assigns', '/orders/assign', '/assigns'].map((path) =>
      shop.v1('POST', path, { order_id, user_id: shop.staff.id }),
    ),
  )
  expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 400, 400])
})

test('assignments are listed by order and by technician', async () => {
  await using shop = await openRepairShop()
  const first = await shop.assignment()
  const second = await shop.assignment()
  const ids = async (query: string) =>
    (await shop.v1('GET', `/assigns${query}`, undefined, { as: shop.evaluator })).body.map(
      ({ id }: { id: number }) => id,
    )
  expect(await ids('')).toEqual([first.id, second.id])
  expect(await ids(`?order_id=${second.order_id}`)).toEqual([second.id])
  expect(await ids(`?user_id=${shop.staff.id}&limit=1`)).toEqual([first.id])
  expect(await ids('?user_id=99')).toEqual([])
  expect((await shop.v1('GET', `/assigns/${first.id}`)).body).toEqual((await shop.v1('GET', '/assigns')).body[0])
})

test('an order taken from a technician can be given again, and both are kept', async () => {
  await using shop = await openRepairShop()
  const { id, order_id, user_id } = await shop.assignment()
  const gone = await shop.v1('DELETE', `/assigns/${id}`)
  expect([gone.status, gone.text]).toEqual([204, ''])
  expect((await shop.v1('DELETE', `/assigns/${id}`)).body).toEqual({
    detail: 'Assignment not found',
    code: 'assignment-not-found',
  })
  expect((await shop.v1('GET', `/assigns/${id}`)).body).toEqual({
    detail: 'Assignment not found',
    code: 'assignment-not-found',
  })
  expect((await shop.v1('GET', `/orders/assign/${order_id}`)).body).toEqual([])
  expect((await shop.v1('POST', '/assigns', { order_id, user_id })).status).toBe(201)
  const events = await shop.database.db
    .selectFrom('order_event')
    .select(['kind', 'user_id'])
    .where('order_id', '=', order_id)
    .orderBy('id')
    .execute()
  expect(events).toEqual([
    { kind: 'assigned', user_id },
    { kind: 'unassigned', user_id },
    { kind: 'assigned', user_id },
  ])
})
