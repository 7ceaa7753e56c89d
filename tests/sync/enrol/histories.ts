import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { sql } from 'kysely'
import { REFERENCES } from '../../../db/schema/references.ts'
import { finishReplacement } from '../../../db/file/replace.ts'
import { QUERY, type Trx } from '../../../db/handle.ts'
import { insertMany, type NewRow } from '../../../db/rows.ts'
import { SYNCED_TABLES, type SyncedTable } from '../../../db/schema/schema.ts'
import { readColumns } from '../../../db/row-states.ts'
import { openTokens } from '../../../server/http/auth/tokens.ts'
import { askToJoin } from '../../../server/sync/enrol/ask.ts'
import { historyOf, type HistoryOptions } from '../../../server/sync/enrol/history/bring-history.ts'
import { decidedBy } from '../../../server/sync/enrol/history/plan.ts'
import { lineTo, openStage, planPlace, prepareTerminal } from '../../../server/sync/enrol/join.ts'
import { bringUpToDate } from '../../../server/upkeep.ts'
import { fillOwnTables } from '../../support/own-rows.ts'
import { keysOf, newFolder, type Office, openSetUp } from './office.ts'
import { type Machine, openTerminal, type Terminal } from './terminals.ts'

/** Shops that have worked alone, and join head office with what they have. */

/** That of every shop in a test. */
const SECRET = 'a secret of thirty-two characters, or more'
const { signal } = new AbortController()

/** The data folder of a shop with a history, which nobody serves. */
export type OldMachine = Machine & { old: string }

/** A shop that lives in a file of its own for as long as `live` takes. */
export async function shopWithHistory(
  live: (shop: Office) => Promise<void>,
  options: { demo?: boolean; startsAt?: number } = {},
): Promise<OldMachine> {
  const { folder, remove } = newFolder()
  const file = join(folder, 'fixpoint.db')
  const at = { on: { folder, at: { file }, remove: async () => {} } }
  const shop = await openSetUp({ ...at, ...options })
  try {
    await live(shop)
    await bringUpToDate(shop)
  } finally {
    await shop[Symbol.asyncDispose]()
  }
  return { folder, file, keys: keysOf(folder), remove, old: file }
}

/** Rows in each table, also of this machine alone: what nothing has written is made up of rows that are there. */
export async function fillEachTable(trx: Trx): Promise<void> {
  const columns = await readColumns(trx)
  for (const table of SYNCED_TABLES) {
    const [first] = (await sql<{ id: number }>`select id from ${sql.table(table)} limit 1`.execute(trx[QUERY])).rows
    if (first) continue
    const row: Record<string, unknown> = {}
    for (const [name, { type, nullable }] of columns.get(table)!) {
      if (['id', 'store_id', 'created_at', 'updated_at', 'deleted_at'].includes(name)) continue
      const of = (REFERENCES[table] as Record<string, SyncedTable>)[name]
      if (of) row[name] = nullable ? null : await firstOf(trx, of)
      else if (!nullable) row[name] = type === 'int' ? 0 : '[]'
    }
    await insertMany(trx, table, [row as unknown as NewRow<SyncedTable>])
  }
  await fillOwnTables(trx)
}

const firstOf = async (trx: Trx, table: SyncedTable) =>
  (await sql<{ id: number }>`select id from ${sql.table(table)} order by id limit 1`.execute(trx[QUERY])).rows[0]!.id

type JoinOptions = Partial<Pick<HistoryOptions, 'decide' | 'progress' | 'signal'>> & {
  /** Who is whom, as somebody typed it. */
  people?: ReadonlyMap<number, number | null>
  /** What the machine says of its shop. */
  currency?: string
}

/** Asks head office and makes the terminal's database, which is not put in place yet. */
export async function prepareHistory(office: Office, code: string, machine: OldMachine, options: JoinOptions = {}) {
  const { file, keys } = machine
  const { now } = office.clock
  const address = new URL(office.url)
  await openStage(file)
  const enrolled = await askToJoin({
    address,
    code,
    name: null,
    keys,
    version: '0.1.0',
    currency: options.currency ?? 'EUR',
    signal,
  })
  const line = lineTo(address, { enrolled, keys, now })
  const send = (call: 'push' | 'pull', body: unknown) => line.send(call, body, { signal, onBytes: () => {} })
  const { derive } = openTokens(SECRET, { now, expiry: now })
  const history = historyOf({
    file,
    enrolled,
    derive,
    signal: options.signal ?? signal,
    progress: options.progress ?? (() => {}),
    decide: options.decide ?? ((plan, db) => decidedBy(plan, db, options.people ?? new Map())),
  })
  await prepareTerminal({
    file,
    enrolled,
    address,
    send,
    now,
    signal,
    progress: options.progress ?? (() => {}),
    history,
  })
  return { enrolled, send }
}

/** All of it; the shop is head office's terminal then, with somebody signed in. */
export async function joinedWithHistory(
  office: Office,
  code: string,
  machine: OldMachine,
  options: JoinOptions = {},
): Promise<Terminal> {
  const asked = await prepareHistory(office, code, machine, options)
  planPlace(machine.file, office.clock.now())
  finishReplacement(machine.file)
  return await openTerminal(office, machine, asked)
}

/** A shop with all that there is takes a while to make, and to be heard. */
export const LONG = { timeout: 600_000 }

/** The machine, whose folder goes with the test. */
export function kept(machine: OldMachine): OldMachine {
  onTestFinished(machine.remove)
  return machine
}

/** Nobody of the shop is known at head office. */
export const strangers = async (plan: { people: readonly { id: number }[] }) =>
  new Map(plan.people.map(({ id }) => [id, null] as const))
/** The store of a code. */
export const HARBOUR = { store: { code: 'S2', name: 'Harbour' } }
