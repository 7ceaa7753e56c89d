import { expect } from 'vitest'
import { checkContent } from '../../../../db/check/check-content.ts'
import { streamHead } from '../../../../db/fleet/feed.ts'
import { upsertLocal } from '../../../../db/local.ts'
import { patch } from '../../../../db/rows.ts'
import { parkedTransactions, troublesOf } from '../../../../db/fleet/waiting.ts'
import { readCursors, readPosition } from '../../../../server/sync/agent/position.ts'
import { type Agent, type AgentParts, runAgent } from '../../../../server/sync/agent/run-agent.ts'
import { openSync } from '../../../../server/sync/take.ts'
import { eventually } from '../../../support/eventually.ts'
import { openShop } from '../../../support/shop.ts'
import { type Fleet, type FleetOptions, type Member, openFleet } from '../../support/fleet.ts'
import { secretOfNode } from '../../support/wire.ts'
import { type BadLine, openBadLine } from './bad-line.ts'
import { type Hands, openHands } from './hands.ts'

/** Head office and terminals whose agents talk with it over HTTP, over lines that a test makes bad. */

const SECOND = 1_000
const BY = { actor: null, device: null, act: 'test' }

export type Joined = {
  shop: Member
  line: BadLine
  hands: Hands
  agent: Agent
  run(parts?: Partial<AgentParts>): Promise<void>
}

/** Lets a shop's terminal in, over a line of its own, and runs its agent. */
export async function join(office: Member, shop: Member, parts: Partial<AgentParts> = {}): Promise<Joined> {
  const line = await openBadLine(office.url)
  const { sign, seal } = shop.context.keys.publicKeys
  await office.database.write(BY, (trx) => patch(trx, 'node', shop.node, { sign_key: sign, seal_key: seal }))
  const known = { incarnation: 'before', address: line.url, sign_key: null }
  await shop.database.write(BY, (trx) => upsertLocal(trx, 'head_office', { id: 1 }, known))
  const hands = openHands()
  const joined: Joined = {
    shop,
    line,
    hands,
    agent: undefined as unknown as Agent, // The next statement runs one.
    run: async (more = {}) => {
      const { database, context } = shop
      const { keys, log, now } = context
      const { monotonic, pause } = hands
      joined.agent = await runAgent({
        database,
        keys,
        log,
        now,
        version: '1',
        monotonic,
        pause,
        wholeMs: 20_000,
        ...parts,
        ...more,
      })
      Object.assign(context.run, { fleet: joined.agent, differences: joined.agent.differences })
    },
  }
  await joined.run()
  return joined
}

export async function openJoined(shops: number, options: FleetOptions = {}) {
  const fleet = await openFleet(shops, options)
  const joined: Joined[] = []
  for (const shop of fleet.shops) joined.push(await join(fleet.office, shop))
  return {
    ...fleet,
    joined,
    [Symbol.asyncDispose]: async () => {
      for (const { agent, line } of joined) {
        await agent.close()
        await line[Symbol.asyncDispose]()
      }
      await fleet[Symbol.asyncDispose]()
    },
  }
}

/** Whether a terminal and head office have all of each other. */
async function isInStep({ database: { db } }: Member, shop: Member): Promise<boolean> {
  const { waiting } = await readPosition(shop.database.db)
  const { cursors, streams } = await readCursors(shop.database.db)
  const [org, store] = [await streamHead(db, streams.org), await streamHead(db, streams.store)]
  const own = await db.selectFrom('self').innerJoin('origin_head', (on) =>
    on.onRef('origin_head.origin', '=', 'self.node_id').onRef('origin_head.epoch', '=', 'self.epoch'),
  ).select(['self.seq', 'origin_head.seq as published']).executeTakeFirst() // oxfmt-ignore
  return (
    waiting.ops === 0 && cursors.org.seq === org.seq && cursors.store.seq === store.seq && own?.seq === own?.published
  )
}

/** Lines are good from now on, and time goes by until everybody has everything. */
export async function comeTogether({ office, joined }: { office: Member; joined: readonly Joined[] }) {
  for (const { line } of joined) {
    line.fate = () => 'good'
    line.cut()
  }
  // Once all have sent what they had, the first has yet to hear what the last one sent.
  for (const { shop, hands } of [...joined, ...joined])
    await eventually(async () => {
      hands.pass(10 * SECOND)
      expect(await isInStep(office, shop)).toBe(true)
    })
}

const TABLES = [
  'user',
  'device',
  'repair_order',
  'intake',
  'payment',
  'payment_entry',
  'order_event',
  'brand',
  'model',
] as const

/** What a terminal and head office both have to have. */
async function sharedRows({ database: { db } }: Member, store: number) {
  const all: Record<string, unknown[]> = {}
  for (const table of TABLES) {
    const rows = db.selectFrom(table).selectAll().orderBy('id')
    all[table] =
      table === 'brand' || table === 'model' ? await rows.execute() : await rows.where('store_id', '=', store).execute()
  }
  return all
}

export async function expectTheSame(fleet: Fleet) {
  for (const { database } of fleet.all)
    expect([await troublesOf(database.db), await parkedTransactions(database.db)]).toEqual([[], []])
  for (const shop of fleet.shops)
    expect(await sharedRows(shop, shop.store)).toEqual(await sharedRows(fleet.office, shop.store))
  for (const { database } of fleet.all) expect((await checkContent(database)).findings).toEqual([])
}

/** Ends a terminal's server and starts it again on the same data. */
export async function restart({ shop, agent, run }: Joined) {
  await agent.close()
  await shop[Symbol.asyncDispose]()
  const { data, database } = shop.context.config
  const on = { folder: data, at: database, remove: async () => {} }
  const again = await openShop({ startsAt: shop.clock.now(), on, secret: secretOfNode(shop.node) })
  Object.assign(shop, again, { sync: await openSync(again.database) })
  await run()
}
