import Sqlite from 'better-sqlite3'
import { openDatabase } from '../../../db/open.ts'
import { patch } from '../../../db/rows.ts'
import { owedInShop } from '../../../server/counter/repairs/repair-counts.ts'
import type { Child } from '../child.ts'
import { bytesOf, load, median } from '../load.ts'
import { report } from '../report.ts'

const OPEN = 10_000
const ROUNDS = 15

/** Rows of one transaction while repairs are closed. */
const BATCH = 5_000

/** Leaves so many of the repairs open, as a shop of that size has them, and promised; the file is this run's own. */
export async function leaveFewOpen(file: string): Promise<void> {
  const database = await openDatabase({ at: { file }, now: Date.now, onError: () => {} })
  const open = await database.db
    .selectFrom('repair_order')
    .select(['id', 'created_at'])
    .where('status', 'in', ['Pending', 'Repairing'])
    .where('deleted_at', 'is', null)
    .orderBy('id', 'desc')
    .execute()
  const now = Date.now()
  for (let start = 0; start < open.length; start += BATCH)
    await database.write({ actor: null, device: null, act: 'fill' }, async (trx) => {
      for (const [index, { id, created_at }] of open.slice(start, start + BATCH).entries())
        await (start + index < OPEN
          ? patch(trx, 'repair_order', id, { estimated_completion_date: now + ((id % 400) - 100) * 3_600_000 })
          : patch(trx, 'repair_order', id, { status: 'Completed', completed_at: created_at }))
    })
  await database.flushSearchIndex()
  await database.close()
}

/** The numbers of Today: all of them through the server, and what is owed beside a walk through the repairs in the shop. */
export async function today(fixpoint: Child, file: string, orders: number): Promise<void> {
  const ask = [bytesOf(fixpoint.port, { path: '/counter/today', token: fixpoint.ready.token })]
  await load(fixpoint.port, ask, { connections: 1, count: 20 })
  const { p50, p99 } = await load(fixpoint.port, ask, { connections: 1, count: 200 })
  const sqlite = new Sqlite(file, { readonly: true })
  const open = Number(sqlite.prepare(`select count(*) ${OPEN_ONES}`).pluck().get())
  const statements = NUMBERS.map((text) => sqlite.prepare(text))
  const floor = timesOf(() => JSON.stringify(statements.map((statement) => statement.get({ now: Date.now() }))))
  report({
    name: 'TODAY',
    what: `the numbers of Today at ${orders} orders, ${open} of them open`,
    goal: '≤ 10 ms, 1.5× of the statements + 1 ms',
    result: `p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)} ms (statements: ${median(floor).toFixed(1)} ms)`,
    reached: p50 <= 10 && p50 <= 1.5 * median(floor) + 1,
  })
  const database = await openDatabase({ at: { file }, now: Date.now, onError: () => {} })
  const walk = sqlite.prepare(WALK)
  const kept: number[] = []
  const walked: number[] = []
  // In turn, so that whatever else the machine does hits both; the first rounds find nothing in memory yet.
  for (let round = -ROUNDS; round < ROUNDS; round++) {
    const began = performance.now()
    await owedInShop(database.db, Date.now())
    const middle = performance.now()
    walk.get()
    if (round < 0) continue
    kept.push(middle - began)
    walked.push(performance.now() - middle)
  }
  await database.close()
  report({
    name: 'TODAY',
    what: 'what is owed in the shop, kept, against a walk through the open repairs and their money',
    goal: '≤ 0.5×',
    result: `${median(kept).toFixed(2)} ms against ${median(walked).toFixed(2)} ms\n${plan(sqlite, 'kept', KEPT)}\n${plan(sqlite, 'walk', WALK)}`,
    reached: median(kept) <= 0.5 * median(walked),
  })
  sqlite.close()
}

function timesOf(run: () => unknown): number[] {
  return Array.from({ length: ROUNDS }, () => {
    const began = performance.now()
    run()
    return performance.now() - began
  })
}

function plan(sqlite: Sqlite.Database, name: string, text: string): string {
  const steps = sqlite.prepare(`explain query plan ${text}`).all() as { detail: string }[]
  const { count } = sqlite.prepare(text).get() as { count: number }
  return `      TODAY ${name}, ${count} repairs: ${steps.map(({ detail }) => detail).join('; ')}`
}

const KEPT =
  "select count(*) as count, sum(due_cents) as cents from repair_due where status in ('Pending', 'Repairing')"
const WALK = `select count(*) as count, sum(due) as cents from (
  select cost_cents - discount_cents - coalesce(
    (select sum(amount_cents) from payment_entry where payment_entry.order_id = repair_order.id), 0) as due
  from repair_order where status in ('Pending', 'Repairing') and deleted_at is null) bill where due > 0`

const OPEN_ONES = "from repair_order where status in ('Pending', 'Repairing') and deleted_at is null"
const PROMISED = 'estimated_completion_date'
/** What the numbers are at least, each counted to 1,001. */
const NUMBERS = [
  `select count(*) as n from (select 1 ${OPEN_ONES} and ${PROMISED} < :now limit 1001)`,
  `select min(${PROMISED}) as at ${OPEN_ONES} and ${PROMISED} < :now`,
  `select count(*) as n from (select 1 ${OPEN_ONES} and ${PROMISED} between :now and :now + 43200000 limit 1001)`,
  `select count(*) as n from (select 1 from repair_order where completed_at > :now - 3628800000 and completed_at is not null
    and picked_up_at is null and deleted_at is null limit 1001)`,
  `select count(*) as n from (select 1 ${OPEN_ONES} and not exists (
    select 1 from assignment where order_id = repair_order.id and deleted_at is null) limit 1001)`,
  KEPT,
].map((text) => (text.includes(':now') ? text : `select * from (${text}) where :now > 0`))
