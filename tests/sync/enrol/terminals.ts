import { join } from 'node:path'
import { sql } from 'kysely'
import { expect } from 'vitest'
import { sharesOf } from '../../../db/fleet/feed.ts'
import { finishReplacement } from '../../../db/file/replace.ts'
import { QUERY } from '../../../db/handle.ts'
import { insertLocal } from '../../../db/local.ts'
import { SYNCED_TABLES, type SyncedTable } from '../../../db/schema/schema.ts'
import { parkedTransactions, troublesOf } from '../../../db/fleet/waiting.ts'
import { pullOnce } from '../../../server/sync/agent/pull.ts'
import { pushOnce } from '../../../server/sync/agent/push.ts'
import type { Send } from '../../../server/sync/agent/send.ts'
import { homeOf } from '../../../server/sync/core/closure.ts'
import type { Fields } from '../../../server/sync/core/registers.ts'
import { askToJoin } from '../../../server/sync/enrol/ask.ts'
import { lineTo, openStage, planPlace, prepareTerminal } from '../../../server/sync/enrol/join.ts'
import { openSync, type Sync } from '../../../server/sync/take.ts'
import type { Enrolled } from '../../../server/sync/wire.ts'
import { openShop, type Reply, type Shop } from '../../support/shop.ts'
import { BY, keysOf, newFolder, type Office } from './office.ts'

/** A machine that has joined head office, with its server and its way there. */
export type Terminal = Shop & {
  node: number
  store: number
  sync: Sync
  send: Send
  counter(method: string, path: string, body?: unknown): Promise<Reply>
}

export type Machine = { folder: string; file: string; keys: ReturnType<typeof keysOf>; remove: () => void }

/** A computer with an empty data folder and a secret of its own. */
export function newMachine(): Machine {
  const { folder, remove } = newFolder()
  return { folder, file: join(folder, 'fixpoint.db'), keys: keysOf(folder), remove }
}

const { signal } = new AbortController()

/** Asks to be let in; `send` is the way to head office from then on. */
export async function ask(
  office: Office,
  code: string,
  { keys }: Machine,
): Promise<{ enrolled: Enrolled; send: Send }> {
  const address = new URL(office.url)
  const enrolled = await askToJoin({ address, code, name: null, keys, version: '0.1.0', signal })
  const line = lineTo(address, { enrolled, keys, now: office.clock.now })
  return { enrolled, send: (call, body) => line.send(call, body, { signal, onBytes: () => {} }) }
}

/** Makes the terminal's database and puts it in place. */
export async function place(office: Office, { file }: Machine, { enrolled, send }: { enrolled: Enrolled; send: Send }) {
  const { now } = office.clock
  await openStage(file)
  const address = new URL(office.url)
  await prepareTerminal({ file, enrolled, address, send, now, signal, progress: () => {} })
  planPlace(file, now())
  finishReplacement(file)
}

/** Opens what was put in place, with somebody of head office signed in there. */
export async function openTerminal(
  office: Office,
  { folder, file }: Machine,
  { enrolled, send }: { enrolled: Enrolled; send: Send },
): Promise<Terminal> {
  const shop = await openShop({
    startsAt: office.clock.now(),
    on: { folder, at: { file }, remove: async () => {} },
  })
  const [node, store] = [Number(enrolled.node['id']), Number(enrolled.store['id'])]
  const sid = `test-${node}`
  await shop.database.write(BY, async (trx) => {
    const session = { id: sid, user_id: office.owner.id, surface: 'v1' as const, token_hash: null, device: null, locked_at: null, ended_at: null }
    await insertLocal(trx, 'session', { ...session, created_at: trx.act.now, expires_at: trx.act.now + 86_400_000 })
  }) // oxfmt-ignore
  const token = shop.context.tokens.issue({ sub: office.owner.id, sid })
  return Object.assign(shop, {
    node,
    store,
    sync: await openSync(shop.database),
    send,
    counter: (method: string, path: string, body?: unknown) => shop.call(method, `/counter${path}`, { token, body }),
  })
}

/** All of it, by a good line. */
export async function joined(office: Office, code: string, machine: Machine): Promise<Terminal> {
  const asked = await ask(office, code, machine)
  await place(office, machine, asked)
  return await openTerminal(office, machine, asked)
}

/** Until nobody has anything to say. */
export async function drain(terminals: readonly Terminal[]): Promise<void> {
  for (let round = 0; round < 3; round++)
    for (const { sync, send } of terminals) {
      while ((await pushOnce(sync, send)).more);
      while ((await pullOnce(sync, send)).more);
    }
}

async function rowsOf({ database }: Pick<Shop, 'database'>, table: SyncedTable): Promise<Map<number, Fields>> {
  const { rows } = await sql<Fields & { id: number }>`select * from ${sql.table(table)}`.execute(database.db[QUERY])
  return new Map(rows.map((row) => [row.id, row]))
}

/** Of what was dated back when it was written, as the demonstration is, the day of the entry counts elsewhere: nothing compares it. */
const sorted = (rows: readonly Fields[]) =>
  rows.map(({ updated_at: _, ...row }) => row).toSorted((a, b) => Number(a['id']) - Number(b['id']))

/** A terminal has every row that head office has for its store and for all, and no other; nothing waits on either side. */
export async function expectSame(office: Office, terminal: Terminal): Promise<void> {
  for (const { database } of [office, terminal])
    expect([await troublesOf(database.db), await parkedTransactions(database.db)]).toEqual([[], []])
  for (const table of SYNCED_TABLES) {
    const expected: Fields[] = []
    for (const [id, row] of await rowsOf(office, table)) {
      const streams = [homeOf(table, row), ...(await sharesOf(office.database.db, table, id))]
      if (streams.some((stream) => stream === 'org' || stream === `store:${terminal.store}`)) expected.push(row)
    }
    const here = [...(await rowsOf(terminal, table)).values()]
    expect(sorted(here), `${table} at ${terminal.node}`).toEqual(sorted(expected))
  }
}
