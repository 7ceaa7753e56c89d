import { type Kysely, sql } from 'kysely'
import { run } from './engines/sql-text.ts'
import { type Db, type EngineName, QUERY, type Trx } from './handle.ts'
import type { SelfTable } from './schema/local-tables.ts'
import type { Schema } from './schema/schema.ts'

/** Which node this database is: the one row of `self`, and the node and store that it names. */

/** This machine's node, to select from. */
export const ownNode = (db: Db) => db.selectFrom('self').innerJoin('node', 'node.id', 'self.node_id')

/** The same with its store. */
export const ownStore = (db: Db) => ownNode(db).innerJoin('store', 'store.id', 'node.store_id')

/** The same with the store of who asks: at head office, of somebody who works at one store, theirs. */
export const storeHere = (db: Db) =>
  db.reach === undefined ? ownStore(db) : ownNode(db).innerJoin('store', (join) => join.on('store.id', '=', db.reach!))

/** The store of this machine, or of who asks, in a query: `db/reach.ts` knows it by these words. */
export const OWN_STORE_SQL = '(select node.store_id from self join node on node.id = self.node_id)'

/** Says what this database is in a fleet from this transaction on: its own writes note their clocks unless it is alone. */
export async function setRole({ act, [QUERY]: query }: Trx, role: SelfTable['role']): Promise<void> {
  await sql`update self set role = ${role}`.execute(query)
  act.node.role = role
}

/** What this database is in a fleet. */
export const ownRole = async (db: Db): Promise<SelfTable['role']> =>
  (await db.selectFrom('self').select('role').executeTakeFirstOrThrow()).role

/** Where the head of the journal stands: before there was `self`, in the row of the node that was marked as this machine's. */
export type HeadPlace = 'self' | 'node'

/** Where a database that is being migrated has it by now. */
export async function headPlace(query: Kysely<Schema>, engine: EngineName): Promise<HeadPlace> {
  const { rows } = await (
    engine === 'sqlite' ? sql.raw(HAS_SELF) : sql.raw(`select 1 where to_regclass('self') is not null`)
  ).execute(query)
  return rows.length > 0 ? 'self' : 'node'
}

/**
 * What a statement reads this machine's node from, in a file that may be older than `self`; `HAS_SELF` tells.
 * The node's own row had the head of the journal then.
 */
export const selfIn = (hasSelf: boolean): string =>
  hasSelf
    ? '(select node.id, node.store_id, node.terminal, self.epoch, self.seq, self.chain from self join node on node.id = self.node_id)'
    : '(select id, store_id, terminal, epoch, seq, chain from node where is_self = 1)'

/** A row where an SQLite file has the table `self`. */
export const HAS_SELF = `select 1 from sqlite_schema where type = 'table' and name = 'self'`

const CLUSTER = `select system_identifier::text as cluster, left(pg_walfile_name(pg_current_wal_lsn()), 8) as timeline
  from pg_control_system()`

/**
 * In which PostgreSQL cluster this database lies and on which timeline: a standby that was promoted is on another one, though it
 * has the same rows. Empty for a file.
 */
export async function clusterOf(db: Db): Promise<string> {
  if (db.engine === 'sqlite') return ''
  const [found] = await run<{ cluster: string; timeline: string }>(db[QUERY], db.engine, CLUSTER, [])
  return `/${found!.cluster}/${found!.timeline}`
}
