import type Database from 'better-sqlite3'
import { LETTERS, numberInSeries } from '../../server/domain/numbers.ts'
import { checkJournal } from '../check/check-content.ts'
import { openSqlite } from '../engines/sqlite.ts'
import { DatabaseRefused } from '../errors.ts'
import { entriesOf, isBlock } from '../journal/block.ts'
import { openShapes, SELECT_SHAPES, type ShapeRow } from '../journal/shapes.ts'
import { APPLICATION_ID, MIGRATIONS } from '../migrations/migrate.ts'
import type { JournalTable } from '../schema/schema.ts'
import { HAS_SELF, selfIn } from '../self.ts'
import { lookInto } from './look-into.ts'
import { damageOf, findDamage } from './quick-check.ts'

/** What a database file that nobody serves says of itself: a copy for a backup, one out of a backup, one to be replaced. */
export type Contents = {
  /** How many migrations it has seen. */
  schema: number
  node: { id: number; store_id: number; terminal: string; epoch: number }
  store: { code: string; name: string }
  /** Where the journal ends; `first` is the chain of its first entry, which tells one shop's database from another's. */
  journal: { seq: number; chain: string; first: string | null }
  /** The last number of each series, `S1-T1-000123`; null where none was given out. */
  last: { ticket: string | null; receipt: string | null; purchase: string | null }
  rows: { people: number; devices: number; repairs: number; payments: number }
  /** Instant of the last entry of the journal, ms. */
  written_at: number | null
}

type NodeIdentity = Contents['node'] & Contents['store'] & { seq: number; chain: string }

const selectIdentity = (self: string) => `select self.*, store.code, store.name
  from ${self} self join store on store.id = self.store_id`

const ownNodeIn = (database: Database.Database) => selfIn(database.prepare(HAS_SELF).get() !== undefined)

/** The newest schema that this program knows. */
export const KNOWN_SCHEMA = MIGRATIONS.length

/** Whether a file is a database of this program; one that cannot be read is none. */
export function isOwnFile(file: string): boolean {
  try {
    return lookInto(file, (database) => database.pragma('application_id', { simple: true }) === APPLICATION_ID)
  } catch (error) {
    damageOf(error)
    return false
  }
}

/** How many migrations a file has seen. */
export const schemaOf = (file: string): number =>
  lookInto(file, (database) => Number(database.pragma('user_version', { simple: true })))

/**
 * Reads a file without changing it. Throws what SQLite says where it cannot be read.
 * @throws DatabaseRefused when it holds no shop
 */
export function readContents(file: string): Contents {
  return lookInto(file, (database) => {
    const get = <T>(text: string) => database.prepare(text).get() as T | undefined // One row, as its text says.
    const identity = get<NodeIdentity>(selectIdentity(ownNodeIn(database)))
    if (!identity) throw new DatabaseRefused(`${file} holds no shop.`)
    const { id, store_id, terminal, epoch, seq, chain, code, name } = identity
    const entry = (order: string) =>
      get<{ chain: string; at: number }>(
        `select chain, at from journal where origin = ${id} order by epoch ${order}, seq ${order} limit 1`,
      )
    const last = (series: keyof typeof LETTERS) => {
      const row = get<{ label: string; n: number }>(`select label, n from counter where name = '${series} number'`)
      return row ? numberInSeries(row.label, row.n, LETTERS[series]) : null
    }
    const count = (table: string) =>
      get<{ n: number }>(`select count(*) as n from "${table}" where deleted_at is null`)!.n
    return {
      schema: Number(database.pragma('user_version', { simple: true })),
      node: { id, store_id, terminal, epoch },
      store: { code, name },
      journal: { seq, chain, first: entry('asc')?.chain ?? null },
      last: { ticket: last('ticket'), receipt: last('receipt'), purchase: last('purchase') },
      rows: {
        people: count('user'),
        devices: count('device'),
        repairs: count('repair_order'),
        payments: count('payment'),
      },
      written_at: entry('desc')?.at ?? null,
    }
  })
}

/** The photos that rows name, by the hash of their bytes. */
export function readPhotoHashes(file: string): string[] {
  return lookInto(file, (database) => {
    const has = database.prepare(`select 1 from sqlite_schema where name = 'photo'`).get()
    if (!has) return []
    const hashes = database
      .prepare('select distinct sha256 from photo where deleted_at is null order by sha256')
      .pluck()
    return hashes.all() as string[] // One column of text, taken out by `pluck`.
  })
}

/** The people who were erased after the entry `seq` of `epoch`, by their ids. */
export function readErasedSince(file: string, { epoch, seq }: { epoch: number; seq: number }): number[] {
  return lookInto(file, (database) => {
    const rows = database.prepare(
      `select * from journal where origin = (select id from ${ownNodeIn(database)}) and (epoch, seq) > (?, ?) and act = 'erase'`,
    )
    const hasBlocks = database.prepare(`select 1 from sqlite_schema where name = 'journal_shape'`).get()
    const shapes = openShapes(hasBlocks ? (database.prepare(SELECT_SHAPES).raw().all() as ShapeRow[]) : [])
    const entries = (rows.all(epoch, seq) as JournalTable[]).flatMap((row) =>
      isBlock(row) ? entriesOf(row, shapes) : [row],
    )
    const people = entries.filter(({ entity }) => entity === 'user').map(({ row_id }) => row_id)
    return [...new Set(people)].toSorted((a, b) => a - b)
  })
}

/**
 * Checks a file from the first page to the last and its journal from the first entry to the head that its node remembers.
 * `progress` hears how many so far. Returns how many entries there are.
 * @throws DatabaseRefused naming `called` and what is wrong with it
 */
export async function checkContents(
  file: string,
  called: string,
  progress: (entries: number) => void,
): Promise<number> {
  const damage = findDamage(file)
  if (damage) throw new DatabaseRefused(`${called} is damaged (${damage}).`)
  const engine = openSqlite(file)
  try {
    const { entries, error } = await checkJournal(engine, progress)
    if (error)
      throw new DatabaseRefused(
        `The journal in ${called} was tampered with or is damaged: entry ${error.origin}/${error.epoch}/${error.seq}.`,
      )
    return entries
  } finally {
    await engine.close()
  }
}
