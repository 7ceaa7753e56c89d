import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import type { Database } from '../../../db/database.ts'
import { QUERY, type Trx } from '../../../db/handle.ts'
import { eraseBodies } from '../../../db/journal/erase.ts'
import { openDatabase } from '../../../db/open.ts'
import { insert, patch, remove } from '../../../db/rows.ts'
import { pullOnce } from '../../../server/sync/agent/pull.ts'
import type { Send } from '../../../server/sync/agent/send.ts'
import { fillClocks, readPast, stateUntold, untoldRows } from '../../../server/sync/history/past.ts'
import { answerPull } from '../../../server/sync/hub/answer-pull.ts'
import { openSync, type Sync } from '../../../server/sync/take.ts'
import { packWholeJournal } from '../../support/journal.ts'
import { becomeRole } from '../../support/other-chain.ts'
import { openShop, type Shop } from '../../support/shop.ts'

/** What a database that was alone brings into its fleet. */

const START = Date.UTC(2026, 0, 15, 9)
const BY = { actor: null, device: null, act: 'test' }

const write = <T>({ database }: Pick<Shop, 'database'>, run: (trx: Trx) => Promise<T>) => database.write(BY, run)
const PERSON = { role: 'customer', is_staff: false, is_active: true } as const

/** A shop with people and a problem, of which some were changed, some taken out of sight, and one erased. */
async function work(shop: Shop) {
  const [ada, eve, gone] = await write(shop, async (trx) => [
    await insert(trx, 'user', { full_name: 'Ada', ...PERSON }),
    await insert(trx, 'user', { full_name: 'Eve', ...PERSON }),
    await insert(trx, 'user', { full_name: 'Gone', ...PERSON }),
  ])
  const problem = await write(shop, (trx) => insert(trx, 'problem', { name: 'Screen', name_key: 'screen' }))
  shop.clock.pass(1_000)
  await write(shop, (trx) => patch(trx, 'user', ada!, { full_name: 'Ada Lovelace', phone: '1', phone_key: '1' }))
  await write(shop, (trx) => patch(trx, 'store', 1, { name: 'The shop', set_up_at: START }))
  await write(shop, (trx) => patch(trx, 'problem', problem, { description: 'broken' }))
  shop.clock.pass(1_000)
  await write(shop, (trx) => patch(trx, 'user', ada!, { phone: '2', phone_key: '2' }))
  await write(shop, (trx) => remove(trx, 'user', eve!))
  await write(shop, (trx) => patch(trx, 'user', gone!, { full_name: 'Erased' }))
  await eraseBodies(shop.database, BY, { user: [gone!] })
  await write(shop, (trx) => patch(trx, 'user', gone!, { is_active: false }))
  return { ada: ada!, eve: eve!, gone: gone!, problem }
}

const clocksOf = async ({ database: { db } }: Shop) =>
  (await db.selectFrom('field_clock').selectAll().orderBy('entity').orderBy('row_id').execute()).map(
    ({ stamps, ...row }) => ({ ...row, stamps: JSON.parse(stamps) }),
  )

test.each(['as it was written', 'packed'])(
  'the clocks that are filled from the journal are those that a machine of a fleet notes as it writes (%s)',
  async (form) => {
    await using shop = await openShop({ startsAt: START })
    await becomeRole(shop.database, 'head-office')
    await work(shop)
    const noted = await clocksOf(shop)
    expect(noted.length).toBeGreaterThan(4)
    await write(shop, (trx) => sql`delete from field_clock`.execute(trx[QUERY]))
    if (form === 'packed') await packWholeJournal(shop.database)
    const sync = await openSync(shop.database)
    const past = await readPast(sync)
    await write(shop, (trx) => fillClocks(trx, sync.known, past))
    expect(await clocksOf(shop)).toEqual(noted)
  },
)

test('what is written while the past is read has its clocks too', async () => {
  await using shop = await openShop({ startsAt: START })
  const { ada } = await work(shop)
  const sync = await openSync(shop.database)
  const past = await readPast(sync)
  await write(shop, (trx) => patch(trx, 'user', ada, { full_name: 'Ada meanwhile' }))
  const { seq } = await shop.database.db.selectFrom('self').select('seq').executeTakeFirstOrThrow()
  await write(shop, (trx) => fillClocks(trx, sync.known, past))
  const of = (await clocksOf(shop)).find(({ entity, row_id }) => entity === 'user' && row_id === ada)
  expect(of!.stamps.full_name[3]).toBe(seq)
  expect(of!.stamps.phone[3]).toBeLessThan(seq)
})

/** What a program of before wrote of one column of a register, which is whole today. */
async function patchAsBefore(shop: Shop, id: number, phone: string) {
  await write(shop, async (trx) => {
    await sql`update "user" set phone = ${phone} where id = ${id}`.execute(trx[QUERY])
    const [before, after] = [JSON.stringify({ phone: '2' }), JSON.stringify({ phone })]
    trx.act.ops.push({ entity: 'user', row_id: id, kind: 'patch', before, after })
  })
}

test('rows that the journal does not tell are stated anew: those from before it, and changes of an older program', async () => {
  await using shop = await openShop({ startsAt: START })
  const { ada } = await work(shop)
  await patchAsBefore(shop, ada, '3')
  const sync = await openSync(shop.database)
  const untold = [
    { entity: 'store', row_id: 1 },
    { entity: 'node', row_id: 0 },
    { entity: 'user', row_id: ada },
  ]
  const past = await readPast(sync)
  expect(await untoldRows(shop.database.db, past)).toEqual(untold)
  expect(await stateUntold(sync, past)).toBe(3)
  expect(await untoldRows(shop.database.db, await readPast(sync))).toEqual([])
  expect((await checkContent(shop.database)).findings).toEqual([])
})

test('a row of an erasure that was broken off before it was stated anew is stated anew', async () => {
  await using shop = await openShop({ startsAt: START })
  const { problem } = await work(shop)
  await write(shop, (trx) => patch(trx, 'problem', problem, { description: 'a note' }))
  const { seq } = await shop.database.db.selectFrom('self').select('seq').executeTakeFirstOrThrow()
  await write(shop, async (trx) => {
    await sql`update journal set before = null, after = null, salt = null where seq = ${seq}`.execute(trx[QUERY])
    const erased = JSON.stringify({ origin: 0, epoch: 1, seqs: [seq] })
    trx.act.ops.push({ entity: 'journal', row_id: seq, kind: 'erase', before: null, after: erased })
  })
  const sync = await openSync(shop.database)
  expect(await untoldRows(shop.database.db, await readPast(sync))).toContainEqual({
    entity: 'problem',
    row_id: problem,
  })
})

/** A terminal of the first store that has nothing but its own node, and its first store and node as every new database has them. */
async function openTerminal(): Promise<{ database: Database; sync: Sync; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-terminal-'))
  const at = { file: join(folder, 'fixpoint.db') }
  const database = await openDatabase({ at, now: () => START, onError: () => {} })
  await database.write(BY, async (trx) => {
    const row = { id: 1, store_id: 1, name: 'Counter', terminal: 'T2', created_at: START, updated_at: START }
    await trx[QUERY]
      .insertInto('node')
      .values(row as never)
      .execute()
    await sql`update self set node_id = 1, role = 'terminal'`.execute(trx[QUERY])
  })
  const close = async () => {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { database, sync: await openSync(database), close }
}

test('a new terminal that hears everything from the beginning has the rows of its head office, the first store and node too', async () => {
  await using shop = await openShop({ startsAt: START })
  const { ada, eve, gone } = await work(shop)
  await patchAsBefore(shop, ada, '3')
  const office = await openSync(shop.database)
  const past = await readPast(office)
  await stateUntold(office, past)
  await write(shop, async (trx) => {
    await fillClocks(trx, office.known, past)
    await sql`update self set role = 'head-office'`.execute(trx[QUERY])
  })
  shop.clock.pass(1_000)
  await write(shop, (trx) => insert(trx, 'node', { name: 'Counter', terminal: 'T2' }))
  await write(shop, (trx) => patch(trx, 'store', 1, { phone: '0170 1' }))
  const terminal = await openTerminal()
  try {
    const send: Send = async (_, body) => JSON.parse(JSON.stringify(await answerPull(office, 1, body)))
    while ((await pullOnce(terminal.sync, send)).more);
    for (const table of ['store', 'node', 'user', 'problem', 'category'] as const) {
      const rows = async ({ database: { db } }: Pick<Sync, 'database'>) =>
        await db.selectFrom(table).selectAll().orderBy('id').execute()
      const here = await rows(terminal)
      expect(here, table).toEqual(await rows(shop))
      expect(here.length, table).toBeGreaterThan(0)
    }
    const names = await terminal.database.db.selectFrom('user').select(['id', 'phone']).orderBy('id').execute()
    expect(names).toMatchObject([{ id: ada, phone: '3' }, { id: eve }, { id: gone }])
    const { db } = terminal.database
    for (const table of ['held', 'quarantine', 'conflict'] as const)
      expect(await db.selectFrom(table).selectAll().execute(), table).toEqual([])
    expect((await checkContent(terminal.database)).findings).toEqual([])
  } finally {
    await terminal.close()
  }
})
