import { expect, test } from 'vitest'
import { readCheckRecord } from '../../../db/check/check-record.ts'
import type { Database } from '../../../db/database.ts'
import { insertLocal, upsertLocal } from '../../../db/local.ts'
import { insert } from '../../../db/rows.ts'
import { takeNumbers } from '../../../server/shop/document-numbers.ts'
import { addUser, setPassword } from '../../../server/shop/people/users.ts'
import { bringUpToDate } from '../../../server/upkeep.ts'
import { openCommandLine } from '../../cli/command-line.ts'

const by = { actor: null, device: null, act: 'test' }

/** A person who owes money for a repair. */
async function oweMoney(database: Database) {
  await bringUpToDate({ database })
  await database.write(by, async (trx) => {
    const name = { name: 'Acme', name_key: 'acme' }
    const [brand_id, device_type_id] = [await insert(trx, 'brand', name), await insert(trx, 'device_type', name)]
    const model_id = await insert(trx, 'model', { brand_id, device_type_id, ...name })
    const customer_id = await addUser(trx, { full_name: 'Ann 9', role: 'customer', is_staff: false })
    const device_id = await insert(trx, 'device', { brand_id, model_id, device_type_id })
    const cents = { cost_cents: 900, discount_cents: 0 }
    await insert(trx, 'repair_order', { ticket_number: 'X', device_id, customer_id, ...cents, status: 'Pending' })
  })
  await database.flushSearchIndex()
}

const sorted = async ({ db }: Database) => ({
  due: await db.selectFrom('repair_due').select(['order_id', 'status', 'due_cents']).execute(),
  names: await db.selectFrom('user_sort').select(['user_id', 'name_key']).orderBy('user_id').execute(),
})

test('what lists are sorted by is made anew where it does not agree with its rows', async () => {
  await using cli = await openCommandLine()
  const before = await cli.look(async (database) => {
    await oweMoney(database)
    return await sorted(database)
  })
  expect(before.due).toMatchObject([{ status: 'Pending', due_cents: 900 }])
  expect(before.names).toMatchObject([{ name_key: 'ann 19' }])
  for (const [statement, table] of [
    ['update repair_due set due_cents = 901', 'repair_due'],
    [`update repair_due set status = 'Pendinf'`, 'repair_due'],
    ['delete from repair_due', 'repair_due'],
    [`update user_sort set name_key = 'anm 19'`, 'user_sort'],
    ['delete from user_sort', 'user_sort'],
  ] as const) {
    await cli.tamper(statement)
    const { code, out } = await cli.run(['verify'])
    expect({ statement, code }).toEqual({ statement, code: 0 })
    expect(out).toContain(`What lists are sorted by (${table}) did not agree`)
    await cli.look(async (database) => {
      await database.flushSearchIndex()
      expect(await sorted(database)).toEqual(before)
    })
    expect((await cli.run(['verify'])).out).not.toContain('did not agree')
  }
})

test('what waits to be brought in step with its rows is no finding', async () => {
  await using cli = await openCommandLine()
  await cli.look(oweMoney)
  await cli.tamper('update repair_due set due_cents = 901')
  await cli.tamper(`update user_sort set name_key = 'anm 19'`)
  await cli.tamper(`insert into search_pending (entity, row_id) select 'repair_order', id from repair_order`)
  await cli.tamper(`insert into search_pending (entity, row_id) select 'user', id from "user"`)
  expect((await cli.run(['verify'])).out).not.toContain('did not agree')
})

test('a counter that was moved ahead is named, and goes on from where it stands, as does one of before there were sums', async () => {
  await using cli = await openCommandLine()
  const take = (database: Database) => database.write(by, (trx) => takeNumbers(trx, 'ticket'))
  await cli.look(take)
  await cli.tamper('update counter set sum = null')
  await cli.look(async (database) => {
    expect((await readCheckRecord(database.db)).findings).toEqual([])
    expect(await take(database)).toEqual(['S1-T1-000002'])
  })
  await cli.tamper(`update counter set n = n + 8 where name = 'ticket number'`)
  await cli.look(async (database) => {
    expect((await readCheckRecord(database.db)).findings).toEqual([
      { kind: 'counter', name: 'ticket number', stood: '10', next: '11', reason: 'changed' },
    ])
    expect(await take(database)).toEqual(['S1-T1-000011'])
    expect(await database.mendCounters()).toEqual([])
  })
})

test('a password that was changed past the program is named until there is a new one', async () => {
  await using cli = await openCommandLine()
  const user_id = await cli.look((database) =>
    database.write(by, async (trx) => {
      const id = await addUser(trx, { full_name: 'Ann', role: 'customer', is_staff: true })
      const pin = { pin_hash: 'a hash', pin_key: 'a key', pin_length: 4 }
      await upsertLocal(trx, 'credential', { user_id: id }, { password_hash: 'old', ...pin, updated_at: 5 })
      return id
    }),
  )
  await cli.tamper(`update credential set pin_key = 'a kez'`)
  const renew = (password: string) => (database: Database) =>
    database.write(by, (trx) => setPassword(trx, user_id, password))
  expect((await cli.run(['verify'])).err).toContain(`past the program: credential ${user_id}`)
  await cli.look(renew('new'))
  expect((await cli.run(['verify'])).code).toBe(0)
  const credential = await cli.look(({ db }) => db.selectFrom('credential').selectAll().executeTakeFirstOrThrow())
  expect(credential).toMatchObject({ password_hash: 'new', pin_hash: null, pin_key: null })
})

test('a code that was changed is named by whose it is, not by its hash', async () => {
  await using cli = await openCommandLine()
  const user_id = await cli.look((database) =>
    database.write(by, async (trx) => {
      const id = await addUser(trx, { full_name: 'Ann', role: 'customer', is_staff: true })
      await insertLocal(trx, 'claim_code', {
        code_hash: 'abcdef',
        user_id: id,
        expires_at: 9,
        used_at: 8,
        sent_at: null,
      })
      return id
    }),
  )
  await cli.tamper('update claim_code set used_at = null')
  const { err } = await cli.run(['verify'])
  expect(err).toContain(`claim_code ${user_id}:`)
  expect(err).not.toContain('abcdef')
})
