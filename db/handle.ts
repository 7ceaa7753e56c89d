import type { Kysely } from 'kysely'
import type { ClockReading } from '../server/domain/time/clock-judgement.ts'
import type { SelfTable } from './schema/local-tables.ts'
import type { EntryKind, LocalTable, Schema, SyncedTable } from './schema/schema.ts'

export type EngineName = 'sqlite' | 'postgres'

/** The way to Kysely itself, for `db/` alone: through it anything could be written past the journal. */
export const QUERY: unique symbol = Symbol('query')

/** The reading side of the database. */
export type Db = Pick<Kysely<Schema>, 'selectFrom' | 'with' | 'selectNoFrom' | 'fn'> & {
  readonly engine: EngineName
  /** Brings the search index in step; inside a transaction there is none. */
  readonly flushSearchIndex?: () => Promise<void>
  /** The one store whose rows it shows (`db/reach.ts`); left out where it shows all. */
  readonly reach?: number
  /** There, all rows all the same: for what the whole machine has, such as its files. */
  readonly whole?: Db
  readonly [QUERY]: Kysely<Schema>
}

/** The writing side: inside the one write transaction, knowing who does what and when. */
export type Trx = Db & { readonly act: Act }

/** Who writes, in the journal's words. */
export type Actor = {
  /** The user's id; null when nobody is signed in. */
  actor: number | null
  /** The session or program that wrote. */
  device: string | null
  /** What was done: `POST /v1/orders`, `import ords`. */
  act: string
}

/** One entry to be: a row's change, that bodies of the journal itself were erased, or that a backup was restored. */
export type Op = {
  entity: SyncedTable | 'journal'
  row_id: number
  kind: EntryKind
  before: string | null
  after: string | null
  /** A put of a row that is there: what was said of it before does not count any more. */
  restates?: true
}

export type NodeHead = {
  id: number
  store_id: number
  terminal: string
  epoch: number
  seq: number
  chain: string
  hlc: string | null
  /** Left out where a database is being migrated. */
  role?: SelfTable['role']
}

/**
 * What the node's row says of the clock: the last instant that nothing contradicts, whether a restore came since, and
 * after which instant grants were reckoned by the stopwatch.
 */
export type SavedClock = { trusted_at: number | null; is_restored: 0 | 1; contradicted_since: number | null }

/** What a write knows of the clock when it begins, and what it decides of it. */
export type ActClock = {
  readonly reading: ClockReading
  readonly saved: SavedClock
  decision: null | 'confirmed' | 'right again' | 'restored'
}

/** What is put aside of others' ops: transactions that wait, and values that lost. */
export type PutAside = 'quarantine' | 'conflict'

/** Has those who listen look at what is put aside again, once for each transaction. */
export function announce({ act: { announced } }: Trx, entity: PutAside): void {
  if (!announced.some((told) => told.entity === entity)) announced.push({ entity, id: 1 })
}

/** One write in progress: what it has to say to the journal and the search index when it commits. */
export type Act = Actor & {
  /** ms; the same for every row of the transaction. What confirms a clock moves it, before the first row. */
  now: number
  readonly clock: ActClock
  /** When the journal says that rows were written which are dated back; `now` unless said otherwise. */
  readonly written?: number
  readonly node: NodeHead
  /** Whoever writes has said in which store new rows are. */
  readonly isPlaced?: true
  /** How many migrations this program knows: the entry says after which of them it was written. */
  readonly schema: number
  readonly ops: Op[]
  /** What of this machine alone has changed and is told to who listens; it enters no journal. */
  readonly announced: { entity: LocalTable | PutAside; id: number }[]
  /** Rows that were written as another node's entries say (`db/applied.ts`). */
  readonly applied: Map<SyncedTable, Set<number>>
  /** Whether the clock has heard another node's. */
  heard: boolean
  /** Rows whose search text, or what they are sorted by, may have changed. */
  readonly touched: Map<SyncedTable, Set<number>>
}

/** The same transaction with its rows dated `now` and done by `actor`; the journal still says when they were written. */
export const backdated = (trx: Trx, { now, actor }: Pick<Act, 'now' | 'actor'>): Trx => ({
  ...trx,
  act: { ...trx.act, now, actor, written: trx.act.now },
})

/** The same transaction, whose new rows are of the store of what they belong to: not always this machine's. */
export function inStore(trx: Trx, store_id: number): Trx {
  const { node } = trx.act
  // Head office places its rows by what they belong to, unless a store is named: its own, too.
  if (store_id === node.store_id && node.role !== 'head-office') return trx
  return { ...trx, act: { ...trx.act, node: { ...node, store_id }, isPlaced: true } }
}

/** Kysely as a handle that can only read. */
export function handle(query: Kysely<Schema>, engine: EngineName, flushSearchIndex?: () => Promise<void>): Db {
  return {
    engine,
    ...(flushSearchIndex && { flushSearchIndex }),
    fn: query.fn,
    selectFrom: query.selectFrom.bind(query),
    with: query.with.bind(query),
    selectNoFrom: query.selectNoFrom.bind(query),
    [QUERY]: query,
  }
}
