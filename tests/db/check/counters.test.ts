import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import { countersBehind, reader } from '../../../db/check/counters.ts'
import { readCheckRecord } from '../../../db/check/check-record.ts'
import type { Database } from '../../../db/database.ts'
import type { Trx } from '../../../db/handle.ts'
import { beginEpoch } from '../../../db/journal/begin-epoch.ts'
import { insert } from '../../../db/rows.ts'
import { mintId } from '../../../server/domain/ids.ts'
import { takeNumbers } from '../../../server/shop/document-numbers.ts'
import { ENGINE } from '../../support/database.ts'
import { type CommandLine, openCommandLine } from '../../cli/command-line.ts'

const by = { actor: null, device: null, act: 'test' }
const brand = (trx: Trx, name: string) => insert(trx, 'brand', { name, name_key: name })

/** Takes a repair in, with money for it; what is seen of their numbers. */
async function takeIn(database: Database): Promise<{ ids: number[]; ticket: string; receipt: string }> {
  return await database.write(by, async (trx) => {
    const [ticket, receipt] = [(await takeNumbers(trx, 'ticket'))[0]!, (await takeNumbers(trx, 'receipt'))[0]!]
    const brand_id = await brand(trx, ticket)
    const device_type_id = await insert(trx, 'device_type', { name: ticket, name_key: ticket })
    const model_id = await insert(trx, 'model', { brand_id, device_type_id, name: ticket, name_key: ticket })
    const customer_id = await insert(trx, 'user', { full_name: 'Ann', role: 'customer', is_staff: 0, is_active: 1 })
    const device_id = await insert(trx, 'device', { brand_id, model_id, device_type_id })
    const cents = { cost_cents: 900, discount_cents: 0 }
    const order = { ticket_number: ticket, device_id, customer_id, ...cents, status: 'Pending' } as const
    const order_id = await insert(trx, 'repair_order', order)
    const how = { due_amount_cents: 900, status: 'Paid', paid_at: trx.act.now } as const
    const payment_id = await insert(trx, 'payment', { order_id, ...how })
    const money = { payment_id, order_id, amount_cents: 900, kind: 'payment', receipt_number: receipt } as const
    await insert(trx, 'payment_entry', money)
    return { ids: [brand_id, model_id, customer_id, device_id, order_id, payment_id], ticket, receipt }
  })
}

const countersOf = (database: Database) => database.db.selectFrom('counter').selectAll().orderBy('name').execute()
const findingsOf = async (database: Database) => (await readCheckRecord(database.db)).findings

/** What the counters were before two more repairs were taken in. */
async function fallBackADay(cli: CommandLine) {
  const { counters, last } = await cli.look(async (database) => {
    await takeIn(database)
    const counters = await countersOf(database)
    await takeIn(database)
    return { counters, last: await takeIn(database) }
  })
  for (const { name, n } of counters) await cli.tamper(`update counter set n = ${n} where name = '${name}'`)
  return last
}

test('counters that fell back a day give out fresh ids and numbers from the next start on', async () => {
  await using cli = await openCommandLine()
  const last = await fallBackADay(cli)
  await cli.look(async (database) => {
    expect(await findingsOf(database)).toContainEqual({
      kind: 'counter', name: 'ticket number', stood: 'S1-T1-000001', next: 'S1-T1-000004',
    }) // oxfmt-ignore
    const next = await takeIn(database)
    expect(next).toEqual({ ids: last.ids.map((id) => id + 1), ticket: 'S1-T1-000004', receipt: 'S1-T1-R000004' })
    expect((await checkContent(database)).findings).toEqual([])
  })
})

test('counters that are gone begin after the rows', async () => {
  await using cli = await openCommandLine()
  const last = await fallBackADay(cli)
  await cli.tamper('delete from counter')
  await cli.look(async (database) => {
    const { ids, ticket, receipt } = await takeIn(database)
    expect(ids).toEqual(last.ids.map((id) => id + 1))
    expect([ticket, receipt]).toEqual(['S1-T1-000004', 'S1-T1-R000004'])
  })
})

test('a series that has outgrown six digits goes on after its highest number', async () => {
  await using cli = await openCommandLine()
  await cli.look(async (database) => {
    await takeIn(database)
    await database.write(by, (trx) => takeNumbers(trx, 'ticket', 999_997))
    for (const ticket of ['S1-T1-999999', 'S1-T1-1000000']) expect(await takeIn(database)).toMatchObject({ ticket })
  })
  await cli.tamper(`update counter set n = 999998 where name = 'ticket number'`)
  await cli.look(async (database) => expect(await takeIn(database)).toMatchObject({ ticket: 'S1-T1-1000001' }))
})

test('receipts of before they had their letter count on in the same series', async () => {
  await using cli = await openCommandLine()
  await cli.look(takeIn)
  await cli.tamper(`update payment set receipt_number = 'S1-T1-000411'`)
  await cli.tamper(`update counter set n = 410 where name = 'receipt number'`)
  await cli.look(async (database) => {
    expect(await findingsOf(database)).toContainEqual({
      kind: 'counter', name: 'receipt number', stood: 'S1-T1-R000410', next: 'S1-T1-R000412',
    }) // oxfmt-ignore
    expect(await takeIn(database)).toMatchObject({ receipt: 'S1-T1-R000412' })
  })
})

test('counters that are ahead of the rows, and rows of others, are left alone', async () => {
  await using cli = await openCommandLine()
  await cli.look(async (database) => {
    await takeIn(database)
    await expect(
      database.write(by, async (trx) => {
        await brand(trx, 'undone')
        throw new Error('undone')
      }),
    ).rejects.toThrow('undone')
    await database.write(by, (trx) => takeNumbers(trx, 'ticket', 5))
  })
  const foreign = `${mintId(7, 400)}, 1, 'Theirs', 'theirs', 1, 1`
  await cli.tamper(`insert into brand (id, store_id, name, name_key, created_at, updated_at) values (${foreign})`)
  await cli.tamper(`insert into repair_order (id, store_id, ticket_number, device_id, customer_id, cost_cents, discount_cents, status,
    created_at, updated_at) select ${mintId(7, 400)}, store_id, 'S1-T2-000009', device_id, customer_id, 0, 0, status, 1, 1
    from repair_order limit 1`)
  const before = await cli.look(countersOf)
  await cli.look(async (database) => {
    expect(await countersOf(database)).toEqual(before)
    expect(await findingsOf(database)).toEqual([])
    expect((await checkContent(database)).findings.filter(({ kind }) => kind === 'counter')).toEqual([])
  })
})

test('after a restore the series of before counts neither as behind nor as the one to go on with', async () => {
  await using cli = await openCommandLine()
  const former = await cli.look(async (database) => {
    await takeIn(database)
    const counters = await countersOf(database)
    await database.write(by, (trx) => beginEpoch(trx, { epoch: 2, backup_at: 1_000 }))
    return counters
  })
  await cli.look(async (database) => {
    expect(await findingsOf(database)).toEqual([])
    expect(await takeIn(database)).toMatchObject({ ticket: 'S1-T1X2-000001' })
  })
  for (const { name, n, label } of former)
    await cli.tamper(`update counter set n = ${n}, label = ${label && `'${label}'`} where name = '${name}'`)
  await cli.look(async (database) => {
    expect(await findingsOf(database)).toContainEqual({
      kind: 'counter', name: 'ticket number', stood: 'S1-T1-000001', next: 'S1-T1X2-000002',
    }) // oxfmt-ignore
    expect(await takeIn(database)).toMatchObject({ ticket: 'S1-T1X2-000002', receipt: 'S1-T1X2-R000002' })
    // No row of this table says that there was a restore.
    const problem = await database.write(by, (trx) => insert(trx, 'problem', { name: 'Wet', name_key: 'wet' }))
    expect(problem).toBeGreaterThan(2 ** 24)
  })
})

test.skipIf(ENGINE === 'postgres')('the highest number is found by an index, without reading all numbers', async () => {
  await using cli = await openCommandLine()
  await cli.look(takeIn)
  await cli.look(async (database) => {
    await cli.tamper(`update counter set n = 0 where name like '% number'`)
    const { engine, rows } = reader(database.db)
    const steps: string[] = []
    const explained = async (text: string, parameters: readonly unknown[]) => {
      if (text.includes('order by length'))
        for (const [, , , step] of await rows(`explain query plan ${text}`, parameters)) steps.push(String(step))
      return await rows(text, parameters)
    }
    expect(await countersBehind({ engine, rows: explained })).toHaveLength(2)
    expect(steps.filter((step) => /^(SEARCH|SCAN) /.test(step))).toEqual([
      expect.stringMatching(/^SEARCH repair_order .*ticket_number>\? AND ticket_number<\?/),
      ...['payment', 'payment_entry', 'sales_payment_entry'].map((table) =>
        expect.stringMatching(new RegExp(`^SEARCH ${table} .*receipt_number>\\? AND receipt_number<\\?`)),
      ),
    ])
  })
})

test('a counter that falls back while a server runs is named by the check of the content', async () => {
  await using cli = await openCommandLine()
  await cli.look(async (database) => {
    await takeIn(database)
    await cli.tamper(`update counter set n = 0 where name in ('brand', 'receipt number')`)
    const { findings } = await checkContent(database)
    expect(findings).toMatchObject([
      { kind: 'counter', name: 'brand', stood: '0' },
      { kind: 'counter', name: 'receipt number', stood: 'S1-T1-R000000', next: 'S1-T1-R000002' },
    ])
    expect(await database.mendCounters()).toEqual(findings)
    await takeIn(database)
  })
})

test('a command says which counters it put right, status until a whole check, and verify that nothing is wrong any more', async () => {
  await using cli = await openCommandLine()
  await fallBackADay(cli)
  const sentence = 'The counter of brand had fallen back to 1, behind the rows. It goes on with 4.'
  expect((await cli.run(['status'])).err).toContain(sentence)
  expect(await cli.run(['status'])).toMatchObject({ code: 0, err: '', out: expect.stringContaining(sentence) })
  expect(await cli.run(['verify'])).toMatchObject({ code: 0, err: '' })
  expect((await cli.run(['status'])).out).not.toContain(sentence)
})
