import Database from 'better-sqlite3'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database as Opened } from '../../../db/database.ts'
import { openDatabase } from '../../../db/open.ts'
import { openCounter } from '../../counter/counter-shop.ts'
import { report } from '../report.ts'

/** P11: the journal beside the data it describes, in bytes of the file's pages, as it is written and once it is packed. */

const REPAIRS = 1_000
/** Longest that a slice of packing may hold up whoever else writes, in ms. */
const SLICE_MS = 20

/** A thousand repairs of the counter, from intake to hand-over. */
export async function repairsOfTheCounter(): Promise<void> {
  await using shop = await openCounter()
  const { file } = shop.context.config.database as { file: string } // It runs on SQLite alone.
  await repair(shop, 0) // Shapes, first pages and first rows are no repair's.
  await pack(shop.database, 0)
  const before = sizesOf(file)
  for (let n = 1; n <= REPAIRS; n++) await repair(shop, n)
  await shop.database.flushSearchIndex()
  const written = sizesOf(file)
  await pack(shop.database, 0)
  const packed = sizesOf(file)
  const data = (written.data - before.data) / REPAIRS
  const journal = (of: typeof written) => (of.journal - before.journal) / REPAIRS
  reportRatio('a repair of the counter', data, journal(written), journal(packed), 1.6)
}

async function repair({ takeIn, counter, problem_id }: Awaited<ReturnType<typeof openCounter>>, n: number) {
  const done = async (reply: ReturnType<typeof counter>) => {
    const { status, text } = await reply
    if (status >= 300) throw new Error(text)
  }
  const ticket = await takeIn({
    problem_ids: [problem_id],
    note: `Fell on the stairs on day ${n}, the display has a crack from the top left corner`,
    accessories: ['charger', 'case'],
    condition: { Display: 'broken', Case: 'worn', Buttons: 'ok', Camera: 'ok' },
    estimate_cents: 8_900,
  })
  const path = `/tickets/${ticket.order_id}`
  await done(counter('POST', `${path}/messages`, { text: 'The part is ordered and comes on Thursday' }))
  await done(counter('PATCH', path, { status: 'Repairing' }))
  await done(counter('PATCH', path, { status: 'Completed' }))
  await done(counter('POST', `${path}/payments`, { amount_cents: 8_900, method: 'Cash' }))
}

/** The large shop's orders, on a copy of its file. */
export async function importedOrders(file: string, orders: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-journal-'))
  const copy = join(folder, 'fixpoint.db')
  try {
    copyFileSync(file, copy)
    const database = await openDatabase({ at: { file: copy }, now: Date.now, onError: (error) => console.error(error) })
    const written = sizesOf(copy)
    const began = process.cpuUsage()
    const longest = await pack(database, 0)
    const { user, system } = process.cpuUsage(began)
    const packed = sizesOf(copy)
    await database.close()
    reportRatio('an order', written.data / orders, written.journal / orders, packed.journal / orders, 1)
    const result = `${((user + system) / 1e6).toFixed(0)} s CPU, longest slice ${longest.toFixed(0)} ms`
    report({
      name: 'P11',
      what: `packing all of it`,
      goal: `slices of ${SLICE_MS} ms`,
      result,
      reached: longest <= 3 * SLICE_MS,
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Returns the longest slice, in ms. */
async function pack(database: Opened, kept: number): Promise<number> {
  let longest = 0
  for (let more = true; more;) {
    const began = performance.now()
    more = await database.packJournal(SLICE_MS, kept)
    longest = Math.max(longest, performance.now() - began)
  }
  return longest
}

function sizesOf(file: string): { data: number; journal: number } {
  const database = new Database(file, { readonly: true })
  try {
    const size = (which: string) =>
      database.prepare(`select sum(pgsize) from dbstat where name ${which}`).pluck().get() as number // A sum.
    const like = `like '%journal%'`
    return { data: size(`not ${like}`), journal: size(like) }
  } finally {
    database.close()
  }
}

function reportRatio(of: string, data: number, written: number, packed: number, goal: number) {
  const result = `${(packed / data).toFixed(2)} × (${Math.round(packed)} B to ${Math.round(data)} B of rows, indexes and search), before packing ${(written / data).toFixed(2)} × (${Math.round(written)} B)`
  report({
    name: 'P11',
    what: `journal of ${of} against its data`,
    goal: `≤ ${goal.toFixed(1)} ×`,
    result,
    reached: packed / data <= goal,
  })
}
