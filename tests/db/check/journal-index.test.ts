import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import { readCheckRecord } from '../../../db/check/check-record.ts'
import { openPass } from '../../../db/check/pass.ts'
import type { Database } from '../../../db/database.ts'
import { beginEpoch } from '../../../db/journal/begin-epoch.ts'
import { eraseBodies } from '../../../db/journal/erase.ts'
import { insert, insertMany, patch } from '../../../db/rows.ts'
import { openRunningCheck } from '../../../server/checks/running-check.ts'
import { type CommandLine, openCommandLine } from '../../cli/command-line.ts'
import { journalOf, packWholeJournal, QUUX } from '../../support/journal.ts'

const by = { actor: null, device: null, act: 'test' }

/** Wilhelmina Quux among others, in a packed journal of two epochs; her id. */
async function fill(cli: CommandLine): Promise<number> {
  await cli.run(['verify']) // What a first start writes.
  return await cli.look(async (database) => {
    const brands = Array.from({ length: 60 }, (_, n) => ({ name: `Brand ${n}`, name_key: `brand ${n}` }))
    await database.write(by, (trx) => insertMany(trx, 'brand', brands))
    const id = await database.write(by, (trx) =>
      insert(trx, 'user', { full_name: 'Wilhelmina Quux', role: 'customer', is_staff: false, is_active: true }),
    )
    await database.write(by, (trx) => beginEpoch(trx, { epoch: 2, backup_at: null }))
    await database.write(by, async (trx) => {
      for (let n = 0; n < 9; n++) await patch(trx, 'user', id, { full_name: `Quux ${n}` })
    })
    await packWholeJournal(database)
    return id
  })
}

const indexOf = ({ db }: Database) =>
  db.selectFrom('journal_row').selectAll().orderBy('entity').orderBy('row_id').orderBy('epoch').orderBy('seq').execute()

const OF_USERS = `entity = (select id from journal_shape where entity = 'user' and fields = '[]')`

const SPOILED = [
  ['lacks a row', `delete from journal_row where ${OF_USERS} and epoch = 2`, -1],
  ['has a row too many', `insert into journal_row select entity, row_id + 1, origin, epoch, seq from journal_row where ${OF_USERS} and epoch = 2`, 1],
  ['has a row of another block', `update journal_row set seq = seq - 1 where ${OF_USERS} and epoch = 1`, 0],
  ['has a row of another entity', `update journal_row set entity = 4711 where ${OF_USERS} and epoch = 1`, 0],
  ['calls an entity by another name', `update journal_shape set entity = 'elsewhere' where entity = 'user' and fields = '[]'`, 0],
  ['says it went further than it did', 'update journal_packing set seq = seq + 100 where epoch = 2', null],
] as const // oxfmt-ignore

test.each(SPOILED)('an index of the journal that %s is found by verify and made anew', async (_, statement, more) => {
  await using cli = await openCommandLine()
  const id = await fill(cli)
  const before = await cli.look(indexOf)
  if (more === null) await cli.look((database) => database.write(by, (trx) => patch(trx, 'user', id, { phone: '555' })))
  await cli.tamper(statement)
  const said = await cli.run(['verify'])
  expect(said).toMatchObject({ code: 0, err: '' })
  const found = before.length + (more ?? 0)
  const expected = before.length + (more === null ? 1 : 0)
  expect(said.out).toContain(`it had ${found} rows where ${expected} belong`)
  expect(said.out).toContain('every row as it says')
  await cli.look(async (database) => {
    expect((await readCheckRecord(database.db)).findings).toEqual([{ kind: 'indexed', expected, found }])
    expect(await indexOf(database)).toEqual([])
    await packWholeJournal(database)
    expect(await indexOf(database)).toHaveLength(expected)
    expect((await checkContent(database)).findings).toEqual([])
  })
  expect(await cli.run(['verify'])).toMatchObject({ code: 0, out: expect.not.stringContaining('The index') })
})

test.each(SPOILED)('an erasure leaves no body behind where the index %s', async (_, statement) => {
  await using cli = await openCommandLine()
  const id = await fill(cli)
  await cli.tamper(statement)
  await cli.look(async (database) => {
    await database.write(by, (trx) => patch(trx, 'user', id, { full_name: 'Nobody' }))
    expect(await eraseBodies(database, by, { user: [id] })).toBe(11)
    expect(JSON.stringify(await journalOf(database))).not.toMatch(QUUX)
  })
})

test('the daily check finds that the index lacks a row, and packing fills it again', async () => {
  await using cli = await openCommandLine()
  await fill(cli)
  await cli.tamper(SPOILED[0][1])
  await cli.look(async (database) => {
    const check = await openRunningCheck({
      database,
      structure: null,
      now: Date.now,
      idleMs: () => 60_000,
      onFindings: () => {},
      onError: (error) => {
        throw error
      },
    })
    expect(await check.runNow()).toMatchObject([{ kind: 'indexed' }])
    expect(database.damage()).toBeNull()
    await packWholeJournal(database)
    expect(await check.runNow()).toEqual([])
    await check.close()
  })
})

test('what is packed while the journal is checked is no finding, after a restart neither', async () => {
  await using cli = await openCommandLine()
  const id = await fill(cli)
  await cli.look(async (database) => {
    const scan = database.scan()
    let pass = await openPass(scan)
    for (let n = 0; await pass.step(0.001); n++) {
      if (n >= 20) continue
      await database.write(by, (trx) => patch(trx, 'user', id, { full_name: `Quux ${n}` }))
      await database.packJournal(0, 0)
      if (n % 3 === 0) pass = await openPass(scan, pass.position())
      await pause(1)
    }
    scan.close()
    expect(pass.findings()).toEqual([])
    await packWholeJournal(database)
    expect((await checkContent(database)).findings).toEqual([])
  })
})

test('what the index says of a block that cannot be read stays, and an erasure of who is in it is refused', async () => {
  await using cli = await openCommandLine()
  const id = await fill(cli)
  const ofBlock = await cli.look(async (database) => (await indexOf(database)).filter(({ epoch }) => epoch === 2))
  await cli.tamper(
    `update journal set digest = 'else', pack = ${'file' in cli.at ? `x'01'` : `'\\x01'`} where epoch = 2 and kind = 'block' and row_id > 5`,
  )
  await cli.look(async (database) => expect((await checkContent(database)).findings).toHaveLength(1))
  await cli.tamper('delete from journal_row where epoch = 1 and row_id = 3')
  expect((await cli.run(['verify'])).code).toBe(1)
  await cli.look(async (database) => {
    const { findings } = await readCheckRecord(database.db)
    expect(findings).toMatchObject([{ kind: 'entry', epoch: 2, reason: 'body' }, { kind: 'indexed' }])
    expect(ofBlock).toEqual(expect.arrayContaining(await indexOf(database)))
    expect((await indexOf(database)).length).toBeGreaterThan(0)
    await packWholeJournal(database)
    expect((await checkContent(database)).findings).toMatchObject([{ kind: 'entry' }])
    await expect(eraseBodies(database, by, { user: [id] })).rejects.toThrow()
    expect(await eraseBodies(database, by, { brand: [1] })).toBe(1)
  })
})
