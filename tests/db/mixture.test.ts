import { hash } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isServed, lockFile } from '../../db/file/guard.ts'
import { writeHighWater } from '../../db/file/high-water.ts'
import { openBeside, openToServe } from '../../db/file/open-file.ts'
import { nextInSeries } from '../../db/local.ts'
import { insert } from '../../db/rows.ts'
import { serveProcess, type } from '../cli/command-line.ts'
import { ENGINE, freshDatabase } from '../support/database.ts'

const options = (file: string) => ({ at: { file }, now: Date.now, onError: () => {} })
const open = (file: string) => openToServe(options(file))
type Open = Awaited<ReturnType<typeof open>>

let brands = 0
/** One transaction of a shop at work; each has a page of its own to change. */
const work = ({ write }: Pick<Open, 'write'>) =>
  write({ actor: null, device: null, act: 'test' }, (trx) => {
    const name = `brand ${++brands} ${'x'.repeat(3_000)}`
    return insert(trx, 'brand', { name, name_key: name })
  })

async function newFile(): Promise<string> {
  const { at, remove } = await freshDatabase()
  onTestFinished(remove)
  return 'file' in at ? at.file : ''
}

/** A day at work on `file`: opened, worked on, and left as it is while `meanwhile` looks; then closed. */
async function day(file: string, meanwhile: () => void = () => {}) {
  const database = await open(file)
  for (let n = 0; n < 5; n++) await work(database)
  meanwhile()
  await database.close()
}

/** Where files of other days are kept. */
function drawer() {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-drawer-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return {
    keep: (file: string, name: string) => copyFileSync(file, join(folder, name)),
    put: (name: string, file: string) => copyFileSync(join(folder, name), file),
  }
}

/** What the files of a database hold, to compare. */
const contents = (file: string) =>
  [file, `${file}-wal`, `${file}-head`].map((path) =>
    existsSync(path) ? hash('sha256', readFileSync(path)) : 'not there',
  )

/** That `file` is refused, for the server and for a command, with the way out, and not touched. */
async function expectRefused(file: string, why: RegExp) {
  const before = contents(file)
  for (const opening of [open, (at: string) => openBeside(options(at))]) {
    await expect(opening(file)).rejects.toThrow(why)
    await expect(opening(file)).rejects.toThrow('npm run fixpoint -- restore FILE')
    expect(contents(file)).toEqual(before)
  }
}

describe.skipIf(ENGINE === 'postgres')('a database file', () => {
  test('is not served with the log of a later day', async () => {
    const file = await newFile()
    const { keep, put } = drawer()
    await day(file)
    keep(file, 'monday')
    await day(file)
    await day(file, () => keep(`${file}-wal`, 'wednesday-wal'))
    put('monday', file)
    put('wednesday-wal', `${file}-wal`)
    await expectRefused(file, /fixpoint\.db-wal does not belong to the fixpoint\.db beside it/)
    rmSync(`${file}-head`)
    await expectRefused(file, /does not belong/)
  })

  test('is opened by no command with the log of another day while a server looks at it', async () => {
    const file = await newFile()
    const { keep, put } = drawer()
    await day(file, () => keep(`${file}-wal`, 'monday-wal'))
    await day(file)
    put('monday-wal', `${file}-wal`)
    const before = contents(file)
    const starting = lockFile(file)
    expect(isServed(file)).toBe(false)
    await expect(openBeside(options(file))).rejects.toThrow(/does not belong/)
    starting.showServed()
    expect(isServed(file)).toBe(true)
    starting.release()
    expect(contents(file)).toEqual(before)
  })

  test('is not served with the log of an earlier day', async () => {
    const file = await newFile()
    const { keep, put } = drawer()
    await day(file, () => keep(`${file}-wal`, 'monday-wal'))
    await day(file)
    put('monday-wal', `${file}-wal`)
    await expectRefused(file, /does not belong/)
  })

  test('is not served with the log of another shop', async () => {
    const file = await newFile()
    const other = await newFile()
    const { keep, put } = drawer()
    await day(other, () => keep(`${other}-wal`, 'other-wal'))
    await day(file)
    put('other-wal', `${file}-wal`)
    await expectRefused(file, /does not belong/)
  })

  test('is not served with a log of another shop that no journal speaks of', async () => {
    const file = await newFile()
    const other = await newFile()
    const { keep, put } = drawer()
    await day(other)
    await day(file)
    const database = await open(other)
    await database.write({ actor: null, device: null, act: 'test' }, (trx) => nextInSeries(trx, 'ticket'))
    keep(`${other}-wal`, 'other-wal')
    await database.close()
    put('other-wal', `${file}-wal`)
    await expectRefused(file, /does not belong/)
  })

  test('is not served where its folder held a later one', async () => {
    const file = await newFile()
    const { keep, put } = drawer()
    await day(file)
    keep(file, 'monday')
    await day(file)
    put('monday', file)
    await expectRefused(
      file,
      /is older than what this folder held: it ends at entry 1\/\d+, and fixpoint\.db-head knows of 1\/\d+/,
    )
  })

  test('is not served where its folder held another shop’s', async () => {
    const file = await newFile()
    const other = await newFile()
    const { keep, put } = drawer()
    await day(file)
    await day(other)
    await day(other)
    keep(other, 'other')
    put('other', file)
    await expectRefused(file, /is another database than this folder held/)
  })

  test('is not served where its folder knows another entry at a number that it has', async () => {
    const file = await newFile()
    await day(file)
    const [seq, chain] = readHead(file)
    writeHighWater(file, { node: 0, epoch: 1, seq: seq - 1, chain })
    await expectRefused(file, /is another database than this folder held, or has gone another way since/)
  })

  test('is served where nothing says how far it had come, and from then on something does', async () => {
    const file = await newFile()
    const { keep, put } = drawer()
    await day(file)
    keep(file, 'monday')
    await day(file)
    rmSync(`${file}-head`)
    put('monday', file)
    await (await open(file)).close()
    const [seq, chain] = readHead(file)
    expect(JSON.parse(readFileSync(`${file}-head`, 'utf8'))).toEqual({ node: 0, epoch: 1, seq, chain })
  })

  test('is served where it has come further than anybody noted, and where the note is nonsense', async () => {
    const file = await newFile()
    const { keep, put } = drawer()
    await day(file)
    keep(`${file}-head`, 'monday-head')
    await day(file)
    put('monday-head', `${file}-head`)
    await (await open(file)).close()
    writeFileSync(`${file}-head`, 'nonsense')
    await (await open(file)).close()
    expect(JSON.parse(readFileSync(`${file}-head`, 'utf8'))).toMatchObject({ seq: readHead(file)[0] })
  })

  test('is served with its own log after a crash, whichever part of it had reached the file', async () => {
    const file = await newFile()
    const { keep, put } = drawer()
    await day(file)
    const database = await open(file)
    const images = 6
    for (let n = 0; n < images; n++) {
      await work(database)
      if (n % 2 === 1) checkpoint(file)
      for (const part of ['', '-wal', '-head']) keep(`${file}${part}`, `image-${n}${part}`)
    }
    await database.close()
    for (let n = 0; n < images; n++) {
      for (const name of readdirSync(join(file, '..'))) rmSync(join(file, '..', name))
      for (const part of ['', '-wal', '-head']) put(`image-${n}${part}`, `${file}${part}`)
      await (await open(file)).close()
      expect(readHead(file)[0]).toBeGreaterThan(n)
    }
  })

  test('is not served when its journal was cut off', async () => {
    const file = await newFile()
    await day(file)
    const plain = new Database(file)
    plain.exec('delete from journal where seq = (select max(seq) from journal)')
    plain.close()
    rmSync(`${file}-head`)
    await expect(open(file)).rejects.toThrow(/its journal does not end where the database says that it does/)
  })

  test('is not served when a byte of its log was changed after other work was saved', async () => {
    const file = await newFile()
    const { keep, put } = drawer()
    await day(file)
    keep(file, 'file')
    keep(`${file}-head`, 'file-head')
    await day(file, () => keep(`${file}-wal`, 'file-wal'))
    put('file', file)
    put('file-head', `${file}-head`)
    for (const at of [3, 20, 40, 60, 5_000]) {
      put('file-wal', `${file}-wal`)
      const bytes = readFileSync(`${file}-wal`)
      bytes[at]! ^= 4
      writeFileSync(`${file}-wal`, bytes)
      await expectRefused(file, /fixpoint\.db-wal is damaged/)
    }
    put('file-wal', `${file}-wal`)
    await (await open(file)).close()
  })

  test('that is gone is not begun anew beside what it left behind', async () => {
    const file = await newFile()
    const { keep, put } = drawer()
    await day(file, () => keep(`${file}-wal`, 'file-wal'))
    rmSync(file)
    await expectRefused(file, /is missing or empty/)
    rmSync(`${file}-clean`)
    await expectRefused(file, /is missing or empty/)
    rmSync(`${file}-head`)
    put('file-wal', `${file}-wal`)
    await expectRefused(file, /is missing or empty, but fixpoint\.db-wal beside it holds work/)
  })

  test('that is a mixture is refused in one sentence on the command line', async () => {
    const file = await newFile()
    const { keep, put } = drawer()
    await day(file, () => keep(`${file}-wal`, 'monday-wal'))
    await day(file)
    put('monday-wal', `${file}-wal`)
    const folder = join(file, '..')
    await expect(serveProcess(folder)).rejects.toThrow(/^[^\n]*does not belong[^\n]*restore FILE$/)
    expect(await type(['status', '--data', folder])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/does not belong/),
    })
  })
})

/** Puts the log into the file, as SQLite does by itself now and then, so that the next write begins it anew. */
function checkpoint(file: string) {
  const other = new Database(file)
  other.pragma('wal_checkpoint(PASSIVE)')
  other.close()
}

function readHead(file: string): [number, string] {
  const plain = new Database(file)
  const { seq, chain } = plain.prepare('select seq, chain from self').get() as {
    seq: number
    chain: string
  }
  plain.close()
  return [seq, chain]
}
