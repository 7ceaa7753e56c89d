import { join } from 'node:path'
import SqliteFile from 'better-sqlite3'
import { CompiledQuery } from 'kysely'
import { expect, test } from 'vitest'
import { QUERY } from '../../../db/handle.ts'
import type { Database } from '../../../db/database.ts'
import { insert, patch, remove } from '../../../db/rows.ts'
import { checkContent } from '../../../db/check/check-content.ts'
import { readCheckRecord, saveCheckRecord } from '../../../db/check/check-record.ts'
import type { Finding } from '../../../db/check/findings.ts'
import { openCommandLine } from '../../cli/command-line.ts'
import { ENGINE } from '../../support/database.ts'

const by = { actor: 7, device: 'till', act: 'test' }

/** Twelve entries about six brands. */
async function write(database: Database) {
  for (let n = 1; n <= 6; n++)
    await database.write(by, async (trx) => {
      const id = await insert(trx, 'brand', { name: `Brand ${n}`, name_key: `brand ${n}` })
      await patch(trx, 'brand', id, { description: `The ${n}th` })
    })
}

/** Changes the database past the program, as whoever has the file could. */
const tamper = (database: Database, statement: string) =>
  database.write({ actor: null, device: null, act: 'nothing' }, async (trx) => {
    await trx[QUERY].executeQuery(CompiledQuery.raw(statement))
  })

test('a journal that nobody touched verifies, an empty one too', async () => {
  await using cli = await openCommandLine()
  await cli.look(async (database) => {
    expect((await checkContent(database)).findings).toEqual([])
    await write(database)
    expect((await checkContent(database)).findings).toEqual([])
  })
  expect(await cli.run(['verify'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^The journal is as it was written, and every row as it says: \d+ entries\.\n$/),
  })
})

test.each([
  [`before = '{"description":"else"}'`, 'body'],
  [`after = '{"description":"else"}'`, 'body'],
  [`salt = 'else'`, 'body'],
  [`salt = null`, 'body'],
  [`digest = 'else'`, 'digest'],
  [`chain = 'else'`, 'header'],
  [`tx = tx + 1`, 'header'],
  [`hlc = 'else'`, 'header'],
  [`schema = 99`, 'header'],
  [`at = at + 1`, 'header'],
  [`actor = 8`, 'header'],
  [`device = null`, 'header'],
  [`act = 'else'`, 'header'],
  [`entity = 'problem'`, 'header'],
  [`row_id = 4711`, 'header'],
  [`kind = 'del'`, 'header'],
])('an entry with %s is named (%s)', async (change, reason) => {
  await using cli = await openCommandLine()
  await cli.look(async (database) => {
    await write(database)
    await tamper(database, `update journal set ${change} where seq = 8`)
    expect((await checkContent(database)).findings).toMatchObject([{ seq: 8, reason }])
  })
  expect(await cli.run(['verify'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('The journal was tampered with: entry 0/1/8'),
  })
})

test('the row that a changed entry is about is named', async () => {
  await using cli = await openCommandLine()
  await cli.look(async (database) => {
    await write(database)
    await tamper(database, `update journal set after = '{}' where seq = 8`)
  })
  const { err } = await cli.run(['verify'])
  expect(err.split('\n')).toEqual([
    'The journal was tampered with: entry 0/1/8, about brand 4: what it says of the row (before, after or salt) was changed.',
    expect.stringContaining('npm run fixpoint -- restore FILE'),
    '',
  ])
})

test('an entry that was taken out is missed', async () => {
  await using cli = await openCommandLine()
  await cli.look(async (database) => {
    await write(database)
    await tamper(database, 'delete from journal where seq = 5')
    expect((await checkContent(database)).findings).toMatchObject([{ seq: 5, reason: 'missing' }])
  })
})

test('a tail that was cut off is missed, all of it too', async () => {
  await using cli = await openCommandLine()
  await cli.look(async (database) => {
    await write(database)
    await tamper(database, 'delete from journal where seq > 10')
    expect((await checkContent(database)).findings).toMatchObject([{ seq: 11, reason: 'end' }])
    await tamper(database, 'delete from journal')
    expect((await checkContent(database)).findings).toMatchObject([{ seq: 1, reason: 'end' }])
  })
})

test.each([
  [`update brand set name = 'Else' where id = 3`, 'brand 3: name differs from what the journal says'],
  [`update brand set name = 'Else', description = null where id = 3`, 'brand 3: name, description differs'],
  [`update brand set created_at = created_at + 1 where id = 3`, 'brand 3: created_at differs'],
  [`update brand set deleted_at = 1 where id = 3`, 'brand 3: deleted_at differs'],
  [`delete from brand where id = 3`, 'brand 3: the journal knows it, but it is gone'],
  [
    `insert into brand (id, store_id, name, name_key, created_at, updated_at) values (99, 1, 'x', 'x', 1, 1)`,
    'brand 99: the journal does not know it',
  ],
  [
    `update brand set name = (case id when 2 then 'Brand 3' else 'Brand 2' end) where id in (2, 3)`,
    'brand 2: name differs',
  ],
])('a row that was changed past the journal is named: %s', async (statement, sentence) => {
  await using cli = await openCommandLine()
  await cli.look(async (database) => {
    await write(database)
    await database.write(by, (trx) => remove(trx, 'brand', 5))
  })
  expect((await cli.run(['verify'])).code).toBe(0)
  await cli.look((database) => tamper(database, statement))
  const { code, err } = await cli.run(['verify'])
  expect(code).toBe(1)
  expect(err).toContain(`A row was tampered with: ${sentence}`)
})

test('a clean check of the content clears what was found in it before, and nothing that was found wrong with the file', async () => {
  await using cli = await openCommandLine()
  const row: Finding = { kind: 'row', table: 'brand', row_id: 3, reason: 'changed', fields: ['name'] }
  const file: Finding = { kind: 'file', text: 'page 7 of table brand' }
  const remember = (findings: readonly Finding[]) =>
    cli.look((database) =>
      database.writeCheckRecord((trx) =>
        saveCheckRecord(trx, { position: null, started_at: null, finished_at: 1_000, entries: 1, rows: 1, findings }),
      ),
    )
  const known = () => cli.look(async ({ db }) => (await readCheckRecord(db)).findings)
  await cli.look(write)
  await remember([file, row])
  expect(await cli.run(['verify'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(
      /The database file is damaged \(page 7 of table brand\)\.\n.*npm run fixpoint -- restore FILE/,
    ),
  })
  expect(await known()).toEqual([file])
  await remember([row])
  expect((await cli.run(['verify'])).code).toBe(0)
  expect(await known()).toEqual([])
})

test.skipIf(ENGINE === 'postgres')('a table whose text was changed in the file is named', async () => {
  await using cli = await openCommandLine()
  await cli.look(write)
  const file = new SqliteFile(join(cli.folder, 'fixpoint.db')).unsafeMode()
  file.pragma('writable_schema = on')
  file.exec(`update sqlite_schema set sql = replace(sql, '"profile_picture"', '"profile_pic;ure"') where name = 'user'`)
  file.close()
  const { code, err } = await cli.run(['verify'])
  expect(code).toBe(1)
  expect(err).toMatch(/^[^\n]*table user is not as it was made[^\n]*restore FILE\n$/)
})
