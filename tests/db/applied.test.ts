import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { applyEntries, applyInTurns, type ReceivedEntry } from '../../db/applied.ts'
import { readClocks, saveClocks } from '../../db/clocks.ts'
import type { CommittedRow } from '../../db/database.ts'
import { QUERY, type Trx } from '../../db/handle.ts'
import { openDatabase } from '../../db/open.ts'
import { insert, patch, rejournal, remove } from '../../db/rows.ts'
import { type Counter, openCounter } from '../counter/counter-shop.ts'
import { ENGINE } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { journalOf } from '../support/journal.ts'
import { applyAll, becomeRole, blank, clockOf, otherNode, writesOf } from '../support/other-chain.ts'

const by = { actor: null, device: null, act: 'sync' }
const AT = Date.UTC(2026, 0, 15, 8)

const OLGA = {
  store_id: 1, full_name: 'Olga Quince', phone: '555 0177', phone_key: '5550177', role: 'customer', is_staff: 0, is_active: 1,
} // oxfmt-ignore

const apply = (shop: Pick<Counter, 'database'>, entries: readonly ReceivedEntry[]) =>
  shop.database.write(by, (trx) => applyAll(trx, entries))

const clocksOf = ({ database }: Pick<Counter, 'database'>) =>
  database.db.selectFrom('field_clock').select(['entity', 'row_id']).orderBy('entity').orderBy('row_id').execute()

test('what another node put, changed and took away is in the rows as it said, and no entry of this machine tells of it', async () => {
  await using shop = await openCounter()
  const other = otherNode(7)
  const id = other.id(1)
  const own = (await journalOf(shop.database)).length
  await apply(shop, other.says(AT, [{ entity: 'user', row_id: id, kind: 'put', after: OLGA }]))
  const [before, after] = [{ full_name: 'Olga Quince' }, { full_name: 'Olga Plum' }]
  await apply(shop, other.says(AT + 5, [{ entity: 'user', row_id: id, kind: 'patch', before, after }]))
  const row = () => shop.database.db.selectFrom('user').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const whole = { ...OLGA, full_name: 'Olga Plum', created_at: AT, updated_at: AT + 5, deleted_at: null }
  expect(await row()).toMatchObject(whole)
  await apply(shop, other.says(AT + 9, [{ entity: 'user', row_id: id, kind: 'del' }]))
  expect(await row()).toMatchObject({ ...whole, updated_at: AT + 9, deleted_at: AT + 9 })
  expect(await journalOf(shop.database)).toHaveLength(own)
})

test('search and what is owed follow rows that came, and the counter finds them', async () => {
  await using shop = await openCounter()
  const other = otherNode(7)
  const id = other.id(1)
  const found = async (q: string) => (await shop.counter('GET', `/customers?q=${q}`)).body.map((one: any) => one.id)
  await apply(shop, other.says(AT, [{ entity: 'user', row_id: id, kind: 'put', after: OLGA }]))
  expect(await found('quince')).toEqual([id])
  const { order_id, customer_id } = await shop.takeIn({ estimate_cents: 9_000 })
  const owed = async () => (await shop.counter('GET', `/customers/${customer_id}`)).body.balance_cents
  const due = () => shop.database.db.selectFrom('repair_due').select(['order_id', 'due_cents']).execute()
  await shop.database.flushSearchIndex()
  expect([await owed(), await due()]).toEqual([9_000, [{ order_id, due_cents: 9_000 }]])
  const payment = {
    store_id: 1,
    order_id,
    due_amount_cents: 4_000,
    status: 'Completed',
    payment_method: 'Cash',
    paid_at: AT,
  }
  const entry = { store_id: 1, payment_id: other.id(1), order_id, amount_cents: 4_000, kind: 'payment' }
  await apply(
    shop,
    other.says(AT, [
      { entity: 'payment', row_id: other.id(1), kind: 'put', after: { ...payment, cost_cents: 0, discount_cents: 0 } },
      { entity: 'payment_entry', row_id: other.id(1), kind: 'put', after: entry },
    ]),
  )
  await shop.database.flushSearchIndex()
  expect([await owed(), await due()]).toEqual([5_000, [{ order_id, due_cents: 5_000 }]])
  const gone = other.says(AT + 1, [{ entity: 'user', row_id: id, kind: 'del' }])
  await apply(shop, gone)
  expect(await found('quince')).toEqual([])
})

test('whoever listens hears of rows that came, in this process and in another', async () => {
  await using shop = await openCounter()
  const beside = await openDatabase({ at: shop.context.config.database, now: shop.clock.now, onError: () => {} })
  const heard: { here: CommittedRow[]; beside: CommittedRow[] } = { here: [], beside: [] }
  shop.database.onCommit((rows) => void heard.here.push(...rows))
  beside.onCommit((rows) => void heard.beside.push(...rows))
  const other = otherNode(7)
  const put = (n: number) => other.says(AT, [{ entity: 'user', row_id: other.id(n), kind: 'put', after: OLGA }])
  await apply(shop, put(1))
  const first = { entity: 'user', id: other.id(1) }
  expect(heard.here).toEqual([first])
  // What came before its first look it does not tell: nobody had asked anything yet.
  let n = 1
  await eventually(async () => {
    await apply(shop, put(++n))
    expect(heard.beside.some(({ entity }) => entity === 'user')).toBe(true)
  })
  const { length } = heard.here
  await eventually(() => expect(heard.beside.at(-1)).toEqual(heard.here.at(-1)))
  expect(heard.here).toHaveLength(length)
  await beside.close()
})

test('a row has clocks from its first change on, by whomever, and is restated as a whole', async () => {
  await using shop = await openCounter()
  await becomeRole(shop.database, 'terminal')
  const other = otherNode(7)
  const id = other.id(1)
  const brand = await shop.write((trx) => insert(trx, 'brand', { name: 'Apple', name_key: 'apple' }))
  await apply(shop, other.says(AT, [{ entity: 'user', row_id: id, kind: 'put', after: OLGA }]))
  expect(await clocksOf(shop)).toEqual([])
  const before = { phone: '555 0177', phone_key: '5550177', phone_shared_at: null }
  const after = { phone: null, phone_key: null, phone_shared_at: null }
  const changed = other.says(AT + 1, [{ entity: 'user', row_id: id, kind: 'patch', before, after }])
  await apply(shop, changed)
  await shop.write((trx) => patch(trx, 'user', id, { is_staff: true }))
  await shop.write((trx) => remove(trx, 'brand', brand))
  expect(await clocksOf(shop)).toEqual([
    { entity: 'brand', row_id: brand },
    { entity: 'user', row_id: id },
  ])
  const [own] = (await journalOf(shop.database))
    .filter(({ entity, kind }) => entity === 'user' && kind === 'patch')
    .slice(-1)
  const ownClock = { stamp: own!.hlc, origin: own!.origin, epoch: own!.epoch, seq: own!.seq }
  expect(await readClocks(shop.database.db, 'user', id)).toEqual({
    put: null,
    registers: { phone: clockOf(changed[0]!), role: ownClock },
  })
  await shop.write((trx) => saveClocks(trx, 'user', id, { registers: { role: null } }))
  expect((await readClocks(shop.database.db, 'user', id)).registers).toEqual({ phone: clockOf(changed[0]!) })
  await shop.write((trx) => rejournal(trx, 'user', id))
  const { put, registers } = await readClocks(shop.database.db, 'user', id)
  expect([put!.seq, registers]).toEqual([(await journalOf(shop.database)).at(-1)!.seq, {}])
})

test('a machine without a head office keeps no clocks', async () => {
  await using shop = await openCounter()
  await shop.takeIn()
  expect(await clocksOf(shop)).toEqual([])
})

test('head office keeps each entry in its journal under its origin, those without a body or an effect too; a terminal none', async () => {
  for (const role of ['head-office', 'terminal'] as const) {
    await using shop = await openCounter()
    await becomeRole(shop.database, role)
    const other = otherNode(7)
    const put = other.says(AT, [{ entity: 'user', row_id: other.id(1), kind: 'put', after: OLGA }])
    const [before, after] = [{ full_name: 'Olga' }, { full_name: 'Lost' }]
    const lost = other.says(AT + 1, [{ entity: 'user', row_id: other.id(1), kind: 'patch', before, after }])
    const erased = blank(
      other.says(AT + 2, [{ entity: 'user', row_id: other.id(1), kind: 'patch', before, after }]),
    ).map((entry) => ({ ...entry, stamp: '019bbb0000aa-0000-00000000' }))
    await apply(shop, put)
    await shop.database.write(by, (trx) => applyEntries(trx, [...lost, ...erased], []))
    const kept = await shop.database.db.selectFrom('journal').selectAll().where('origin', '=', 7).execute()
    expect(kept).toMatchObject(role === 'terminal' ? [] : [...put, ...lost, ...erased])
    expect(kept).toHaveLength(role === 'terminal' ? 0 : 3)
  }
})

test('the clock goes on behind what it has heard, and forgets it with a transaction that fails', async () => {
  await using shop = await openCounter()
  const other = otherNode(7)
  const ahead = shop.clock.now() + 5 * 60_000
  const put = (n: number, at: number) =>
    other.says(at, [{ entity: 'user', row_id: other.id(n), kind: 'put', after: OLGA }])
  const hlc = async () => (await shop.database.db.selectFrom('self').select('hlc').executeTakeFirstOrThrow()).hlc!
  const before = await hlc()
  const entries = put(1, ahead)
  const failing = shop.database.write(by, async (trx) => {
    await applyAll(trx, entries)
    throw new Error('the disk is full')
  })
  await expect(failing).rejects.toThrow('the disk is full')
  expect([await hlc(), (await shop.database.db.selectFrom('arrival').select('n').execute()).length]).toEqual([
    before,
    0,
  ])
  await apply(shop, entries)
  expect((await hlc()).slice(0, 17)).toBe(entries[0]!.hlc.slice(0, 17))
  await shop.takeIn()
  const last = (await journalOf(shop.database)).at(-1)!
  expect(last.hlc > entries[0]!.hlc).toBe(true)
})

test('a row that is not as was decided ends the transaction with nothing of it', async () => {
  await using shop = await openCounter()
  const other = otherNode(7)
  const entries = other.says(AT, [
    { entity: 'user', row_id: other.id(1), kind: 'put', after: OLGA },
    { entity: 'device', row_id: other.id(1), kind: 'put', after: { ...shop.kind, store_id: 1, owner_id: 4_711 } },
  ])
  await expect(apply(shop, entries)).rejects.toThrow(/FOREIGN KEY|foreign key/)
  const people = await shop.database.db.selectFrom('user').select('id').where('id', '=', other.id(1)).execute()
  expect(people).toEqual([])
})

test.skipIf(ENGINE === 'postgres')(
  'a row that is changed past both writers beside one that came is found',
  async () => {
    await using shop = await openCounter()
    const other = otherNode(7)
    const written = shop.database.write(by, async (trx) => {
      await applyAll(trx, other.says(AT, [{ entity: 'user', row_id: other.id(1), kind: 'put', after: OLGA }]))
      await sql`update "user" set full_name = 'Else' where id in (${other.id(1)}, ${shop.staff.id})`.execute(trx[QUERY])
    })
    await expect(written).rejects.toThrow(`sync changed user ${shop.staff.id} past the journal`)
  },
)

test('others have their turn between the transactions of a backlog, and never within one', async () => {
  await using shop = await openCounter()
  const other = otherNode(7)
  const brands = (n: number) =>
    Array.from({ length: 40 }, (_, index) => {
      const name = `Brand ${n}-${index}`
      const after = { store_id: 1, name, name_key: name.toLowerCase() }
      return { entity: 'brand', row_id: other.id(n * 40 + index + 1), kind: 'put', after } as const
    })
  const backlog = Array.from({ length: 60 }, (_, n) => other.says(AT, brands(n)))
  const commits: number[] = []
  let seen: number[] = []
  const look = async () => {
    while (commits.at(-1) !== backlog.length) {
      const { count } = await shop.database.write(by, (trx) => countOf(trx))
      seen.push(count)
      await new Promise(setImmediate)
    }
  }
  const applied = applyInTurns(
    shop.database,
    by,
    backlog,
    async (trx, entries) => {
      const until = performance.now() + 5 // As deciding takes.
      while (performance.now() < until);
      await applyEntries(trx, entries, writesOf(entries))
    },
    (done) => commits.push(done),
  )
  await Promise.all([applied, look()])
  expect(commits.length).toBeGreaterThan(2)
  expect(commits.at(-1)).toBe(60)
  seen = [...new Set(seen)].filter((count) => count > 0 && count < 2_400)
  expect(seen.length).toBeGreaterThan(1)
  expect(seen.filter((count) => count % 40 !== 0)).toEqual([])
})

const countOf = async (trx: Trx) =>
  await trx
    .selectFrom('brand')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('name', 'like', 'Brand %')
    .executeTakeFirstOrThrow()
