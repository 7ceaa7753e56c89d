import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import type { Finding } from '../../../db/check/findings.ts'
import { isDamage } from '../../../db/errors.ts'
import { openDatabase } from '../../../db/open.ts'
import { SYNCED_TABLES } from '../../../db/schema/schema.ts'
import { bringUpToDate } from '../../../server/upkeep.ts'
import { type } from '../../cli/command-line.ts'
import { ENGINE } from '../../support/database.ts'
import { fillOwnTables } from '../../support/own-rows.ts'

/** What the check of the content does not find when it is changed, and why not. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'any updated_at': 'the journal says when a row was written; this repeats it, for whoever reads the row',
  'store.any': 'comes before the journal, which tells of some columns only; so does the next',
  'node.any': 'as above',
  'journal.stamp': 'empty, but at head office for the entries of a machine whose clock was ahead',
  'migration.name': 'the next start refuses a database that another program seems to have made',
  'migration.at': 'nothing reads it',
  'self.mark': 'moves with each write; a start holds it against the log',
  'self.trusted_at': 'moves with each write; a clock that differs from it is asked about',
  'self.contradicted_since': 'empty, but while the clock is contradicted',
  'search_pending.any': 'stands for a moment, until its row is indexed',
  'arrival.any': 'stands for a moment, until the other processes of this machine have seen it',
  'field_clock.any': 'follows from the journal where several machines write one row, and is not held against it yet',
}

/** Come with a head office, which no database has yet, and bear no sums. */
const OF_A_FLEET = [
  'origin_head', 'stream_head', 'cursor', 'feed', 'share', 'held', 'quarantine', 'parked', 'conflict', 'suspect', 'heard',
  'cursor_past', 'erased', 'photo_need',
] // oxfmt-ignore

/** As `LEFT_OUT` names a column. */
const namesOf = (table: string, column: string) => [`${table}.${column}`, `${table}.any`, `any ${column}`]

type Value = number | string | Buffer | null
type Column = { name: string; type: string }

/** What a disk may make of a value. */
function damaged(value: Value, { type }: Column): Value {
  if (Buffer.isBuffer(value)) return Buffer.from(value.map((byte, at) => (at === value.length >> 1 ? byte ^ 1 : byte)))
  if (type === 'TEXT' || type === 'text')
    return `${String(value ?? '').slice(0, -1)}${String(value).endsWith('x') ? 'y' : 'x'}`
  return Number(value ?? 0) + 4_096
}

/** A shop that has rows in every table, but in some that the journal tells of. */
async function openFilled(folder: string) {
  expect(await type(['demo', '--data', folder])).toMatchObject({ code: 0 })
  const file = join(folder, 'fixpoint.db')
  const database = await openDatabase({ at: { file }, now: Date.now, onError: () => {} })
  await bringUpToDate({ database })
  await database.write({ actor: null, device: null, act: 'test' }, fillOwnTables)
  while (await database.packJournal(1_000, 20)) continue
  const side = new Database(file)
  side.pragma('foreign_keys = off')
  side.exec(`insert into arrival (n, at, rows) values (1, 5, '{}');
    insert into field_clock (entity, row_id, stamps) values ('brand', 1, '{}');
    insert into search_pending (entity, row_id) values ('nothing', 1)`)
  return { database, side }
}

/** The tables of a file but for SQLite's own and those that a search index consists of. */
const tablesOf = (side: Database.Database) =>
  side
    .prepare(
      `select name from sqlite_schema where type = 'table' and sql not like 'create virtual %' and name not like 'sqlite_%'
        and name not in (select shadow.name from pragma_table_list shadow where shadow.type = 'shadow') order by name`,
    )
    .pluck()
    .all() as string[]

type Row = Record<string, Value>

/** A row of a table; of the journal an entry and a block. */
function rowsOf(side: Database.Database, table: string): Row[] {
  const rows = side.prepare(`select * from "${table}" limit 1`).all() as Row[]
  if (table === 'journal') rows.push(side.prepare(`select * from journal where kind = 'block' limit 1`).get() as Row)
  return rows
}

/** A block holds its entries in one column; those that it leaves empty, or has for its form alone, nothing reads. */
const isTried = (row: Row, column: string) =>
  row['kind'] === 'block' ? !['entity', 'before', 'after', 'salt'].includes(column) : column !== 'pack'

/** Changes columns of a row past the program while `run` works. */
async function whileDamaged<T>(
  side: Database.Database,
  { table, columns, row }: { table: string; columns: readonly Column[]; row: Row },
  run: () => Promise<T>,
): Promise<T> {
  const where = Object.keys(row).map((name) => `"${name}" is ?`)
  const set = columns.map(({ name }) => `"${name}" = ?`)
  const update = side.prepare(`update "${table}" set ${set.join(', ')} where ${where.join(' and ')}`)
  const values = (of: Row) => columns.map(({ name }) => of[name])
  const wrong: Row = {
    ...row,
    ...Object.fromEntries(columns.map((column) => [column.name, damaged(row[column.name]!, column)])),
  }
  expect(update.run(...values(wrong), ...Object.values(row)).changes, table).toBe(1)
  const result = await run()
  update.run(...values(row), ...Object.values(wrong))
  return result
}

/** Which columns are changed at once: all of a row that the journal tells of, since what is found of it names each. */
const groupsOf = (table: string, columns: readonly Column[]): (readonly Column[])[] =>
  isSynced(table)
    ? [columns.filter(({ name }) => name === 'id'), columns.filter(({ name }) => name !== 'id')]
    : columns.map((column) => [column])

const isSynced = (table: string) => SYNCED_TABLES.some((name) => name === table)

const isFound = (findings: readonly (Finding | Error)[], table: string, column: string) =>
  isSynced(table) && column !== 'id'
    ? findings.some((finding) => 'fields' in finding && finding.table === table && finding.fields.includes(column))
    : findings.length > 0

test.skipIf(ENGINE === 'postgres')(
  'a change in any column of any table is found, but for those that are named here',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fixpoint-columns-'))
    const { database, side } = await openFilled(folder)
    try {
      // What the check cannot go on without is said of the file.
      const findings = async (): Promise<readonly (Finding | Error)[]> =>
        (
          await checkContent(database).catch((error: unknown) => {
            if (!isDamage(error)) throw error
            return { findings: [error as Error] }
          })
        ).findings
      expect(await findings()).toEqual([])
      const unfound: string[][] = []
      const empty: string[] = []
      for (const table of tablesOf(side)) {
        const rows = rowsOf(side, table)
        if (rows.length === 0) empty.push(table)
        for (const row of rows) {
          const columns = side.pragma(`table_info("${table}")`) as Column[]
          for (const group of groupsOf(
            table,
            columns.filter(({ name }) => isTried(row, name)),
          )) {
            const found = await whileDamaged(side, { table, columns: group, row }, findings)
            for (const { name } of group) if (!isFound(found, table, name)) unfound.push(namesOf(table, name))
          }
        }
      }
      expect(unfound.filter((names) => !names.some((name) => name in LEFT_OUT))).toEqual([])
      expect(Object.keys(LEFT_OUT).filter((name) => !unfound.flat().includes(name))).toEqual([])
      expect(empty.filter((table) => !isSynced(table)).toSorted()).toEqual(OF_A_FLEET.toSorted())
      expect(await findings()).toEqual([])
    } finally {
      side.close()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
  300_000,
)
