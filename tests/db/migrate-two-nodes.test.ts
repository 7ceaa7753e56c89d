import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Engine } from '../../db/engines/engine.ts'
import type { Builder } from '../../db/migrations/columns.ts'
import { MIGRATIONS, migrate } from '../../db/migrations/migrate.ts'
import { migrationJournalOf } from '../../db/open.ts'
import { type JournalTable, SYNCED_TABLES } from '../../db/schema/schema.ts'
import { NODE_SPAN, nodeOf } from '../../server/domain/ids.ts'
import { ENGINE } from '../support/database.ts'
import { olderDatabase, openEngine, runOn } from './older-database.ts'

/**
 * Two nodes that share rows are updated on different days. A migration that writes rows writes those of its own node alone,
 * and tells the journal: else each node adds the same once more, or they no longer have the same.
 */

/** They write rows whoever minted them, and may: they are older than sync, when no database held rows of a second node. */
const BEFORE_SYNC = ['0003-linked-ids']
const FIRST = MIGRATIONS.findLastIndex(({ name }) => BEFORE_SYNC.includes(name)) + 1

type Node = { id: number; engine: Engine }

/** Node 0 and node 1 as those migrations left them, with the same rows; each minted half of them. */
async function twoNodes() {
  const stack = new AsyncDisposableStack()
  const open = async (id: number): Promise<Node> => {
    const { at } = stack.use(await olderDatabase())
    const engine = openEngine(at)
    stack.defer(engine.close)
    await update({ id: 0, engine }, MIGRATIONS.slice(0, FIRST))
    await addRowsOfNode1(engine)
    await runOn(engine, `update node set is_self = case when id = ${id} then 1 else 0 end`)
    return { id, engine }
  }
  return { nodes: [await open(0), await open(1)] as const, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

async function addRowsOfNode1(engine: Engine) {
  for (const [table, columns] of await columnsIn(engine)) {
    const others = columns.filter((column) => column !== 'id').map((column) => `"${column}"`)
    const id = table === 'node' ? 1 : `id + ${NODE_SPAN}`
    await runOn(engine, `insert into "${table}" (id, ${others.join()}) select ${id}, ${others.join()} from "${table}"`)
  }
  await runOn(engine, `update node set terminal = 'T2', seq = 0, chain = '', hlc = null where id = 1`)
}

const NOW = Date.UTC(2026, 0, 16)

const update = ({ engine }: Node, wanted: typeof MIGRATIONS) =>
  migrate(
    engine,
    migrationJournalOf(engine.name, () => NOW),
    wanted,
  )

async function columnsIn(engine: Engine): Promise<Map<string, string[]>> {
  const tables = await engine.read.introspection.getTables()
  const synced = tables.filter(({ name }) => SYNCED_TABLES.some((table) => table === name))
  return new Map(synced.map(({ name, columns }) => [name, columns.map((column) => column.name)]))
}

/** What is not in the journal: when a row was last changed, and what of its node's row is a machine's own. */
const NOT_TOLD = new Set(['updated_at'])
const HEAD = new Set([
  'is_self', 'epoch', 'seq', 'chain', 'hlc', 'mark', 'trusted_at', 'is_restored', 'contradicted_since',
]) // oxfmt-ignore

type Row = Record<string, unknown>
/** By table and id: `brand 7`. A column without a value is left out. */
type Rows = Map<string, Row>

async function rowsOf({ engine }: Node): Promise<Rows> {
  const rows: Rows = new Map()
  for (const table of (await columnsIn(engine)).keys())
    for (const row of (await sql<Row>`select * from ${sql.table(table)} order by id`.execute(engine.read)).rows)
      rows.set(`${table} ${String(row['id'])}`, toldOf(row, table))
  return rows
}

const toldOf = (row: Row, table: string): Row =>
  Object.fromEntries(
    Object.entries(row).filter(
      ([name, value]) => value !== null && !NOT_TOLD.has(name) && !(table === 'node' && HEAD.has(name)),
    ),
  )

type Entry = Pick<JournalTable, 'entity' | 'row_id' | 'kind' | 'after' | 'at'>

const entriesOf = ({ id, engine }: Node, act: string): Promise<Entry[]> =>
  engine.read
    .selectFrom('journal')
    .select(['entity', 'row_id', 'kind', 'after', 'at'])
    .where('origin', '=', id)
    .where('act', '=', act)
    .orderBy('seq')
    .execute()

/** The rows as another node has them that hears of these entries. */
function heard(rows: Rows, entries: readonly Entry[]): Rows {
  const told = new Map(rows)
  for (const { entity, row_id, kind, after, at } of entries) {
    const key = `${entity} ${row_id}`
    const before = kind === 'patch' || kind === 'del' ? told.get(key) : { id: row_id, created_at: at }
    const fields = kind === 'del' ? { deleted_at: at } : (JSON.parse(after!) as Row)
    told.set(key, toldOf({ ...before, ...fields }, entity))
  }
  return told
}

/** The rows that differ, in columns that both may have: `columns` are those of the tables by now. */
function differing(one: Rows, other: Rows, columns: Map<string, string[]>): string[] {
  const present = (row: Row | undefined, key: string) =>
    row && Object.fromEntries(Object.entries(row).filter(([name]) => columns.get(key.split(' ')[0]!)!.includes(name)))
  return [...new Set([...one.keys(), ...other.keys()])].filter(
    (key) => !isDeepStrictEqual(present(one.get(key), key), present(other.get(key), key)),
  )
}

/** What a row says, whoever added it. */
const contentOf = (row: Row): Row => ({ ...row, id: null, created_at: null })

const ownerOf = ({ entity, row_id }: Entry) => (entity === 'node' ? row_id : nodeOf(row_id))

/** Brings both nodes to `wanted` and returns what its last migration did wrong, in sentences. */
async function faultsOf(nodes: readonly [Node, Node], wanted: typeof MIGRATIONS): Promise<string[]> {
  const { name } = wanted.at(-1)!
  const done = []
  for (const node of nodes) {
    const before = await rowsOf(node)
    await update(node, wanted)
    const after = await rowsOf(node)
    const entries = await entriesOf(node, `migrate ${name}`)
    const added = [...after].filter(([key]) => !before.has(key)).map(([, row]) => contentOf(row))
    done.push({ node, before, after, entries: entries.filter(({ entity }) => entity !== 'journal'), added })
  }
  const [one, other] = [done[0]!, done[1]!]
  const columns = await columnsIn(nodes[0].engine)
  const faults = done.flatMap(({ node, before, after, entries }) => [
    ...entries
      .filter((entry) => ownerOf(entry) !== node.id)
      .map(({ entity, row_id }) => `node ${node.id} wrote ${entity} ${row_id}, which is another's`),
    ...differing(heard(before, entries), after, columns).map((row) => `node ${node.id} did not tell of ${row}`),
  ])
  const apart = differing(heard(one.after, other.entries), heard(other.after, one.entries), columns)
  const twice = one.added.filter((row) => other.added.some((same) => isDeepStrictEqual(same, row)))
  return [
    ...faults,
    ...apart.map((row) => `${row} is not the same on both`),
    ...twice.map(({ name }) => `both added ${String(name)}`),
  ]
}

test('after each migration two nodes have the same rows, and neither wrote those of the other', async () => {
  await using fleet = await twoNodes()
  for (let n = FIRST; n < MIGRATIONS.length; n++)
    expect(await faultsOf(fleet.nodes, MIGRATIONS.slice(0, n + 1)), MIGRATIONS[n]!.name).toEqual([])
})

/** The rows of a purchase that one node wrote, as the program did that knew no purchase of an identity. */
async function addPurchase(engine: Engine, node: number, { n, pickup, at, seller = at, original = null }: OldPurchase) {
  const id = (n: number) => node * NODE_SPAN + n
  const add = (table: string, row: Record<string, string | number | null>) => {
    const columns = Object.keys({ ...row, ...SYNCED }).map((column) => `"${column}"`)
    const values = Object.values({ ...row, ...SYNCED, created_at: row['created_at'] ?? at }).map((value) =>
      typeof value === 'string' ? `'${value}'` : String(value),
    )
    return runOn(engine, `insert into "${table}" (${columns.join()}) values (${values.join()})`)
  }
  await add('receipt', {
    id: id(n), number: `S1-T${node + 1}-P${n}`, kind: 'purchase', customer_id: 1, cashier_id: 1, started_at: at,
    total_cents: 100, currency: 'EUR', tax_mode: 'none', original_id: original && id(original), surface: 'counter',
  }) // oxfmt-ignore
  const cents = ['unit_price', 'list_price', 'line_discount', 'receipt_discount', 'gross', 'net', 'tax']
  await add('receipt_line', {
    id: id(n), receipt_id: id(n), position: 1, kind: 'bought-unit', pickup_id: id(pickup), title: 'Phone', qty: 1,
    ...Object.fromEntries(cents.map((name) => [`${name}_cents`, 0])), rate_ppm: 0, scheme: 'outside',
  }) // oxfmt-ignore
  if (original === null)
    await add('seller_identity', {
      id: id(n), customer_id: 1, pickup_id: id(pickup), kind: 'private', name: `Seller ${n}`, created_at: seller,
    }) // oxfmt-ignore
}

type OldPurchase = { n: number; pickup: number; at: number; seller?: number; original?: number | null }

const SYNCED = { store_id: 1, created_at: NOW, updated_at: NOW }

test('an old purchase is named in its seller’s papers where that is certain, by the node that wrote them', async () => {
  await using fleet = await twoNodes()
  const before = MIGRATIONS.findIndex(({ name }) => name === '0025-purchase-papers')
  for (const { engine, id } of fleet.nodes) {
    await update({ engine, id }, MIGRATIONS.slice(0, before))
    for (const node of [0, 1]) {
      for (const pickup of [1, 2, 3])
        await runOn(
          engine,
          `insert into pickup_request (id, store_id, user_id, brand_id, model_text, condition, status, created_at, updated_at)
            values (${node * NODE_SPAN + pickup}, 1, 1, 1, 'Phone', 'B', 'accepted', ${NOW}, ${NOW})`,
        )
      // Bought, taken back at the same instant, and bought of another by a clock that was put back.
      await addPurchase(engine, node, { n: 1, pickup: 1, at: NOW })
      await addPurchase(engine, node, { n: 2, pickup: 1, at: NOW, original: 1 })
      await addPurchase(engine, node, { n: 3, pickup: 1, at: NOW - 5_000 })
      // At one instant, and at none of a purchase.
      await addPurchase(engine, node, { n: 4, pickup: 2, at: NOW })
      await addPurchase(engine, node, { n: 5, pickup: 2, at: NOW })
      await addPurchase(engine, node, { n: 6, pickup: 3, at: NOW, seller: NOW - 1 })
    }
  }
  expect(await faultsOf(fleet.nodes, MIGRATIONS.slice(0, before + 1))).toEqual([])
  for (const { engine, id: node } of fleet.nodes) {
    const named = await engine.read
      .selectFrom('seller_identity')
      .select(['id', 'receipt_id'])
      .where('receipt_id', 'is not', null)
      .orderBy('id')
      .execute()
    expect(named).toEqual([1, 3].map((n) => node * NODE_SPAN + n).map((id) => ({ id, receipt_id: id })))
  }
})

/** Node 1's own brand. */
const BRAND_OF_1 = 1 + NODE_SPAN

type Up = (builder: Builder & { trx: NonNullable<Builder['trx']> }) => Promise<void>

/** Renames the brands of these nodes; `told`: and says so. */
const rename =
  (of: 'own' | 'all', told: boolean): Up =>
  async ({ query, trx }) => {
    const { rows } = await sql<{ id: number; name: string }>`select id, name from brand`.execute(query)
    for (const { id, name: before } of rows) {
      if (of === 'own' && nodeOf(id) !== trx.act.node.id) continue
      const name = `${before} of ${trx.act.node.id}`
      await sql`update brand set name = ${name} where id = ${id}`.execute(query)
      const [was, is] = [before, name].map((text) => JSON.stringify({ name: text })) as [string, string]
      if (told) trx.act.ops.push({ entity: 'brand', row_id: id, kind: 'patch', before: was, after: is })
    }
  }

/** Adds a brand of its own, as each other node does. */
const addBrand: Up = async ({ query, trx }) => {
  const id = trx.act.node.id * NODE_SPAN + 900
  await sql`insert into brand (id, store_id, name, name_key, created_at, updated_at)
    values (${id}, 1, 'Fairphone', 'fairphone', ${trx.act.now}, ${trx.act.now})`.execute(query)
  const after = JSON.stringify({ store_id: 1, name: 'Fairphone', name_key: 'fairphone' })
  trx.act.ops.push({ entity: 'brand', row_id: id, kind: 'put', before: null, after })
}

// What this file finds is found alike on either engine.
test.skipIf(ENGINE === 'postgres').each<[string, Up, string[]]>([
  ['that writes its own rows and tells of them does nothing wrong', rename('own', true), []],
  [
    'that writes rows of another node',
    rename('all', true),
    [
      `node 0 wrote brand ${BRAND_OF_1}, which is another's`,
      `node 1 wrote brand 1, which is another's`,
      'brand 1 is not the same on both',
      `brand ${BRAND_OF_1} is not the same on both`,
    ],
  ],
  [
    'that does not tell of its rows',
    rename('own', false),
    [
      'node 0 did not tell of brand 1',
      `node 1 did not tell of brand ${BRAND_OF_1}`,
      'brand 1 is not the same on both',
      `brand ${BRAND_OF_1} is not the same on both`,
    ],
  ],
  ['that adds the same at each node', addBrand, ['both added Fairphone']],
])('a migration %s', async (_, up, faults) => {
  await using fleet = await twoNodes()
  const madeUp = { name: '9999-made-up', up: (builder: Builder) => up({ ...builder, trx: builder.trx! }) }
  expect(await faultsOf(fleet.nodes, [...MIGRATIONS.slice(0, FIRST), madeUp])).toEqual(faults)
})
