import { expect, test } from 'vitest'
import { forgetBackupAge } from '../../../db/clock.ts'
import { openDatabase } from '../../../db/open.ts'
import { forgetExpired } from '../../../server/cleanup.ts'
import { resumeClock } from '../../../server/follow-clock.ts'
import { openStore, type Store } from '../../api/store-shop.ts'
import { PASSWORD } from '../../support/shop.ts'
import { ANONYMOUS, browserWith, openCounter } from '../counter-shop.ts'
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

test.each([
  ['9 years', 9 * YEAR, 'contradicted'],
  ['36 days', 36 * DAY, 'contradicted'],
  ['34 days', 34 * DAY, 'unconfirmed'],
  ['a long weekend', 4 * DAY, 'unconfirmed'],
])('one start with a clock that is %s ahead cancels no order that waits for the counter', async (_, ahead, state) => {
  await using on = await ownDatabase()
  const { order } = await dayBefore(on)
  {
    await using shop = await startAt(on, NOON + ahead)
    await reconciled(shop)
    expect([await statusOf(shop, order), (await clockOf(shop)).state]).toEqual(['pending', state])
  }
  await using again = await startAt(on, NOON + HOUR)
  await reconciled(again)
  expect([await statusOf(again, order), (await clockOf(again)).state]).toEqual(['pending', 'trusted'])
})

test('an order expires by a clock that somebody has confirmed', async () => {
  await using on = await ownDatabase()
  const { order, staff } = await dayBefore(on)
  await using shop = await startAt(on, NOON + 40 * DAY)
  await reconciled(shop)
  expect(await statusOf(shop, order)).toBe('pending')
  expect((await confirm(shop, staff)).body).toMatchObject({ state: 'trusted', says: NOON + 40 * DAY })
  await reconciled(shop)
  expect(await statusOf(shop, order)).toBe('cancelled')
})

test('one start a year ahead locks nobody out once the clock is right', async () => {
  await using on = await ownDatabase()
  const { staff } = await dayBefore(on)
  {
    await using shop = await startAt(on, NOON + YEAR)
    for (let guess = 0; guess < 5; guess++) await login(shop, staff, 'wrong')
    expect((await login(shop, staff)).status).toBe(429)
  }
  await using again = await startAt(on, NOON + HOUR)
  expect((await login(again, staff)).status).toBe(200)
})

test('a failure dated in the future counts for nothing, and no lockout outlasts its 15 minutes', async () => {
  await using shop = await openStore()
  for (let guess = 0; guess < 5; guess++) await login(shop, shop.staff, 'wrong')
  const locked = await login(shop, shop.staff)
  expect([locked.status, Number(locked.headers.get('retry-after')) <= 900]).toEqual([429, true])
  shop.clock.jump(-2 * YEAR)
  expect((await login(shop, shop.staff)).status).toBe(429)
  shop.clock.pass(15 * MINUTE + 1)
  expect((await login(shop, shop.staff)).status).toBe(200)
  for (let guess = 0; guess < 5; guess++) await login(shop, shop.staff, 'wrong')
  expect((await confirm(shop, shop.admin)).status).toBe(200)
  expect((await login(shop, shop.staff)).status).toBe(429)
  shop.clock.pass(15 * MINUTE + 1)
  expect((await login(shop, shop.staff)).status).toBe(200)
})

test('while the clock is contradicted nothing comes back that had expired before', async () => {
  await using shop = await openStore()
  const old = shop.staff.token
  shop.clock.pass(DAY + MINUTE)
  const { access_token } = (await login(shop, shop.staff)).body.tokens
  shop.clock.jump(-DAY)
  expect([await reads(shop, old), await reads(shop, access_token)]).toEqual([401, 200])
  shop.clock.pass(DAY)
  expect(await reads(shop, access_token)).toBe(401)
})

test.each([9 * YEAR, -9 * YEAR, -11 * MINUTE, 36 * DAY])(
  'what is granted while the clock is %i ms off is good then, and when it is right again',
  async (off) => {
    await using shop = await openStore()
    shop.clock.jump(off)
    expect((await clockOf(shop)).state).toBe('contradicted')
    shop.clock.pass(MINUTE)
    const { access_token, refresh_token } = (await login(shop, shop.staff)).body.tokens
    const order = await shop.order(await shop.product({ stock: 1 }))
    expect(await reads(shop, access_token)).toBe(200)
    shop.clock.jump(-off)
    expect((await clockOf(shop)).state).toBe('contradicted')
    await resumeClock(shop.context)
    expect((await clockOf(shop)).state).toBe('trusted')
    expect(await reads(shop, access_token)).toBe(200)
    expect((await shop.call('POST', '/v1/auth/refresh', { body: { refresh_token } })).status).toBe(200)
    shop.clock.pass(6 * DAY)
    await reconciled(shop)
    expect(await statusOf(shop, order)).toBe('pending')
    shop.clock.pass(DAY + MINUTE)
    await reconciled(shop)
    expect(await statusOf(shop, order)).toBe('cancelled')
  },
)

test('rows written under a contradicted clock follow those before them, and numbers stay dense', async () => {
  await using shop = await openCounter({ startsAt: NOON })
  await shop.takeIn()
  for (const off of [9 * YEAR, -18 * YEAR, 9 * YEAR]) {
    shop.clock.jump(off)
    shop.clock.pass(MINUTE)
    await shop.takeIn()
  }
  const { db } = shop.database
  const orders = await db.selectFrom('repair_order').select(['ticket_number', 'created_at']).orderBy('id').execute()
  expect(orders).toEqual(
    [0, 1, 2, 3].map((n) => ({
      ticket_number: `S1-T1-${String(n + 1).padStart(6, '0')}`,
      created_at: NOON + n * MINUTE,
    })),
  )
  const hlcs = (await db.selectFrom('journal').select('hlc').orderBy('seq').execute()).map(({ hlc }) => hlc)
  expect(hlcs).toEqual(hlcs.toSorted())
})

test('after a holiday the screens are locked until somebody has seen the date, and nothing expires before', async () => {
  await using on = await ownDatabase()
  const { staff, order } = await dayBefore(on)
  let browser
  {
    await using shop = await startAt(on, NOON + HOUR)
    browser = browserWith(
      await shop.call('POST', '/counter/session', { body: { login: staff.phone, password: PASSWORD } }),
    )
  }
  await using shop = await startAt(on, NOON + 20 * DAY)
  expect(await clockOf(shop)).toMatchObject({ state: 'unconfirmed', now: NOON + 20 * DAY })
  expect((await shop.call('GET', '/counter/session', browser)).body).toMatchObject({ locked: true })
  expect((await shop.call('GET', '/counter/repairs', browser)).status).toBe(423)
  expect((await login(shop, staff)).status).toBe(200)
  await reconciled(shop)
  expect([await statusOf(shop, order), (await clockOf(shop)).state]).toEqual(['pending', 'unconfirmed'])
  await shop.call('POST', '/counter/session', { body: { login: staff.phone, password: PASSWORD } })
  expect((await clockOf(shop)).state).toBe('trusted')
  expect((await shop.call('GET', '/counter/repairs', browser)).status).toBe(200)
  await reconciled(shop)
  expect(await statusOf(shop, order)).toBe('cancelled')
})

test('a night or a day off is nothing special', async () => {
  await using on = await ownDatabase()
  await dayBefore(on)
  await using shop = await startAt(on, NOON + 25 * HOUR)
  expect((await clockOf(shop)).state).toBe('trusted')
})

test('a start under a contradicted clock is one too after work was done under it', async () => {
  await using on = await ownDatabase()
  const { staff } = await dayBefore(on)
  for (const [hours, at] of [NOON + 9 * YEAR, NOON + 9 * YEAR + HOUR, 0].entries()) {
    await using shop = await startAt(on, at)
    const { access_token } = (await login(shop, staff)).body.tokens
    expect(await reads(shop, access_token)).toBe(200)
    expect(await clockOf(shop)).toMatchObject({ state: 'contradicted', now: NOON + hours * HOUR })
    shop.clock.pass(HOUR)
    await login(shop, staff)
  }
  await using shop = await startAt(on, NOON + 4 * HOUR)
  expect((await clockOf(shop)).state).toBe('trusted')
})

test('the age of a backup is no contradiction: the first sign-in confirms the date', async () => {
  await using on = await ownDatabase()
  const { staff, order } = await dayBefore(on)
  const at = NOON + 300 * DAY
  const restoring = await openDatabase({ at: on.at, now: () => at, onError: () => {} })
  await restoring.write({ actor: null, device: null, act: 'restore' }, async (trx) => {
    forgetBackupAge(trx)
    expect(trx.act.now).toBe(at)
  })
  await restoring.close()
  await using shop = await startAt(on, at + MINUTE)
  await reconciled(shop)
  expect([await statusOf(shop, order), (await clockOf(shop)).state]).toEqual(['pending', 'unconfirmed'])
  await shop.call('POST', '/counter/session', { body: { login: staff.phone, password: PASSWORD } })
  expect((await clockOf(shop)).state).toBe('trusted')
})

test('health says that the clock is contradicted, and both times to people behind the counter', async () => {
  await using shop = await openCounter({ startsAt: NOON })
  shop.clock.jump(-DAY)
  expect((await shop.call('GET', '/health', { as: shop.staff })).body).toMatchObject({
    clock: 'contradicted',
    clock_says: '2026-11-26T12:00:00Z',
    last_write: '2026-11-27T12:00:00Z',
  })
  const { body } = await shop.call('GET', '/health', ANONYMOUS)
  expect([body.clock, body.clock_says]).toEqual(['contradicted', undefined])
})

test('a clock before 1970 starts nothing, and the sentence names it', async () => {
  await using on = await ownDatabase()
  const opening = openDatabase({ at: on.at, now: () => -DAY, onError: () => {} })
  await expect(opening).rejects.toThrow("This computer's clock says 1969-12-31, which cannot be.")
})

test('an answer kept under a key is given again whatever the clock did, and a clock alone sets no key free', async () => {
  await using shop = await openCounter()
  const add = () =>
    shop.call('POST', '/v1/devices/brands', {
      as: shop.staff,
      body: { name: 'Kept' },
      headers: { 'idempotency-key': 'k' },
    })
  const first = await add()
  expect(first.status).toBe(201)
  for (const off of [9 * YEAR, -9 * YEAR, -DAY]) {
    shop.clock.jump(off)
    await resumeClock(shop.context)
    expect((await add()).text).toBe(first.text)
  }
  await confirm(shop, shop.admin)
  const { access_token: token } = (await login(shop, shop.staff)).body.tokens
  const body = { name: 'Kept' }
  const again = await shop.call('POST', '/v1/devices/brands', { token, body, headers: { 'idempotency-key': 'k' } })
  expect(again.text).toBe(first.text)
  shop.clock.pass(DAY + MINUTE)
  await forgetExpired(shop.database, shop.clock.now())
  expect(await shop.database.db.selectFrom('idempotency_key').selectAll().execute()).toEqual([])
})

test('daylight saving, a leap second and 2038 are nothing to a clock that counts', async () => {
  for (const startsAt of [Date.UTC(2026, 2, 29, 0, 59), Date.UTC(2026, 9, 25, 0, 59), Date.UTC(2038, 0, 19, 3, 14)]) {
    await using on = await ownDatabase()
    await using shop: Store = await openStore({ on, startsAt })
    const order = await shop.order(await shop.product())
    shop.clock.pass(2 * MINUTE)
    expect((await clockOf(shop)).state).toBe('trusted')
    await reconciled(shop)
    expect(await statusOf(shop, order)).toBe('pending')
  }
})

test.each([1, 5, 10])('a clock that is set back by %i minutes refuses no token that is live', async (minutes) => {
  await using shop = await openStore({ startsAt: NOON })
  const { access_token } = (await login(shop, shop.staff)).body.tokens
  shop.clock.jump(-minutes * MINUTE)
  expect((await clockOf(shop)).state).toBe('trusted')
  expect(await reads(shop, access_token)).toBe(200)
  expect((await shop.api('GET', '/cart')).status).toBe(200)
})
