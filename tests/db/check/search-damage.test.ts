import { readFileSync, writeFileSync } from 'node:fs'
import SqliteFile from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readCheckRecord } from '../../../db/check/check-record.ts'
import type { Database } from '../../../db/database.ts'
import { openToServe } from '../../../db/file/open-file.ts'
import { findStructureDamage } from '../../../db/file/quick-check.ts'
import { insertMany, patch } from '../../../db/rows.ts'
import { findIds } from '../../../db/search/search.ts'
import { ENGINE, freshDatabase } from '../../support/database.ts'

const by = { actor: null, device: null, act: 'test' }
const PEOPLE = 600

/** A shop with people who are in the index; a second connection changes the file as a failing disk could. */
async function openPeople() {
  const { at, remove } = await freshDatabase()
  if (!('file' in at)) throw new Error('There is no file')
  onTestFinished(remove)
  const said: string[] = []
  const open = () => openToServe({ at, now: Date.now, onError: (error) => void said.push(error.message) })
  const database = await open()
  const people = Array.from({ length: PEOPLE }, (_, n) => ({ full_name: `Person ${n} Smith`, role: 'customer' as const, is_staff: 0 as const, is_active: 1 as const })) // oxfmt-ignore
  const ids = await database.write(by, (trx) => insertMany(trx, 'user', people))
  await database.flushSearchIndex()
  const damage = (statement: string) => {
    const file = new SqliteFile(at.file).unsafeMode()
    expect(file.prepare(statement).run().changes).toBeGreaterThan(0)
    file.close()
  }
  return { database, open, ids, damage, said, file: at.file }
}

/** That everybody is found, and that what is written is. */
async function expectWhole(database: Database, ids: readonly number[]) {
  await database.write(by, (trx) => patch(trx, 'user', ids[0]!, { full_name: 'Renamed Smith' }))
  await database.flushSearchIndex()
  const find = (q: string) => findIds(database.db, 'user', q, { limit: 2 * PEOPLE })
  expect((await find('smith')).length).toBe(PEOPLE)
  expect(await find('renamed')).toEqual([ids[0]])
  expect(await find('person 7 ')).toContain(ids[7])
  expect(database.damage()).toBeNull()
}

const FINDING = { kind: 'search', entity: 'user' }
const findings = async ({ db }: Database) => (await readCheckRecord(db)).findings

/** Rows 1 and 10 of the index hold its figures and the list of its parts; those above are what it consists of. */
const PARTS = `update search_user_data set block = x'00ff00ff' where id > 10`
const DAMAGES = [
  PARTS,
  `update search_user_data set block = zeroblob(length(block)) where id > 10`,
  `delete from search_user_data where id > 10`,
  `delete from search_user_data where id = 10`,
  `delete from search_user_data where id = 1`,
  `delete from search_user_data`,
  `update search_user_docsize set sz = x'ff'`,
]

describe.skipIf(ENGINE === 'postgres')('a damaged search index', () => {
  test.each(DAMAGES)('is made anew when a write or a search meets it: %s', async (statement) => {
    const { database, ids, damage, said } = await openPeople()
    damage(statement)
    await findIds(database.db, 'user', 'smith', { limit: 1 })
    await database.write(by, (trx) => patch(trx, 'user', ids[1]!, { full_name: 'Other Smith' }))
    await database.flushSearchIndex().catch(() => {}) // Whoever indexes meets it, and does it again soon.
    await expectWhole(database, ids)
    expect(await findings(database)).toEqual([FINDING])
    expect(said).toContainEqual(expect.stringContaining('The search index of user was damaged'))
    await database.close()
  })

  test('that forgot its parts is made anew with the next write', async () => {
    const { database, ids, damage } = await openPeople()
    damage(`update search_user_data set block = x'00ff00ff' where id = 10`)
    await database.write(by, (trx) => patch(trx, 'user', ids[1]!, { full_name: 'Other Smith' }))
    await expect(database.flushSearchIndex()).rejects.toThrow('search_user')
    await expect.poll(() => findings(database)).toEqual([FINDING])
    await expectWhole(database, ids)
    await database.close()
  })

  test.each(DAMAGES.slice(0, 4))('is made anew at the start after a crash: %s', async (statement) => {
    const { database, open, ids, damage, file } = await openPeople()
    await database.close()
    damage(statement)
    expect(findStructureDamage(file)).toMatchObject({ damage: null, search: [{ entity: 'user' }] })
    const next = await open()
    expect(await findings(next)).toEqual([FINDING])
    await expectWhole(next, ids)
    await next.close()
    expect(findStructureDamage(file)).toEqual({ damage: null, search: [] })
  })

  test('beside a damaged table is damage like any other: the file is not served', async () => {
    const { database, open, damage, file } = await openPeople()
    await database.close()
    damageTable(file, 'intake')
    damage(PARTS)
    await expect(open()).rejects.toThrow(/is damaged .*restore FILE/)
    expect(findStructureDamage(file).damage).not.toBeNull()
  })

  test('that is met beside a damaged table is left as it is, and nothing is written', async () => {
    const { database, damage, file } = await openPeople()
    damageTable(file, 'import_run')
    damage(PARTS)
    await expect(findIds(database.db, 'user', 'smith', { limit: 1 })).rejects.toThrow('corruption')
    expect(database.damage()).not.toBeNull()
    expect(await findings(database)).toEqual([])
    await database.close()
  })

  test('that has a page of another table in it is left as it is: emptied, it would take that along', async () => {
    const { database, file } = await openPeople()
    shareAPage(file, 'search_user_data', 'brand')
    await expect(database.renewSearchIndex('user')).rejects.toThrow('nothing can be saved')
    expect(database.damage()).not.toBeNull()
    expect(await findings(database)).toEqual([])
    await database.close()
  })

  test('that breaks again, once it was made anew, is damage like any other', async () => {
    const { database, ids, damage } = await openPeople()
    const find = () => findIds(database.db, 'user', 'smith', { limit: 2 * PEOPLE })
    damage(PARTS)
    await find()
    await expectWhole(database, ids)
    damage(PARTS)
    await expect(find()).rejects.toThrow('corruption')
    await expect(database.write(by, (trx) => patch(trx, 'user', ids[0]!, { full_name: 'No' }))).rejects.toThrow(
      'nothing can be saved',
    )
    await database.close()
  })
})

/** The first page of each table, from 1, once the log is merged. */
function rootsOf(path: string, ...tables: string[]): number[] {
  const file = new SqliteFile(path)
  file.pragma('wal_checkpoint(TRUNCATE)')
  const root = file.prepare('select rootpage from sqlite_schema where name = ?').pluck()
  const pages = tables.map((table) => root.get(table) as number)
  file.close()
  return pages
}

/** Overwrites the head of the first page of a table. */
function damageTable(path: string, table: string) {
  const [page] = rootsOf(path, table)
  const bytes = readFileSync(path)
  bytes.fill(0xff, (page! - 1) * 4_096, (page! - 1) * 4_096 + 16)
  writeFileSync(path, bytes)
}

/** Has the last branch of a table lead into another one. */
function shareAPage(path: string, table: string, other: string) {
  const [page, wrong] = rootsOf(path, table, other)
  const bytes = readFileSync(path)
  const at = (page! - 1) * 4_096
  expect(bytes[at]).toBe(5) // A page that leads to others.
  bytes.writeUInt32BE(wrong!, at + 8)
  writeFileSync(path, bytes)
}
