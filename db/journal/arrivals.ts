import { run } from '../engines/sql-text.ts'
import type { CommittedRow } from '../database.ts'
import { type Db, QUERY, type Trx } from '../handle.ts'

/**
 * Which rows were written by what came from other nodes: the head of this machine's journal does not move with them, so that its
 * other processes would not hear of them. The tripwire knows them by it too.
 */

/** Transactions that are kept; other processes look once a second. */
const KEPT = 1_000

/**
 * Writes down what the transaction has applied and returns its number, null where that is nothing. Within the one write that
 * there is at a time: the numbers have no gaps.
 */
export async function recordArrival({ engine, act, [QUERY]: query }: Trx): Promise<number | null> {
  if (act.applied.size === 0) return null
  const rows = JSON.stringify(Object.fromEntries([...act.applied].map(([table, ids]) => [table, [...ids]])))
  const add = `insert into arrival (n, at, rows) select coalesce(max(n), 0) + 1, ?, ? from arrival returning n`
  const [added] = await run<{ n: number }>(query, engine, add, [act.now, rows])
  await run(query, engine, 'delete from arrival where n <= ?', [added!.n - KEPT])
  return added!.n
}

/** The number of the last transaction that applied anything; 0 before the first. */
export async function lastArrival(db: Db): Promise<number> {
  const last = await db
    .selectFrom('arrival')
    .select(({ fn }) => fn.max('n').as('n'))
    .executeTakeFirst()
  return last?.n ?? 0
}

/** The rows of the next `most` transactions that applied anything after `n`, the last of these, and whether there are others. */
export async function arrivalsAfter(
  db: Db,
  n: number,
  most: number,
): Promise<{ rows: CommittedRow[]; last: number; isMore: boolean }> {
  const arrived = db
    .selectFrom('arrival')
    .select(['n', 'rows'])
    .where('n', '>', n)
    .orderBy('n')
    .limit(most + 1)
  const found = await arrived.execute()
  const byTable = new Map<string, Set<number>>()
  for (const { rows } of found.slice(0, most)) addTo(byTable, rows)
  const rows = [...byTable].flatMap(([entity, ids]) => [...ids].map((id) => ({ entity, id })))
  return { rows, last: found.slice(0, most).at(-1)?.n ?? n, isMore: found.length > most }
}

function addTo(byTable: Map<string, Set<number>>, rows: string) {
  // As `recordArrival` wrote it.
  for (const [entity, ids] of Object.entries(JSON.parse(rows) as Record<string, number[]>))
    byTable.set(entity, new Set([...(byTable.get(entity) ?? []), ...ids]))
}

/** The rows that were applied after the transaction `n`, as far as they are kept; of each table at most `most`, the last. */
export async function arrivedAfter(db: Db, n: number, most: number): Promise<CommittedRow[]> {
  const found = await db.selectFrom('arrival').select('rows').where('n', '>', n).orderBy('n').execute()
  const byTable = new Map<string, Set<number>>()
  for (const { rows } of found) addTo(byTable, rows)
  return [...byTable].flatMap(([entity, ids]) => [...ids].slice(-most).map((id) => ({ entity, id })))
}
