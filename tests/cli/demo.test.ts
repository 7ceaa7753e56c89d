import { expect, test } from 'vitest'
import { findJournalFault } from '../../db/verify.ts'
import { isOverdue } from '../../server/domain/repair-status.ts'
import { imeiKind } from '../../server/domain/imei.ts'
import { openCommandLine } from './command-line.ts'

test('the demonstration is a believable shop, and a second one changes nothing', { timeout: 60_000 }, async () => {
  await using cli = await openCommandLine()
  const first = await cli.run(['demo'])
  expect(first.code).toBe(0)
  expect(first.out.match(/password \S+ +PIN \d{4}/g)).toHaveLength(3)

  const head = await cli.look(async ({ db }) => {
    const orders = await db
      .selectFrom('repair_order')
      .select(['status', 'created_at', 'completed_at', 'estimated_completion_date as promised_at'])
      .execute()
    expect(orders.length).toBeGreaterThan(55)
    expect(new Set(orders.map(({ status }) => status)).size).toBe(4)
    const now = Date.now()
    expect(orders.filter((order) => isOverdue(order, now)).length).toBeGreaterThan(1)
    expect(orders.every(({ created_at, completed_at }) => created_at <= now && (completed_at ?? now) <= now)).toBe(true)
    const people = await db.selectFrom('user').select(['role', 'is_staff']).execute()
    expect(people.filter(({ is_staff }) => is_staff === 1)).toHaveLength(3)
    expect(people.filter(({ role }) => role === 'admin')).toHaveLength(1)
    const payments = await db.selectFrom('payment').select('status').execute()
    expect(new Set(payments.map(({ status }) => status))).toEqual(new Set(['Paid', 'Partial']))
    const phones = await db
      .selectFrom('device')
      .innerJoin('device_type', 'device_type.id', 'device.device_type_id')
      .select('serial_number')
      .where('device_type.name', '=', 'Phone')
      .execute()
    expect(phones.every(({ serial_number }) => imeiKind(serial_number!) === 'valid')).toBe(true)
    expect(await findJournalFault(db)).toBeNull()
    return await db.selectFrom('node').select(['seq', 'chain']).executeTakeFirstOrThrow()
  })

  expect((await cli.run(['demo'])).out).toContain('is in this shop already')
  expect(await cli.look(({ db }) => db.selectFrom('node').select(['seq', 'chain']).executeTakeFirstOrThrow())).toEqual(
    head,
  )
})
