import { type Kysely, sql } from 'kysely'
import { GENESIS } from '../server/domain/chain.ts'
import type { ClockReading } from '../server/domain/time/clock-judgement.ts'
import { addFindings } from './check/check-record.ts'
import { counterSum } from './row-sums.ts'
import { countersBehind, leapCounters, reader } from './check/counters.ts'
import { sentenceOf } from './check/findings.ts'
import { refuseNestedWrites } from './engines/refuse-nested-write.ts'
import type { Engine } from './engines/engine.ts'
import { type Clock, openClock, rememberedBy } from './clock.ts'
import type { CommittedRow, Database, OpenOptions } from './database.ts'
import { DatabaseDamaged, DatabaseGone, DatabaseRefused } from './errors.ts'
import {
  type Act,
  type Actor,
  type Db,
  type EngineName,
  handle,
  type NodeHead,
  QUERY,
  type SavedClock,
  type Trx,
} from './handle.ts'
import { appendJournal, readHead, readSelf } from './journal/journal.ts'
import { recordArrival } from './journal/arrivals.ts'
import { packJournal } from './journal/pack-journal.ts'
import { migrate, type MigrationJournal, MIGRATIONS } from './migrations/migrate.ts'
import { type OtherWriters, watchOtherWriters } from './journal/watch-other-writers.ts'
import { checkAtOnce, type StructureDamage } from './file/quick-check.ts'
import { headPlace } from './self.ts'
import { openPostgres } from './engines/postgres.ts'
import type { Schema } from './schema/schema.ts'
import { type BrokenIndexes, newBrokenIndexes } from './search/broken-indexes.ts'
import { scheduleIndexing } from './search/schedule-indexing.ts'
import { renewSorted } from './search/sort-keys.ts'
import { queueForIndexing, renewIndex } from './search/search-index.ts'
import type { Searchable } from './search/searchable.ts'
import { openSqlite } from './engines/sqlite.ts'
import { withTripwire } from './engines/tripwire.ts'

/**
 * Opens the database, brings it to this program's schema and sees to it that its shop and node exist.
 * @throws DatabaseRefused when the file was made by a newer program, or the clock stands before 1970
 */
export async function openDatabase({
  at,
  now,
  monotonic = () => performance.now(),
  onError,
  fillNew,
  inThread,
  tripwire = false,
}: OpenOptions): Promise<Database> {
  refuseImpossible(now())
  const damage = newDamage()
  const broken = newBrokenIndexes()
  const onDamage = (error: Error, statement: string) => {
    if (!broken.note(error, statement)) damage.set(error.message)
  }
  const sqlite = { inThread, onDamage }
  let engine = refuseNestedWrites('file' in at ? openSqlite(at.file, sqlite) : openPostgres(at.url, onError))
  let clock: Clock
  try {
    await prepareEngine(engine, now)
    if (tripwire && engine.name === 'sqlite') engine = await withTripwire(engine)
    clock = openClock({ now, monotonic }, await readSaved(engine))
  } catch (error) {
    await engine.close()
    throw error
  }
  const checkBeforeRenewal = async () => await checkAtOnce('file' in at ? at.file : '').result
  const database = databaseOf(engine, { damage, broken, checkBeforeRenewal }, clock, onError)
  await database.mendCounters().catch(onError) // What cannot be read is for the checks of the file.
  try {
    if (fillNew) await fillNewDatabase(database, fillNew)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

/** What brings an engine to this program's schema, with the rows that every database has. */
export async function prepareEngine(engine: Engine, now: () => number): Promise<void> {
  await migrate(engine, migrationJournalOf(engine.name, now))
  await engine.transaction((query) => makeFirstRows(query, engine.name, now()))
}

/** The database of an engine that was prepared, as a program has it that begins now; nothing is checked or mended. */
export async function openPrepared(
  engine: Engine,
  { now, monotonic = now, onError }: Pick<OpenOptions, 'now' | 'monotonic' | 'onError'>,
): Promise<Database> {
  const structure = {
    damage: newDamage(),
    broken: newBrokenIndexes(),
    checkBeforeRenewal: () => Promise.reject(new Error('There is no file to look at')),
  }
  return databaseOf(engine, structure, openClock({ now, monotonic }, await readSaved(engine)), onError)
}

/** What is written down counts from 1970 on, and a clock that stands before it is broken. */
function refuseImpossible(now: number) {
  if (now >= 0) return
  const day = new Date(now).toISOString().slice(0, 10)
  throw new DatabaseRefused(
    `This computer's clock says ${day}, which cannot be. Set its date and time, then start again.`,
  )
}

const readSaved = (engine: Engine) =>
  engine.read
    .selectFrom('self')
    .leftJoin('journal', (entry) =>
      entry
        .onRef('journal.origin', '=', 'self.node_id')
        .onRef('journal.epoch', '=', 'self.epoch')
        .onRef('journal.seq', '=', 'self.seq'),
    )
    .select(['trusted_at', 'is_restored', 'contradicted_since', 'journal.at as last_entry'])
    .executeTakeFirstOrThrow()

/** What is wrong with the file, once that was found. */
type Damage = {
  text(): string | null
  /** How writes are refused meanwhile. */
  refusal(): Error
  set(found: string | null, refusal?: () => Error): void
  onChange(listener: () => void): void
}

function newDamage(): Damage {
  let text: string | null = null
  let refusal: () => Error
  let changed = () => {}
  return {
    text: () => text,
    refusal: () => refusal(),
    set: (found, refusedAs = () => new DatabaseDamaged()) => {
      const before = text
      if (before === null) refusal = refusedAs
      text = found === null ? null : (text ?? found)
      if (text !== before) changed()
    },
    onChange: (listener) => {
      changed = listener
    },
  }
}

/** How migrations tell the journal of an engine. */
export const migrationJournalOf = (engine: EngineName, now: () => number): MigrationJournal => ({
  open: async (query, act) => {
    const head = await readHead(query, engine, await headPlace(query, engine))
    if (!head) return null
    return {
      ...handle(query, engine),
      act: actOf({ actor: null, device: null, act }, believed(now()), NOTHING_SAVED, head),
    }
  },
  close: async (trx) => appendJournal(trx, null, await headPlace(trx[QUERY], engine)),
})

/** A catalogue has its categories from the first start on: a database without any is new, or as old as before them. */
async function fillNewDatabase(database: Database, fillNew: (trx: Trx) => Promise<void>) {
  const isNew = async (db: Db) => !(await db.selectFrom('category').select('id').limit(1).executeTakeFirst())
  if (!(await isNew(database.db))) return
  await database.write({ actor: null, device: null, act: 'first start' }, async (trx) => {
    if (await isNew(trx)) await fillNew(trx)
  })
}

/** What is known of a file's structure, and how it is looked at before anything of it is emptied. */
type Structure = { damage: Damage; broken: BrokenIndexes; checkBeforeRenewal(): Promise<StructureDamage> }

function databaseOf(
  engine: Engine,
  { damage, broken, checkBeforeRenewal }: Structure,
  clock: Clock,
  onError: (error: Error) => void,
): Database {
  const listeners = new Set<(rows: readonly CommittedRow[]) => void>()
  const renewSearchIndex = async (entity: Searchable) => {
    const { damage: other } = await checkBeforeRenewal()
    if (other !== null) {
      damage.set(other)
      throw new DatabaseDamaged()
    }
    const finding = { kind: 'search', entity } as const
    await writeCheckRecord(async (trx) => {
      await renewIndex(trx, entity)
      await addFindings(trx, [finding])
    })
    onError(new Error(sentenceOf(finding)))
    search.schedule()
  }
  const { place } = engine
  const stoppedBy = () => {
    const gone = place.gone()
    return gone === null ? damage.text() : new DatabaseGone(gone).message
  }
  const isStopped = () => stoppedBy() !== null
  const search = scheduleIndexing(engine, broken, { onError, stopped: isStopped, renew: renewSearchIndex })
  const notifyListeners = (rows: readonly CommittedRow[]) => {
    for (const listener of listeners) {
      try {
        listener(rows)
      } catch (error) {
        onError(error as Error) // The write is done: whoever hears of it cannot make it fail any more.
      }
    }
  }
  const db = handle(engine.read, engine.name, search.flush)
  let others: OtherWriters | null = null
  for (const state of [damage, place]) state.onChange(() => notifyListeners([{ entity: 'content_check', id: 1 }]))
  const commit = async <T>(by: Actor, run: (trx: Trx) => Promise<T>): Promise<T> => {
    const { result, act, remembered, queued, arrival } = await engine.transaction(async (query) => {
      const { node, saved } = await readSelf(query, engine.name)
      clock.hear(saved)
      const act = actOf(by, clock.read(), saved, node)
      const trx: Trx = { ...handle(query, engine.name), act }
      const result = await run(trx)
      const queued = await queueForIndexing(trx)
      const remembered = rememberedBy(act)
      const arrival = await recordArrival(trx)
      await appendJournal(trx, remembered)
      return { result, act, remembered, queued, arrival }
    }, by.act)
    clock.follow(act, remembered)
    if (queued) search.schedule()
    if (act.ops.length > 0) others?.recordOwnWrite(act.node.seq, act.node.seq + act.ops.length)
    if (arrival !== null) others?.recordOwnArrival(arrival)
    const applied = [...act.applied].flatMap(([entity, ids]) => [...ids].map((id) => ({ entity, id })))
    const changed = [...act.ops.map(({ entity, row_id }) => ({ entity, id: row_id })), ...applied, ...act.announced]
    if (changed.length > 0 && listeners.size > 0) notifyListeners(changed)
    // Nobody is told that it is saved where it will be gone with this process. It stands in the file all the same.
    const gone = place.look()
    if (gone !== null) throw new DatabaseGone(gone)
    return result
  }
  const writeCheckRecord = <T>(run: (trx: Trx) => Promise<T>) =>
    commit({ actor: null, device: null, act: 'check' }, run)
  return {
    engine: engine.name,
    clock,
    db,
    flushSearchIndex: search.flushAll,
    write: async (by, run) => {
      if (damage.text() !== null) throw damage.refusal()
      return await commit(by, run)
    },
    writeCheckRecord,
    mendCounters: async () => {
      if ((await countersBehind(reader(db))).length === 0) return []
      const found = await writeCheckRecord(async (trx) => {
        const leapt = await leapCounters(trx)
        if (leapt.length > 0) await addFindings(trx, leapt)
        return leapt
      })
      for (const finding of found) onError(new Error(sentenceOf(finding)))
      return found
    },
    renewSearchIndex,
    renewSorted: async (table) => {
      await writeCheckRecord((trx) => renewSorted(trx, table))
      search.schedule()
    },
    packJournal: async (ms, kept) => !isStopped() && (await packJournal(engine, ms, kept)),
    notify: notifyListeners,
    onCommit: (listener) => {
      listeners.add(listener)
      others ??= watchOtherWriters(db, notifyListeners, onError)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        others?.stop()
        others = null
      }
    },
    scan: engine.scan,
    damage: stoppedBy,
    place,
    setDamage: damage.set,
    close: async () => {
      others?.stop()
      await search.stop()
      await engine.close()
    },
  }
}

function actOf(by: Actor, reading: ClockReading, saved: SavedClock, node: NodeHead): Act {
  return {
    ...by,
    now: reading.now,
    clock: { reading, saved, decision: null },
    node,
    schema: MIGRATIONS.length,
    ops: [],
    announced: [],
    applied: new Map(),
    heard: false,
    touched: new Map(),
  }
}

/** A migration comes before there is anything to judge the clock by. */
const believed = (now: number): ClockReading => ({
  state: 'trusted',
  says: now,
  now,
  expiry: now,
  expected: null,
  lastEntry: null,
  since: null,
  measuredSince: null,
  monotonic: 0,
})
const NOTHING_SAVED: SavedClock = { trusted_at: null, is_restored: 0, contradicted_since: null }

/** One shop (S1) and one node exist from the first start; they come before the journal, which names them. */
async function makeFirstRows(query: Kysely<Schema>, engine: EngineName, now: number) {
  if (engine === 'postgres') await sql`lock table node in exclusive mode`.execute(query)
  const self = await query.selectFrom('self').select('node_id').executeTakeFirst()
  if (self) return
  const synced = { store_id: 1, created_at: now, updated_at: now, deleted_at: null }
  await query
    .insertInto('store')
    .values({
      ...synced,
      id: 1,
      code: 'S1',
      name: 'My shop',
      currency: 'USD',
      time_zone: 'UTC',
      tax_mode: 'included',
      tax_rate: 0,
      phone: null,
      address: null,
      set_up_at: null,
    })
    .execute()
  await query
    .insertInto('node')
    .values({
      ...synced,
      id: 0,
      name: 'Terminal 1',
      terminal: 'T1',
      kind: null,
      clock_confirmed_at: null,
      clock_confirmed_by: null,
      clock_expected_at: null,
      heir_id: null,
      sign_key: null,
      seal_key: null,
      enrolled_at: null,
      revoked_at: null,
    })
    .execute()
  const fresh = { role: 'alone', epoch: 1, seq: 0, chain: GENESIS, hlc: null, mark: null } as const
  await query
    .insertInto('self')
    .values({ node_id: 0, ...fresh, ...NOTHING_SAVED })
    .execute()
  await query
    .insertInto('counter')
    .values(
      [
        { name: 'store', n: 1, label: null },
        { name: 'node', n: 0, label: null },
      ].map((counter) => ({ ...counter, sum: counterSum(counter) })),
    )
    .execute()
}
