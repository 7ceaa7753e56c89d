import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { MIGRATIONS } from '../../db/migrations/migrate.ts'
import { ENGINE } from '../support/database.ts'
import { openDatabase } from '../../db/open.ts'
import { undoPurchase } from '../../server/shop/trade-ins/purchases.ts'
import { soldPhone } from '../support/sold-phone.ts'
import { openCommandLine, serveProcess, type } from './command-line.ts'

const PASSWORD = 'correct horse battery'

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-copied-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const add = (folder: string, name: string, phone: string) =>
  type(
    ['user', 'add', '--full-name', name, '--phone', phone, '--role', 'customer', '--password-stdin', '--data', folder],
    PASSWORD,
  )

/** What a folder's database holds, read past the program. */
function heldBy(folder: string) {
  const database = new Database(join(folder, 'fixpoint.db'), { readonly: true })
  try {
    return {
      people: database.prepare('select full_name from user order by id').pluck().all(),
      node: database.prepare('select terminal, epoch from node join self on self.node_id = node.id').get(),
    }
  } finally {
    database.close()
  }
}

/** A folder whose file was copied by hand before a second person came. */
async function copied() {
  const cli = await openCommandLine()
  onTestFinished(() => cli[Symbol.asyncDispose]())
  writeFileSync(join(cli.folder, 'secret'), 'x'.repeat(64))
  expect((await add(cli.folder, 'Ann', '555-0101')).code).toBe(0)
  const copy = join(emptyFolder(), 'monday.db')
  copyFileSync(join(cli.folder, 'fixpoint.db'), copy)
  expect((await add(cli.folder, 'Bob', '555-0102')).code).toBe(0)
  return { folder: cli.folder, copy }
}

/** A file with work that lies in the log beside it alone, as a kill leaves it. */
async function withLog() {
  const folder = emptyFolder()
  expect((await add(folder, 'Ann', '555-0101')).code).toBe(0)
  const server = await serveProcess(folder)
  const body = JSON.stringify({ full_name: 'Cem', phone: '555-0103', password: PASSWORD })
  const headers = { 'content-type': 'application/json' }
  expect((await fetch(`${server.url}/v1/auth/register`, { method: 'POST', headers, body })).status).toBe(201)
  await server.stop('SIGKILL')
  const to = emptyFolder()
  for (const suffix of ['', '-wal']) copyFileSync(join(folder, `fixpoint.db${suffix}`), join(to, `copy.db${suffix}`))
  return join(to, 'copy.db')
}

const keptIn = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('before-restore-'))

describe.skipIf(ENGINE === 'postgres')('a database file that was copied by hand', () => {
  test('is restored like a backup, with the photos and the secret of the folder', async () => {
    const { folder, copy } = await copied()
    const restored = await type(['restore', copy, '--data', folder])
    expect(restored).toMatchObject({
      code: 0,
      out: expect.stringMatching(/monday\.db is a database of My shop \(S1\), terminal T1, last written 20/),
    })
    expect(restored.out).toContain(
      'The next ticket is S1-T1X2-000001, the next receipt S1-T1X2-R000001, the next purchase S1-T1X2-P000001; everybody signs in anew',
    )
    expect(restored.out).toContain(`Photos and signing secret stay those of ${folder}.`)
    expect(heldBy(folder)).toEqual({ people: ['Ann'], node: { terminal: 'T1X2', epoch: 2 } })
    expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe('x'.repeat(64))
    expect((await type(['verify', '--data', folder])).code).toBe(0)
    const [kept] = keptIn(folder)
    expect(heldBy(join(folder, kept!)).people).toEqual(['Ann', 'Bob'])
    const server = await serveProcess(folder)
    expect(await server.stop('SIGTERM')).toBe(0)
    // A second time, nothing that was given out since comes again.
    expect((await type(['restore', copy, '--data', folder])).out).toContain('S1-T1X3-000001')
  })

  test('says the last number of each series, and purchases begin anew like tickets and receipts', async () => {
    await using cli = await openCommandLine()
    await soldPhone(cli)
    const to = emptyFolder()
    expect((await cli.run(['backup', to])).code).toBe(0)
    const backup = join(
      to,
      readdirSync(to).find((name) => name.endsWith('.tar'))!,
    )
    const other = join(to, 'other')
    const { out } = await type(['restore', backup, '--data', other])
    expect(out).toContain('Last ticket none, last receipt none, last purchase S1-T1-P000003.')
    expect(out).toContain('the next purchase S1-T1X2-P000001')
    const database = await openDatabase({ at: { file: join(other, 'fixpoint.db') }, now: Date.now, onError: () => {} })
    const { id } = await database.db
      .selectFrom('receipt')
      .select('id')
      .where('number', '=', 'S1-T1-P000003')
      .executeTakeFirstOrThrow()
    const actor = (await database.db.selectFrom('user').select('id').where('is_staff', '=', 1).executeTakeFirst())!.id
    const undo = { reason: 'Wrong device', approved_by: actor, request_key: null }
    const back = await database.write({ actor, device: null, act: 'test' }, (trx) => undoPurchase(trx, id, undo))
    await database.close()
    expect(back.number).toBe('S1-T1X2-P000001')
    expect((await type(['verify', '--data', other])).code).toBe(0)
  })

  test('brings along what lies in the log beside it, and is left as it was', async () => {
    const copy = await withLog()
    const before = ['', '-wal'].map((suffix) => readFileSync(copy + suffix))
    const folder = emptyFolder()
    expect((await type(['restore', copy, '--data', folder])).code).toBe(0)
    expect(heldBy(folder).people).toEqual(['Ann', 'Cem'])
    expect(['', '-wal'].map((suffix) => readFileSync(copy + suffix))).toEqual(before)
    expect(existsSync(`${copy}-shm`)).toBe(false)
    expect((await type(['verify', '--data', folder])).code).toBe(0)
  })

  test('is refused with the log of another file, and restored once it is moved away from it', async () => {
    const { folder, copy } = await copied()
    copyFileSync(`${await withLog()}-wal`, `${copy}-wal`)
    expect(await type(['restore', copy, '--data', folder])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^\S+monday\.db-wal is damaged, or does not continue .* move it alone/),
    })
    expect(heldBy(folder).people).toEqual(['Ann', 'Bob'])
    expect(existsSync(join(folder, 'restoring'))).toBe(false)
    rmSync(`${copy}-wal`)
    expect((await type(['restore', copy, '--data', folder])).code).toBe(0)
    expect(heldBy(folder).people).toEqual(['Ann'])
  })

  test('is refused by name when it is damaged, newer or of another program, and nothing has changed', async () => {
    const { folder, copy } = await copied()
    const bad = `${copy}.bad.db`
    const { size } = statSync(copy)
    const spoil: [RegExp, () => void][] = [
      [/^\S+bad\.db is damaged/, () => truncateSync(bad, size - 8_192)],
      [
        /^The journal in \S+bad\.db was tampered with or is damaged/,
        () => run(bad, `update journal set act = 'else' where seq = 3`),
      ],
      [/^\S+bad\.db was made by a newer Fixpoint/, () => run(bad, `pragma user_version = ${MIGRATIONS.length + 1}`)],
      [/^\S+bad\.db is damaged, or the database of another program/, () => run(bad, 'pragma application_id = 7')],
      [/^\S+bad\.db is damaged, or the database of another program/, () => truncateSync(bad, 60)],
    ]
    for (const [sentence, how] of spoil) {
      copyFileSync(copy, bad)
      how()
      const refused = await type(['restore', bad, '--data', folder])
      expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(sentence) })
      expect(heldBy(folder).people).toEqual(['Ann', 'Bob'])
      expect([existsSync(join(folder, 'restoring')), keptIn(folder)]).toEqual([false, []])
    }
  })

  test('is refused while it is served', async () => {
    const { folder } = await copied()
    const other = emptyFolder()
    expect((await add(other, 'Ann', '555-0101')).code).toBe(0)
    const server = await serveProcess(other)
    expect(await type(['restore', join(other, 'fixpoint.db'), '--data', folder])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^A Fixpoint serves \S+\. Stop it first/),
    })
    await server.stop('SIGTERM')
  })

  test('and put in place is taken on by the command that the refusal of the start names', async () => {
    const { folder, copy } = await copied()
    await (await serveProcess(folder)).stop('SIGTERM')
    copyFileSync(copy, join(folder, 'fixpoint.db'))
    const refusal = await serveProcess(folder).then(
      () => '',
      (error: Error) => error.message,
    )
    const [, file] =
      /is older than what this folder held.*all the same: npm run fixpoint -- restore (\S+)\. To/.exec(refusal) ?? []
    expect(file).toBe(join(folder, 'fixpoint.db'))
    expect((await type(['restore', file!, '--data', folder])).code).toBe(0)
    expect(heldBy(folder)).toEqual({ people: ['Ann'], node: { terminal: 'T1X2', epoch: 2 } })
    expect(await (await serveProcess(folder)).stop('SIGTERM')).toBe(0)
  })
})

function run(file: string, statement: string) {
  const database = new Database(file)
  database.exec(statement)
  database.close()
}
