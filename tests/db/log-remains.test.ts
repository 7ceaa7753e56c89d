import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connect } from '../../db/engines/sqlite-connection.ts'
import { marksIn, newMark } from '../../db/file/wal/file-mark.ts'
import { openToServe } from '../../db/file/open-file.ts'
import { readWal } from '../../db/file/wal/wal-file.ts'
import { openDatabase } from '../../db/open.ts'
import { insert } from '../../db/rows.ts'
import { ENGINE, freshDatabase } from '../support/database.ts'

const options = (file: string) => ({ at: { file }, now: Date.now, onError: () => {} })
const open = (file: string) => openToServe(options(file))
/** Without the check of a start, which would put the log into the file. */
const goOn = (file: string) => openDatabase(options(file))
type Open = Awaited<ReturnType<typeof goOn>>

let brands = 0
/** One transaction that changes about so many pages. */
const work = ({ write }: Open, pages = 1) =>
  write({ actor: null, device: null, act: 'test' }, async (trx) => {
    for (let n = 0; n < pages; n++) {
      const name = `brand ${++brands} ${'x'.repeat(3_000)}`
      await insert(trx, 'brand', { name, name_key: name })
    }
  })

/** A file as a kill leaves it, its work in the log; `again` puts it there anew. */
async function killed() {
  const { at, remove } = await freshDatabase()
  onTestFinished(remove)
  const file = 'file' in at ? at.file : ''
  const images = mkdtempSync(join(tmpdir(), 'fixpoint-images-'))
  onTestFinished(() => rmSync(images, { recursive: true }))
  const database = await open(file)
  await work(database)
  await work(database)
  for (const part of ['', '-wal']) copyFileSync(file + part, join(images, `killed${part}`))
  await database.close()
  const again = () => {
    for (const part of ['-head', '-clean']) rmSync(file + part, { force: true })
    for (const part of ['', '-wal']) copyFileSync(join(images, `killed${part}`), file + part)
  }
  again()
  return { file, log: `${file}-wal`, again }
}

describe.skipIf(ENGINE === 'postgres')('a file with its log', () => {
  test('is served after attempts that a full disk refused, which lie in the log one over the other', async () => {
    const { file, log, again } = await killed()
    const saved = statSync(log).size
    let remains = Buffer.alloc(0)
    for (const pages of [12, 8, 5, 2]) {
      again()
      const database = await goOn(file)
      await work(database, pages)
      const attempt = readFileSync(log)
      await database.close()
      remains = Buffer.concat([attempt, remains.subarray(attempt.length)])
    }
    for (const firstIsWhole of [true, false]) {
      again()
      const bytes = Buffer.from(remains)
      if (!firstIsWhole) bytes[saved + 100]! ^= 1
      writeFileSync(log, bytes)
      expect(readWal(log).state).toBe('full')
      await (await open(file)).close()
    }
  })

  test('is refused where what cannot be read had followed something that was saved', async () => {
    const { file, log, again } = await killed()
    const saved = statSync(log).size
    const database = await goOn(file)
    await work(database)
    await work(database)
    const bytes = readFileSync(log)
    await database.close()
    again()
    bytes[saved + 100]! ^= 1
    writeFileSync(log, bytes)
    await expect(open(file)).rejects.toThrow(/the last 2 of its transactions cannot be read/)
  })

  test('is served where a power cut left the mark half old and half new, and refused with one that is neither', async () => {
    const { file, log, again } = await killed()
    const { mark: newer } = marksIn(readFileSync(log)).at(-1)!
    const { mark: old } = marksIn(readFileSync(file))[0]!
    const torn = (mark: string) => {
      again()
      const bytes = readFileSync(file)
      bytes.write(mark, bytes.indexOf(old), 'latin1')
      writeFileSync(file, bytes)
    }
    for (const at of [1, 17, 35]) {
      torn(newer.slice(0, at) + old.slice(at))
      await (await open(file)).close()
      torn(old.slice(0, at) + newer.slice(at))
      await (await open(file)).close()
    }
    torn(newMark())
    await expect(open(file)).rejects.toThrow(/does not belong/)
  })

  test('begins a turn of the log at 16 MB, however long an import had made it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fixpoint-log-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const { database, close } = connect(join(folder, 'a.db'))
    const log = join(folder, 'a.db-wal')
    database.exec('create table made (piece blob)')
    database.exec('insert into made values (zeroblob(20000000))')
    expect(statSync(log).size).toBeGreaterThan(20_000_000)
    database.exec('insert into made values (1)')
    expect(statSync(log).size).toBe(32 + 4_062 * (4_096 + 24))
    close()
  })
})
