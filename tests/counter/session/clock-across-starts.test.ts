import { expect, test } from 'vitest'
import { openDatabase } from '../../../db/open.ts'
import { patch } from '../../../db/rows.ts'
import { lookAtClock } from '../../../server/follow-clock.ts'
import { openRunningCheck } from '../../../server/checks/running-check.ts'
import { openStore } from '../../api/store-shop.ts'
import { type Shop } from '../../support/shop.ts'
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
  reconciled,
  startAt,
  statusOf,
  YEAR,
} from './clock-shop.ts'

const keyed = (shop: Shop, token: string) =>
  shop.call('POST', '/v1/devices/brands', { token, body: { name: 'Kept' }, headers: { 'idempotency-key': 'k' } })

/** The counter's sign-in, which confirms a date after an absence. */
const signInAtCounter = (shop: Shop, { phone, password }: { phone: string; password: string }) =>
  shop.call('POST', '/counter/session', { body: { login: phone, password } })

test.each([
  ['the next start', 0],
  ['the start after the next', 1],
])('what was granted under a contradicted clock stands when %s finds it right', async (_, more) => {
  await using on = await ownDatabase()
  const day = await dayBefore(on)
  let order: number
  let kept: string
  let refresh_token: string
  {
    await using shop = await openStore({ on, startsAt: DAY })
    expect((await clockOf(shop)).state).toBe('contradicted')
    shop.clock.pass(MINUTE)
    const { tokens } = (await login(shop, day.staff)).body
    refresh_token = tokens.refresh_token
    order = await shop.order(await shop.product({ stock: 1 }))
    await shop.database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
      await patch(trx, 'sales_order', order, { expires_at: trx.act.now + 30 * MINUTE })
    })
    kept = (await keyed(shop, tokens.access_token)).text
  }
  for (let start = 0; start < more; start++) {
    await using shop = await startAt(on, 2 * DAY)
    expect((await clockOf(shop)).state).toBe('contradicted')
  }
  await using shop = await startAt(on, NOON + 2 * DAY)
  expect((await clockOf(shop)).state).toBe('unconfirmed')
  expect((await signInAtCounter(shop, day.staff)).status).toBe(200)
  expect((await clockOf(shop)).state).toBe('trusted')
  await reconciled(shop)
  expect(await statusOf(shop, order)).toBe('pending')
  const refreshed = await shop.call('POST', '/v1/auth/refresh', { body: { refresh_token } })
  expect(refreshed.status).toBe(200)
  expect((await keyed(shop, refreshed.body.access_token)).text).toBe(kept)
  shop.clock.pass(31 * MINUTE)
  await reconciled(shop)
  expect(await statusOf(shop, order)).toBe('cancelled')
})

test('what was granted under a contradicted clock is moved once, however often the program starts afterwards', async () => {
  await using on = await ownDatabase()
  await dayBefore(on)
  let order: number
  {
    await using shop = await openStore({ on, startsAt: DAY })
    shop.clock.pass(MINUTE)
    order = await shop.order(await shop.product({ stock: 1 }))
  }
  const expiries: number[] = []
  for (const hours of [1, 2, 3]) {
    await using shop = await startAt(on, NOON + hours * HOUR)
    const { db } = shop.database
    const row = await db
      .selectFrom('sales_order')
      .select('expires_at')
      .where('id', '=', order)
      .executeTakeFirstOrThrow()
    expiries.push(row.expires_at!)
  }
  expect(expiries).toEqual([expiries[0], expiries[0], expiries[0]])
})

test('a server that ran all the time is not contradicted after 36 days without an entry', async () => {
  await using on = await ownDatabase()
  const { staff } = await dayBefore(on)
  {
    await using shop = await startAt(on, NOON)
    for (let day = 0; day < 36; day++) {
      shop.clock.pass(DAY)
      await login(shop, staff)
    }
  }
  await using shop = await startAt(on, NOON + 36 * DAY + MINUTE)
  expect((await clockOf(shop)).state).toBe('trusted')
})

test('the daily check alone keeps the clock of a quiet shop trusted across a restart', async () => {
  await using on = await ownDatabase()
  await dayBefore(on)
  {
    await using shop = await startAt(on, NOON)
    const check = await openRunningCheck({
      database: shop.database,
      structure: null,
      now: shop.context.now,
      idleMs: () => HOUR,
      onFindings: () => {},
      onError: (error) => {
        throw error
      },
    })
    for (let day = 0; day < 36; day++) {
      shop.clock.pass(DAY)
      while ((await check.tick()) < 1_000);
    }
    await check.close()
  }
  await using shop = await startAt(on, NOON + 36 * DAY + MINUTE)
  expect((await clockOf(shop)).state).toBe('trusted')
})

test('a command beside a server that wrote no entry for 36 days dates its rows by the clock', async () => {
  await using on = await ownDatabase()
  const { staff } = await dayBefore(on)
  await using shop = await startAt(on, NOON)
  for (let day = 0; day < 36; day++) {
    shop.clock.pass(DAY)
    await login(shop, staff)
  }
  const command = await openDatabase({ at: on.at, now: () => shop.clock.now() + MINUTE, onError: () => {} })
  expect(command.clock.read()).toMatchObject({ state: 'trusted', now: NOON + 36 * DAY + MINUTE })
  await command.close()
})

test('writes without an entry tell the node once an hour that the clock is trusted', async () => {
  await using shop = await openStore({ startsAt: NOON })
  const trustedAt = async () => {
    await login(shop, shop.staff)
    const node = shop.database.db.selectFrom('self').select('trusted_at')
    return (await node.executeTakeFirstOrThrow()).trusted_at! - NOON
  }
  const told = []
  for (let step = 0; step < 4; step++) {
    told.push(await trustedAt())
    shop.clock.pass(30 * MINUTE)
  }
  expect(told).toEqual([0, 0, HOUR, HOUR])
})

test.each([
  ['a year ahead', YEAR],
  ['a weekend later', 3 * DAY],
])('a clock that one of two servers has confirmed, %s, is confirmed for the other and stays so', async (_, ahead) => {
  await using on = await ownDatabase()
  const { staff } = await dayBefore(on)
  {
    await using one = await startAt(on, NOON + ahead)
    await using other = await startAt(on, NOON + ahead)
    one.clock.pass(MINUTE)
    other.clock.pass(MINUTE)
    await login(other, staff)
    expect((await clockOf(other)).state).not.toBe('trusted')
    const { access_token } = (await login(one, staff)).body.tokens
    expect((await confirm(one, { ...staff, token: access_token })).status).toBe(200)
    await login(other, staff)
    expect(await clockOf(other)).toMatchObject({ state: 'trusted', now: NOON + ahead + MINUTE })
  }
  await using again = await startAt(on, NOON + ahead + HOUR)
  expect((await clockOf(again)).state).toBe('trusted')
})

test('a clock that cannot be taken up again is said once in the log, and again when it fails otherwise', async () => {
  await using shop = await openStore({ startsAt: NOON })
  shop.clock.jump(YEAR)
  expect((await clockOf(shop)).state).toBe('contradicted')
  shop.clock.jump(-YEAR)
  shop.database.setDamage('page 7')
  const look = lookAtClock(shop.context)
  for (let n = 0; n < 5; n++) await look()
  const said = () => shop.logged.filter((line) => line.includes('could not be taken up again')).length
  expect(said()).toBe(1)
  shop.database.setDamage(null)
  await look()
  expect((await clockOf(shop)).state).toBe('trusted')
  expect(said()).toBe(1)
})
