import { CompiledQuery, type Kysely, sql } from 'kysely'
import { type Builder, builder } from './columns.ts'
import type { Engine } from '../engines/engine.ts'
import { DatabaseRefused } from '../errors.ts'
import type { Trx } from '../handle.ts'
import { foundation } from './0001-foundation.ts'
import { search } from './0002-search.ts'
import { linkedIds } from './0003-linked-ids.ts'
import { store } from './0004-store.ts'
import { papersAndPickUp } from './0005-papers-and-pick-up.ts'
import { photosAndCash } from './0006-photos-and-cash.ts'
import { fileMark } from './0007-file-mark.ts'
import { clock } from './0008-clock.ts'
import { contentCheck } from './0009-content-check.ts'
import { contradictedSince } from './0010-contradicted-since.ts'
import { countryAndUpkeep } from './0011-country-and-upkeep.ts'
import { receipts } from './0012-receipts.ts'
import { pinsAndAccounts } from './0013-pins-and-accounts.ts'
import { startersAndShownOffers } from './0014-starters-and-shown-offers.ts'
import { packedJournal } from './0015-packed-journal.ts'
import { sortedLists } from './0017-sorted-lists.ts'
import { searchNotes } from './0018-search-notes.ts'
import { peopleAtTheDesk } from './0020-people-at-the-desk.ts'
import { tradeIns } from './0022-trade-ins.ts'
import { ownNode } from './0023-own-node.ts'
import { newestFirst } from './0024-newest-first.ts'
import { purchasePapers } from './0025-purchase-papers.ts'
import { syncGround } from './0026-sync-ground.ts'
import { appliedOps } from './0027-applied-ops.ts'
import { fleet } from './0028-fleet.ts'
import { rowSums } from './0029-row-sums.ts'
import { joining } from './0030-joining.ts'
import { whatFollows } from './0033-what-follows.ts'
import { history } from './0034-history.ts'
import { passwordVersions } from './0035-password-versions.ts'
import { troublesThere } from './0036-troubles-there.ts'
import { cashForOrders } from './0039-cash-for-orders.ts'
import { sealedWords } from './0040-sealed-words.ts'
import { photosTravel } from './0041-photos-travel.ts'
import { joinedHistory } from './0042-joined-history.ts'
import { digests } from './0043-digests.ts'
import type { Schema } from '../schema/schema.ts'

/** In the order they run. Never edited after a release; a change is another one. */
export const MIGRATIONS: readonly { name: string; up: (builder: Builder) => Promise<void> }[] = [
  { name: '0001-foundation', up: foundation },
  { name: '0002-search', up: search },
  { name: '0003-linked-ids', up: linkedIds },
  { name: '0004-store', up: store },
  { name: '0005-papers-and-pick-up', up: papersAndPickUp },
  { name: '0006-photos-and-cash', up: photosAndCash },
  { name: '0007-file-mark', up: fileMark },
  { name: '0008-clock', up: clock },
  { name: '0009-content-check', up: contentCheck },
  { name: '0010-contradicted-since', up: contradictedSince },
  { name: '0011-country-and-upkeep', up: countryAndUpkeep },
  { name: '0012-receipts', up: receipts },
  { name: '0013-pins-and-accounts', up: pinsAndAccounts },
  { name: '0014-starters-and-shown-offers', up: startersAndShownOffers },
  { name: '0015-packed-journal', up: packedJournal },
  { name: '0017-sorted-lists', up: sortedLists },
  { name: '0018-search-notes', up: searchNotes },
  { name: '0020-people-at-the-desk', up: peopleAtTheDesk },
  { name: '0022-trade-ins', up: tradeIns },
  { name: '0023-own-node', up: ownNode },
  { name: '0024-newest-first', up: newestFirst },
  { name: '0025-purchase-papers', up: purchasePapers },
  { name: '0026-sync-ground', up: syncGround },
  { name: '0027-applied-ops', up: appliedOps },
  { name: '0028-fleet', up: fleet },
  { name: '0029-row-sums', up: rowSums },
  { name: '0030-joining', up: joining },
  { name: '0033-what-follows', up: whatFollows },
  { name: '0034-history', up: history },
  { name: '0035-password-versions', up: passwordVersions },
  { name: '0036-troubles-there', up: troublesThere },
  { name: '0039-cash-for-orders', up: cashForOrders },
  { name: '0040-sealed-words', up: sealedWords },
  { name: '0041-photos-travel', up: photosTravel },
  { name: '0042-joined-history', up: joinedHistory },
  { name: '0043-digests', up: digests },
]

/** `FIXP`: tells our files from other SQLite files. */
export const APPLICATION_ID = 0x46495850

/** How a migration that moves rows tells the journal; `open` gives null for a database that has no rows yet. */
export type MigrationJournal = {
  open(query: Kysely<Schema>, act: string): Promise<Trx | null>
  close(trx: Trx): Promise<void>
}

/**
 * Brings the database to this program's schema, each migration in its own transaction. A database that has it is not written
 * to: its disk may be full, and PostgreSQL would be asked five things for each migration. A test wants fewer of them.
 * @throws DatabaseRefused when a newer program has migrated it already
 */
export async function migrate(engine: Engine, journal: MigrationJournal, wanted = MIGRATIONS): Promise<void> {
  if (await isCurrent(engine, wanted)) return
  await engine.transaction((query) => createMigrationTable(query as unknown as Kysely<unknown>, engine))
  for (const { name, up } of wanted) {
    await engine.transaction(async (schema) => {
      const query = schema as unknown as Kysely<unknown>
      if (engine.name === 'postgres') await sql`lock table migration in exclusive mode`.execute(query)
      const done = await names(query)
      const newer = done.find((other) => !MIGRATIONS.some((known) => known.name === other))
      if (newer)
        throw new DatabaseRefused(`This database was made by a newer Fixpoint (it has ${newer}). Update the program.`)
      if (done.includes(name)) return
      const trx = done.length === 0 ? null : await journal.open(schema, `migrate ${name}`)
      await up(builder(query, engine.name, trx))
      if (trx) await journal.close(trx)
      await sql`insert into migration (name, at) values (${name}, ${Date.now()})`.execute(query)
      if (engine.name === 'sqlite')
        await query.executeQuery(
          CompiledQuery.raw(`pragma user_version = ${MIGRATIONS.findIndex((m) => m.name === name) + 1}`),
        )
    })
  }
}

async function isCurrent(engine: Engine, wanted: typeof MIGRATIONS): Promise<boolean> {
  const query = engine.read as unknown as Kysely<unknown>
  const findTable =
    engine.name === 'sqlite'
      ? sql`select 1 from sqlite_schema where name = 'migration'`
      : sql`select 1 where to_regclass('migration') is not null`
  const { rows } = await findTable.execute(query)
  if (rows.length === 0) return false
  const done = await names(query)
  return done.length === wanted.length && wanted.every(({ name }) => done.includes(name))
}

async function createMigrationTable(query: Kysely<unknown>, engine: Engine) {
  if (engine.name === 'sqlite') await query.executeQuery(CompiledQuery.raw(`pragma application_id = ${APPLICATION_ID}`))
  // Two servers that start at once: the second waits until the first has made its tables.
  else await sql`select pg_advisory_xact_lock(${APPLICATION_ID})`.execute(query)
  await query.schema
    .createTable('migration')
    .ifNotExists()
    .addColumn('name', 'text', (c) => c.primaryKey().notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .execute()
}

async function names(query: Kysely<unknown>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from migration order by name`.execute(query)
  return rows.map((row) => row.name)
}
