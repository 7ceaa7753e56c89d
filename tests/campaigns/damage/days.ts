import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { hash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { nextInSeries } from '../../../db/local.ts'
import { headOf, writeHighWater } from '../../../db/file/high-water.ts'
import { openToServe } from '../../../db/file/open-file.ts'
import { insert, patch } from '../../../db/rows.ts'
import { SYNCED_TABLES } from '../../../db/schema/schema.ts'
import { bringUpToDate } from '../../../server/upkeep.ts'
import { fillOwnTables } from '../../support/own-rows.ts'
import { type } from '../../cli/command-line.ts'

/** The files that a shop leaves behind over some days, to be damaged and mixed. */

/**
 * How a database was left: the files that were there, by what follows `fixpoint.db` in their names, and what it says
 * (`contentOf`).
 */
export type Image = { folder: string; parts: readonly string[]; content: string }

export type Days = {
  /** Closed on Monday evening, and on Tuesday evening. */
  monday: Image
  tuesday: Image
  /** On Wednesday the power went, with work in the log that the file does not have. */
  crash: Image
  /** The logs of other days, and of another shop. */
  strayLogs: readonly string[]
  /** Those of them that Tuesday's file has never had. */
  foreignLogs: readonly string[]
  /** What the whole database says after each of its transactions (`contentOf`), the newest last. */
  known: ReadonlySet<string>
  remove(): void
}

const PARTS = ['', '-wal', '-head', '-clean']

/** Works through three days of a shop, and one of another. */
export async function liveThroughDays(): Promise<Days> {
  const root = mkdtempSync(join(tmpdir(), 'fixpoint-days-'))
  const known = new Set<string>()
  const keep = (file: string, name: string, parts = PARTS): Image => {
    const folder = join(root, name)
    mkdirSync(folder)
    const there = parts.filter((part) => copied(`${file}${part}`, join(folder, `fixpoint.db${part}`)))
    return { folder, parts: there, content: [...known].at(-1) ?? '' }
  }
  const file = await newShop(join(root, 'shop'))
  const strayLogs: string[] = []
  const keepLog = (of: string, name: string) => strayLogs.push(join(keep(of, name, ['-wal']).folder, 'fixpoint.db-wal'))

  await work(file, 5, known, () => keepLog(file, 'monday-log'))
  const monday = keep(file, 'monday')
  await work(file, 8, known, () => keepLog(file, 'tuesday-log'))
  const tuesday = keep(file, 'tuesday')
  let crash: Image | null = null
  await work(file, 12, known, () => (crash = keep(file, 'crash')))
  await work(file, 3, known, () => keepLog(file, 'thursday-log'))
  const other = await newShop(join(root, 'other'))
  await work(other, 6, new Set(), () => keepLog(other, 'other-log'))
  return {
    monday,
    tuesday,
    crash: crash!,
    strayLogs,
    foreignLogs: strayLogs.slice(-2),
    known,
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

function copied(from: string, to: string): boolean {
  try {
    copyFileSync(from, to)
    return true
  } catch {
    return false
  }
}

async function newShop(folder: string): Promise<string> {
  const { code, err } = await type(['demo', '--data', folder])
  if (code !== 0) throw new Error(err)
  const file = join(folder, 'fixpoint.db')
  // A server does so when it starts: what it makes of damaged files is held against files where nothing is left to be done.
  const database = await openToServe({ at: { file }, now: Date.now, onError: (error) => console.error(error) })
  await bringUpToDate({ database })
  await database.write({ actor: null, device: null, act: 'campaign' }, fillOwnTables)
  await database.close()
  return file
}

/** A day's transactions, of which each changes other pages; `late` looks at the files while the last ones are in the log alone. */
async function work(file: string, transactions: number, known: Set<string>, late: () => void) {
  const database = await openToServe({ at: { file }, now: Date.now, onError: (error) => console.error(error) })
  const by = { actor: null, device: null, act: 'campaign' }
  const side = new Database(file)
  for (let n = 0; n < transactions; n++) {
    await database.write(by, async (trx) => {
      const name = `${transactions} ${n} ${'x'.repeat(200 * (n + 1))}`
      const id = await insert(trx, 'brand', { name, name_key: name })
      await insert(trx, 'problem', { name, name_key: name })
      if (n % 3 === 2) await patch(trx, 'brand', id, { name: `${name} again` })
      if (n % 4 === 1) await nextInSeries(trx, 'ticket')
    })
    known.add(contentOf(side))
    if (n === Math.floor(transactions / 3)) side.pragma('wal_checkpoint(PASSIVE)')
  }
  writeHighWater(file, await headOf(database.db))
  late()
  side.close()
  await database.close()
}

/** What moves although nobody does anything: the search index, which is made from the rows, and the file's own mark. */
const ITS_OWN = /^(search_|sqlite_)/

/** A digest of every row of every table. */
export function contentOf(database: Database.Database): string {
  const tables = database
    .prepare(`select name from sqlite_schema where type = 'table' order by name`)
    .pluck()
    .all() as string[]
  const rows = tables
    .filter((table) => !ITS_OWN.test(table))
    .map((table) => [table, database.prepare(`select * from "${table}"`).all().map(plainIn(table)).toSorted()])
  return hash('sha256', JSON.stringify(rows))
}

/**
 * A row, but for the mark, for when it was last written, which the journal says too and which is only shown, and for when a migration
 * ran (`at`), which nothing reads.
 */
const plainIn = (table: string) => (row: unknown) =>
  JSON.stringify({
    ...(row as object),
    mark: null,
    ...(isSynced(table) && { updated_at: null }),
    ...(table === 'migration' && { at: null }),
  })

const isSynced = (table: string) => SYNCED_TABLES.some((name) => name === table)
