import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openToServe } from '../../../db/file/open-file.ts'
import { readCheckRecord } from '../../../db/check/check-record.ts'
import { openCommandLine } from '../../cli/command-line.ts'
import { ENGINE } from '../../support/database.ts'

const INDEX = 'user_phone_key'
const INSTEAD = `create trigger evil instead of insert on spy begin select 1; end`
const TRIGGER = `create trigger evil after insert on payment_entry begin update user set role = 'admin'; end`

/** A shop with a customer, whose file somebody has changed past the program. */
async function changed(statement: string) {
  const cli = await openCommandLine()
  onTestFinished(() => cli[Symbol.asyncDispose]())
  const person = ['user', 'add', '--full-name', 'Ann', '--phone', '555-0101', '--role', 'customer', '--password-stdin']
  expect((await cli.run(person, 'correct horse battery')).code).toBe(0)
  await cli.tamper(statement)
  const file = join(cli.folder, 'fixpoint.db')
  const serve = async () => {
    const said: string[] = []
    const database = await openToServe({
      at: { file },
      now: Date.now,
      onError: ({ message }) => void said.push(message),
    })
    return { database, said }
  }
  return { cli, file, serve }
}

describe.skipIf(ENGINE === 'postgres')('a file to which somebody added, or from which somebody took', () => {
  test.each([
    [TRIGGER, 'trigger evil on payment_entry was added by another program'],
    [`create view spy as select * from user; ${INSTEAD}`, 'trigger evil on spy was added by another program'],
  ])('%s: is not served, is named by verify, and is put right by a restore of the file itself', async (statement, named) => {
    const { cli, file, serve } = await changed(statement)
    await expect(serve()).rejects.toThrow(named)
    const found = await cli.run(['verify'])
    expect([found.code, found.err]).toEqual([1, expect.stringContaining(named)])
    expect(found.err).toMatch(/npm run fixpoint -- restore \S+fixpoint\.db$/m)
    expect(found.err).not.toMatch(/damaged|backup/)
    const restored = await cli.run(['restore', file])
    expect([restored.code, restored.out]).toEqual([0, expect.stringContaining(`Put right: ${named}.`)])
    expect(restored.out).not.toContain('NOT AS IT WAS WRITTEN')
    expect((await cli.run(['verify'])).code).toBe(0)
    await (await serve()).database.close()
  }) // oxfmt-ignore

  test.each([
    ['create index report_speed on user (full_name)', 'index report_speed on user was added by another program'],
    ['create unique index one on user (full_name)', 'index one on user was added by another program'],
    [`drop index ${INDEX}`, `index ${INDEX} is missing`],
    [`drop index ${INDEX}; create index ${INDEX} on user (id)`, `index ${INDEX} is not as it was made`],
  ])('%s: is put right and named at the start, by verify and by a restore', async (statement, text) => {
    const { cli, file, serve } = await changed(statement)
    const { database, said } = await serve()
    expect((await readCheckRecord(database.db)).findings).toEqual([{ kind: 'index', text }])
    expect([database.damage(), said]).toEqual([null, [expect.stringContaining(text)]])
    await database.close()
    expect(await cli.run(['verify'])).toMatchObject({ code: 0, out: expect.not.stringContaining(text) })
    await cli.tamper(statement)
    expect(await cli.run(['verify'])).toMatchObject({ code: 0, out: expect.stringContaining(text) })
    expect(await cli.run(['verify'])).toMatchObject({ code: 0, out: expect.not.stringContaining(text) })
    await cli.tamper(statement)
    const restored = await cli.run(['restore', file])
    expect([restored.code, restored.out]).toEqual([0, expect.stringContaining(`Put right: ${text}.`)])
  })

  test('a view that only reads is served, and nobody’s finding; a restore takes it out', async () => {
    const { cli, file, serve } = await changed('create view report as select * from user')
    const { database, said } = await serve()
    expect([database.damage(), said]).toEqual([null, []])
    await database.close()
    expect((await cli.run(['verify'])).code).toBe(0)
    expect((await cli.run(['restore', file])).out).toContain('Put right: view report was added by another program.')
  })

  test('a trigger is named before anything is written through it, and leaves the file as it was', async () => {
    const { file, serve } = await changed(TRIGGER)
    const before = readFileSync(file)
    await expect(serve()).rejects.toThrow(/was changed: trigger evil .* npm run fixpoint -- restore \S+fixpoint\.db$/)
    expect(readFileSync(file)).toEqual(before)
  })

  test('a table of another program beside ours, with its own index, is nobody’s harm', async () => {
    const { cli, serve } = await changed('create table other (a); create index other_a on other (a)')
    expect((await cli.run(['verify'])).code).toBe(0)
    await (await serve()).database.close()
  })

  test('a table that is not as it was made is refused by a restore, by name, and nothing has changed', async () => {
    const { cli, file } = await changed('alter table user add column extra text')
    const before = readFileSync(file)
    expect(await cli.run(['restore', file])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/fixpoint\.db is damaged: table user is not as it was made\.\n$/),
    })
    expect(readFileSync(file)).toEqual(before)
  })
})

test.skipIf(ENGINE === 'postgres')('rows that somebody has changed are restored, named, and said on the screens', async () => {
  const { cli, file } = await changed(`update user set role = 'admin' where full_name = 'Ann'`)
  const { code, out } = await cli.run(['restore', file])
  expect([code, out]).toEqual([0, expect.stringMatching(/It is restored\.[^]*NOT AS IT WAS WRITTEN[^]*user 1: role differs from what the journal says\./)])
  expect((await cli.run(['verify'])).err).toContain('user 1: role differs')
  await cli.look(async ({ db }) => {
    expect((await readCheckRecord(db)).findings).toMatchObject([{ kind: 'row', table: 'user', row_id: 1, fields: ['role'] }])
  })
}) // oxfmt-ignore
