import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { QUERY, type Trx } from '../../../db/handle.ts'
import { insertLocal } from '../../../db/local.ts'
import { openDatabase } from '../../../db/open.ts'
import type { Config } from '../../../server/config.ts'
import { insert, insertMany } from '../../../db/rows.ts'
import { inStore } from '../../../db/handle.ts'
import { answerPull } from '../../../server/sync/hub/answer-pull.ts'
import { takePush } from '../../../server/sync/hub/take-push.ts'
import { pullOnce } from '../../../server/sync/agent/pull.ts'
import { pushOnce } from '../../../server/sync/agent/push.ts'
import type { Send } from '../../../server/sync/agent/send.ts'
import { afterBatch } from '../../../server/sync/after/after-batch.ts'
import { openSync, type Sync } from '../../../server/sync/take.ts'
import { addModel, addNamed } from '../../../server/shop/devices/catalogue.ts'
import { addProduct } from '../../../server/shop/stock/product-changes.ts'
import { openShop, type Reply, type Shop } from '../../support/shop.ts'
import { becomeRole } from '../../support/other-chain.ts'
import { secretOfNode } from './wire.ts'

/** Head office on the engine of this run, and shops on SQLite, each with its server, database and clock. */

export const START = Date.UTC(2026, 0, 15, 9)
const BY = { actor: null, device: null, act: 'test' }

/** `node` is its number, `store` its store's; `line` is its way to head office, a good one unless a test breaks it. */
export type Member = Shop & {
  node: number
  store: number
  sync: Sync
  /** Somebody who works in the store, signed in here. */
  clerk: { id: number; token: string }
  line: Line
  send: Send
  counter(method: string, path: string, body?: unknown): Promise<Reply>
  write<T>(run: (trx: Trx) => Promise<T>): Promise<T>
}
/** Says of each call what becomes of it. */
export type Line = { now: () => 'good' | 'request lost' | 'reply lost' | 'doubled' }

/** What head office has in its catalogue from the first day on. */
export type Catalogue = {
  brand_id: number
  device_type_id: number
  model_id: number
  problem_id: number
  product_id: number
}

export type FleetOptions = { oneStore?: boolean; beside?: boolean; startsAt?: number; config?: Partial<Config> }

export type Fleet = {
  catalogue: Catalogue
  office: Member
  shops: Member[]
  all: Member[]
  [Symbol.asyncDispose](): Promise<void>
}

/** Each shop is a store with one node, or all are nodes of one store; with `beside` one more is a node of head office's store. */
export async function openFleet(
  shops = 2,
  { oneStore = false, beside = false, startsAt = START, config = {} }: FleetOptions = {},
): Promise<Fleet> {
  const office = await openShop({ startsAt, config })
  await becomeRole(office.database, 'head-office')
  const numbers = Array.from({ length: beside ? shops + 1 : shops }, (_, index) => index + 1)
  const storeOf = (n: number) => (n > shops ? 1 : oneStore ? 2 : n + 1)
  const staff = await office.database.write(BY, async (trx) => {
    const people = [await addClerk(trx, 'Olive Office', null)]
    for (const n of numbers) {
      const store = storeOf(n)
      if (store === n + 1) await insert(trx, 'store', { ...STORE, code: `S${n + 1}`, name: `Shop ${n}` })
      const node = { name: `Terminal of ${n}`, terminal: terminalOf(n, store) }
      await insertMany(inStore(trx, store), 'node', [node])
      people.push(await addClerk(inStore(trx, store), `Clerk of ${n}`, store))
    }
    return people
  })
  const catalogue = await office.database.write(BY, addCatalogue)
  const officeSync = await openSync(office.database)
  const members = [await memberOf(office, officeSync, 0, 1, staff[0]!, officeSync)]
  const folders: string[] = []
  for (const n of numbers) {
    const folder = mkdtempSync(join(tmpdir(), 'fixpoint-fleet-'))
    folders.push(folder)
    members.push(await openMember(folder, n, storeOf(n), staff[n]!, officeSync, { startsAt, config }))
  }
  return {
    catalogue,
    office: members[0]!,
    shops: members.slice(1),
    all: members,
    [Symbol.asyncDispose]: async () => {
      for (const member of members) await member[Symbol.asyncDispose]()
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    },
  }
}

const STORE = {
  currency: 'USD', time_zone: 'UTC', tax_mode: 'included', tax_rate: 0, phone: null, address: null, set_up_at: START,
} as const // oxfmt-ignore

async function addCatalogue(trx: Trx): Promise<Catalogue> {
  const brand_id = (await addNamed(trx, 'brand', { name: 'Apple' })).id
  const device_type_id = (await addNamed(trx, 'device_type', { name: 'Phone' })).id
  const model_id = (await addModel(trx, { brand_id, device_type_id, name: 'iPhone 13' })).id
  const problem_id = (await addNamed(trx, 'problem', { name: 'Screen' })).id
  const { id: category_id } = await trx.selectFrom('category').select('id').limit(1).executeTakeFirstOrThrow()
  const phone = {
    brand: 'Fairphone',
    model: 'Fairphone 5',
    name: 'Fairphone 5',
    condition: 'B',
    price_cents: 39_900,
  } as const
  const { id: product_id } = await addProduct(trx, { ...phone, category_id })
  return { brand_id, device_type_id, model_id, problem_id, product_id }
}

/** The first node of a store is its T1; in head office's own store head office is. */
const terminalOf = (node: number, store: number) => (node === store - 1 ? 'T1' : `T${node}`)

const addClerk = (trx: Trx, full_name: string, works_at: number | null) =>
  insert(trx, 'user', { full_name, role: 'admin', is_staff: true, is_active: true, works_at })

/** A new terminal: its database has its own store and node, and hears all else from head office. */
async function openMember(
  folder: string,
  node: number,
  store: number,
  clerk: number,
  office: Sync,
  { startsAt, config }: { startsAt: number; config: Partial<Config> },
): Promise<Member> {
  const at = { file: join(folder, 'fixpoint.db') }
  const database = await openDatabase({ at, now: () => startsAt, onError: () => {} })
  await database.write(BY, async (trx) => {
    const at = { created_at: startsAt, updated_at: startsAt }
    const own = { ...STORE, ...at, id: store, store_id: 1, code: `S${store}`, name: `Shop ${node}` }
    if (store !== 1) await trx[QUERY].insertInto('store').values(own).execute()
    const name = { name: `Terminal of ${node}`, terminal: terminalOf(node, store) }
    await trx[QUERY]
      .insertInto('node')
      .values({ ...name, ...at, id: node, store_id: store } as never)
      .execute()
    await sql`update self set node_id = ${node}, role = 'terminal'`.execute(trx[QUERY])
  })
  const sync = await openSync(database)
  const send = sendTo(office, node, { now: () => 'good' })
  while ((await pullOnce(sync, send)).more);
  await takeFirstRows(office, sync)
  await database.close()
  const on = { folder, at, remove: async () => {} }
  const shop = await openShop({ startsAt, config, on, secret: secretOfNode(node) })
  return await memberOf(shop, await openSync(shop.database), node, store, clerk, office)
}

/** Head office's own store and node, which are there before its journal: a terminal that joins has them from there. */
async function takeFirstRows(office: Sync, { database }: Sync): Promise<void> {
  await database.write(BY, async (trx) => {
    for (const [table, id] of [['store', 1], ['node', 0]] as const) {
      const row = await office.database.db.selectFrom(table).selectAll().where('id', '=', id).executeTakeFirstOrThrow()
      await trx[QUERY].updateTable(table).set(row as never).where('id', '=', id).execute()
    }
  }) // oxfmt-ignore
}

async function memberOf(
  shop: Shop,
  sync: Sync,
  node: number,
  store: number,
  clerk: number,
  office: Sync,
): Promise<Member> {
  const { database, context } = shop
  const sid = `test-${node}`
  await database.write(
    BY,
    (trx) =>
    insertLocal(trx, 'session', {
      id: sid, user_id: clerk, surface: 'v1', token_hash: null, device: null, locked_at: null, ended_at: null,
      created_at: context.now(), expires_at: context.now() + 90 * 86_400_000,
    }), // oxfmt-ignore
  )
  const token = context.tokens.issue({ sub: clerk, sid })
  const line: Line = { now: () => 'good' }
  return Object.assign(shop, {
    node,
    store,
    sync,
    clerk: { id: clerk, token },
    line,
    send: sendTo(office, node, line),
    counter: (method: string, path: string, body?: unknown) => shop.call(method, `/counter${path}`, { token, body }),
    write: <T>(run: (trx: Trx) => Promise<T>) => database.write({ ...BY, actor: clerk }, run),
  })
}

/** The line to head office, as JSON goes over it. */
function sendTo(office: Sync, node: number, line: Line): Send {
  const ask = async (call: 'push' | 'pull', text: string) => {
    const body: unknown = JSON.parse(text)
    const reply = call === 'push' ? await takePush(office, node, body) : await answerPull(office, node, body)
    return JSON.stringify(reply)
  }
  return async (call, body) => {
    const [text, now] = [JSON.stringify(body), line.now()]
    if (now === 'request lost') throw new Error('The line is down')
    const replies = await Promise.all((now === 'doubled' ? [1, 2] : [1]).map(() => ask(call, text)))
    if (now === 'reply lost') throw new Error('The line is down')
    return JSON.parse(replies[0]!)
  }
}

/** One try of everything that a node does for sync; a line that is down ends it. */
export async function tryOnce({ sync, send }: Member, most?: number): Promise<boolean> {
  try {
    const { more: morePushed } = await pushOnce(sync, send)
    return (await pullOnce(sync, send, most === undefined ? {} : { most })).more || morePushed
  } catch (error) {
    if ((error as Error).message !== 'The line is down') throw error
    return true
  }
}

/** All lines good until nobody has anything to say. */
export async function drain({ shops }: Pick<Fleet, 'shops'>): Promise<void> {
  for (const shop of shops) shop.line.now = () => 'good'
  for (let round = 0; round < 3; round++)
    for (const shop of shops) for (let more = true; more;) more = await tryOnce(shop)
}

/** All lines good until nobody has anything to say, and whatever follows from what came is seen to. */
export async function settleAll(fleet: Pick<Fleet, 'shops' | 'all'>): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await drain(fleet)
    for (const { sync } of fleet.all) await afterBatch(sync)
  }
  await drain(fleet)
}

/** Takes a device in at a member's counter; returns the reply's body. */
export async function takeIn(member: Member, model_id: number, phone: string): Promise<any> {
  const customer = { full_name: `Customer ${phone}`, phone }
  const reply = await member.counter('POST', '/intakes', { customer, device: { model_id }, estimate_cents: 9_000 })
  if (reply.status !== 201) throw new Error(reply.text)
  return reply.body
}
