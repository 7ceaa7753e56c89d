import { expect, test } from 'vitest'
import { resumeClock } from '../../../server/follow-clock.ts'
import { openStore } from '../../api/store-shop.ts'
import { openCounter } from '../counter-shop.ts'
import {
  clockOf,
  confirm,
  DAY,
  dayBefore,
  HOUR,
  login,
  MINUTE,
  NOON,
  ownDatabase,
  reads,
  reconciled,
  startAt,
  statusOf,
  YEAR,
} from './clock-shop.ts'

test('whoever works here confirms a clock; the journal says who, when, and what was expected', async () => {
  await using shop = await openCounter({ startsAt: NOON })
  shop.clock.jump(9 * YEAR)
  expect(await clockOf(shop)).toMatchObject({
    state: 'contradicted',
    says: NOON + 9 * YEAR,
    now: NOON,
    last_write: NOON,
  })
  shop.clock.pass(1)
  const browser = await shop.signIn(shop.evaluator)
  expect((await confirm(shop, shop.customer)).status).toBe(403)
  expect((await confirm(shop, shop.evaluator, NOON)).status).toBe(409)
  const body = { says: shop.clock.now() }
  expect((await shop.call('POST', '/counter/clock', { ...browser, body })).status).toBe(200)
  const { actor, at, act, after } = await shop.database.db
    .selectFrom('journal')
    .selectAll()
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  expect({ actor, at, act, ...JSON.parse(after!) }).toEqual({
    actor: shop.evaluator.id,
    at: NOON + 9 * YEAR + 1,
    act: 'POST /counter/clock',
    clock_confirmed_at: NOON + 9 * YEAR + 1,
    clock_confirmed_by: shop.evaluator.id,
    clock_expected_at: NOON + 1,
  })
  expect((await clockOf(shop)).state).toBe('trusted')
  expect((await shop.call('GET', '/counter/staff', browser)).status).toBe(200)
})

test('a clock confirmed by mistake is confirmed back, and leaves nobody a session, code or order for years', async () => {
  await using shop = await openStore({ startsAt: NOON })
  shop.clock.jump(9 * YEAR)
  await confirm(shop, shop.staff)
  const { access_token, refresh_token } = (await login(shop, shop.staff)).body.tokens
  const as = { ...shop.other, token: (await login(shop, shop.other)).body.tokens.access_token as string }
  const order = await shop.order(await shop.product({ stock: 1 }), 1, as)
  await login(shop, shop.customer, 'wrong')
  const { access_token: adminToken } = (await login(shop, shop.admin)).body.tokens
  const code = (await shop.call('POST', `/counter/customers/${shop.customer.id}/claim-code`, { token: adminToken }))
    .body
  shop.clock.pass(DAY)
  shop.clock.jump(-9 * YEAR)
  expect((await clockOf(shop)).state).toBe('contradicted')
  shop.clock.pass(MINUTE)
  const late = (await login(shop, shop.staff)).body.tokens
  expect((await confirm(shop, { ...shop.staff, token: late.access_token })).status).toBe(200)
  expect([await reads(shop, access_token), await reads(shop, as.token)]).toEqual([401, 401])
  expect((await shop.call('POST', '/v1/auth/refresh', { body: { refresh_token } })).status).toBe(401)
  const { body } = await shop.call('POST', '/v1/auth/refresh', { body: { refresh_token: late.refresh_token } })
  expect(await reads(shop, body.access_token)).toBe(200)
  const kept = await shop.database.db.selectFrom('claim_code').select('expires_at').executeTakeFirstOrThrow()
  expect([code.expires_at > shop.clock.now() + YEAR, kept.expires_at]).toEqual([true, shop.clock.now() + 30 * DAY])
  expect(await shop.database.db.selectFrom('sign_in_failure').selectAll().execute()).toEqual([])
  shop.clock.pass(7 * DAY + MINUTE)
  await reconciled(shop)
  expect(await statusOf(shop, order)).toBe('cancelled')
})

test.each([
  ['before the clock ran ahead', 0],
  ['while it ran ahead', 1],
  ['after it was set right', 2],
])('who confirms a clock that ran ahead stays signed in by a session begun %s', async (_, begun) => {
  await using shop = await openCounter({ startsAt: NOON })
  const browsers = [await shop.signIn(shop.staff)]
  shop.clock.jump(20 * HOUR)
  browsers.push(await shop.signIn(shop.staff))
  shop.clock.pass(MINUTE)
  shop.clock.jump(-20 * HOUR)
  expect((await clockOf(shop)).state).toBe('contradicted')
  shop.clock.pass(1)
  browsers.push(await shop.signIn(shop.staff))
  const body = { says: shop.clock.now() }
  expect((await shop.call('POST', '/counter/clock', { ...browsers[begun]!, body })).status).toBe(200)
  expect((await shop.call('GET', '/counter/repairs', browsers[begun]!)).status).toBe(200)
  const others = [
    shop.call('GET', '/counter/repairs', browsers[0]!),
    shop.call('GET', '/counter/repairs', browsers[2]!),
  ]
  expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200])
})

test('an order of a clock that was ahead waits no longer for what is set right after it', async () => {
  await using shop = await openStore({ startsAt: NOON })
  const set = async (off: number) => {
    shop.clock.jump(off)
    shop.clock.pass(MINUTE)
    const { access_token } = (await login(shop, shop.staff)).body.tokens
    expect((await confirm(shop, { ...shop.staff, token: access_token })).status).toBe(200)
  }
  await set(400 * DAY)
  const as = { ...shop.other, token: (await login(shop, shop.other)).body.tokens.access_token as string }
  const order = await shop.order(await shop.product({ stock: 1 }), 1, as)
  await set(-400 * DAY)
  const end = async () => {
    const { expires_at } = await shop.database.db
      .selectFrom('sales_order')
      .select('expires_at')
      .where('id', '=', order)
      .executeTakeFirstOrThrow()
    return expires_at
  }
  const ends = shop.clock.now() + 7 * DAY
  expect(await end()).toBe(ends)
  // Forward, as after weeks in which the shop was shut, and back again.
  for (const off of [40 * DAY, -40 * DAY]) {
    await set(off)
    expect(await end()).toBe(ends)
  }
})

test('a clock that ran on ahead and is confirmed keeps the session that confirmed it', async () => {
  await using shop = await openCounter({ startsAt: NOON })
  shop.clock.jump(YEAR)
  shop.clock.pass(MINUTE)
  const browser = await shop.signIn(shop.staff)
  const body = { says: shop.clock.now() }
  expect((await shop.call('POST', '/counter/clock', { ...browser, body })).status).toBe(200)
  expect((await shop.call('GET', '/counter/repairs', browser)).status).toBe(200)
})

test('a clock that nobody has seen is confirmed by half a day in which nobody set it, and not earlier', async () => {
  await using on = await ownDatabase()
  const { order, customer } = await dayBefore(on)
  await using shop = await startAt(on, NOON + 20 * DAY)
  const after = async (ms: number) => {
    shop.clock.pass(ms)
    await resumeClock(shop.context)
    await reconciled(shop)
    return [(await clockOf(shop)).state, await statusOf(shop, order)]
  }
  expect(await after(0)).toEqual(['unconfirmed', 'pending'])
  expect((await login(shop, customer)).status).toBe(200)
  expect(await after(11 * HOUR)).toEqual(['unconfirmed', 'pending'])
  shop.clock.jump(-DAY)
  expect(await after(0)).toEqual(['unconfirmed', 'pending'])
  expect(await after(11 * HOUR)).toEqual(['unconfirmed', 'pending'])
  expect(await after(HOUR)).toEqual(['trusted', 'cancelled'])
  const { clock_confirmed_at, clock_confirmed_by } = await shop.database.db
    .selectFrom('node')
    .select(['clock_confirmed_at', 'clock_confirmed_by'])
    .executeTakeFirstOrThrow()
  expect([clock_confirmed_at, clock_confirmed_by]).toEqual([shop.clock.now(), null])
})

test('when the last entry was made is told to anybody only while the clock is in doubt', async () => {
  await using shop = await openCounter({ startsAt: NOON })
  expect(await clockOf(shop)).toMatchObject({ state: 'trusted', last_write: null })
  shop.clock.jump(2 * DAY)
  expect(await clockOf(shop)).toMatchObject({ state: 'unconfirmed', last_write: NOON })
})
