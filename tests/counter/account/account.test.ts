import { expect, test } from 'vitest'
import { insert } from '../../../db/rows.ts'
import { PASSWORD } from '../../support/shop.ts'
import { openCounter } from '../counter-shop.ts'

test('who set a password by the code of the stub sees their own repairs and offers, and answers an offer', async () => {
  await using shop = await openCounter()
  const phone = '0170 4444'
  const taken = await shop.takeIn({
    customer: { full_name: 'Nora Real', phone },
    estimate_cents: 9_000,
    note: 'secret',
  })
  await shop.counter('POST', `/tickets/${taken.order_id}/payments`, { amount_cents: 4_000, method: 'Cash' })
  await shop.takeIn({ estimate_cents: 5_500 })
  await shop.call('POST', '/counter/claim', { body: { code: taken.claim_code.code, password: PASSWORD } })
  const login = await shop.call('POST', '/v1/auth/login', { body: { phone, password: PASSWORD } })
  const token = login.body.tokens.access_token as string
  const account = async () => (await shop.call('GET', '/counter/account', { token })).body
  const { id: pickup } = await shop.write(async (trx) => ({
    id: await insert(trx, 'pickup_request', {
      user_id: taken.customer_id,
      brand_id: shop.kind.brand_id,
      model_text: 'iPhone 12',
      storage: '128GB',
      condition: 'B',
      estimated_price_cents: 30_000,
      status: 'requested',
    }),
  }))
  const evaluate = (body: object) =>
    shop.counter('PUT', `/trade-ins/${pickup}/evaluation`, body, { as: shop.evaluator })
  await evaluate({ final_offer_cents: 25_000, status: 'evaluating' })
  expect(await account()).toEqual({
    full_name: 'Nora Real',
    repairs: [
      {
        id: taken.order_id,
        ticket_number: taken.ticket_number,
        device_title: 'Apple iPhone 13',
        status: 'Pending',
        created_at: shop.clock.now(),
        promised_at: null,
        picked_up_at: null,
        bought: false,
        total_cents: 9_000,
        due_cents: 5_000,
      },
    ],
    offers: [
      {
        id: pickup,
        device_title: 'Apple iPhone 12 128GB',
        status: 'evaluating',
        created_at: shop.clock.now(),
        scheduled_at: null,
        estimated_price_cents: 30_000,
        final_offer_cents: null,
        run_out: false,
      },
    ],
  })
  await evaluate({ status: 'offered' })
  expect((await account()).offers[0]).toMatchObject({ status: 'offered', final_offer_cents: 25_000 })
  const answer = `/api/tradein/pickup-requests/${pickup}/respond`
  const accept = () => shop.call('POST', answer, { token, body: { action: 'accept' } })
  await evaluate({ final_offer_cents: 24_000 })
  expect(await accept()).toMatchObject({ status: 400, body: { code: 'offer-changed' } })
  expect((await account()).offers[0]).toMatchObject({ status: 'offered', final_offer_cents: 24_000 })
  expect((await accept()).status).toBe(200)
  expect((await account()).offers[0]).toMatchObject({ status: 'accepted', final_offer_cents: 24_000 })
  for (const path of ['/tickets/1', '/repairs', '/customers', '/search?q=x', '/staff'])
    expect((await shop.call('GET', `/counter${path}`, { token })).status).toBe(403)
})
