import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkFile, isServed, lockFile } from '../../db/file/guard.ts'
import { MIGRATIONS } from '../../db/migrations/migrate.ts'
import { openToServe } from '../../db/file/open-file.ts'
import { watchForDamage } from '../../db/file/quick-check.ts'
import { insert } from '../../db/rows.ts'
import { ENGINE, freshDatabase } from '../support/database.ts'

/** A file with some rows in it, closed. */
async function filledFile(): Promise<string> {
  const { folder, at, remove } = await freshDatabase()
  onTestFinished(remove)
  if (!('file' in at)) throw new Error(`${folder} holds no file`)
  const database = await openToServe({ at, now: Date.now, onError: () => {} })
  await database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
    for (let n = 0; n < 300; n++)
      await insert(trx, 'brand', { name: `Brand ${n} ${'x'.repeat(200)}`, name_key: `brand ${n}` })
  })
  await database.close()
  return at.file
}

const serve = (file: string) => openToServe({ at: { file }, now: Date.now, onError: () => {} })

/** Another program holds the file alone for `ms`, as one does that closes it with a long log; returns how to end it. */
async function holdElsewhere(file: string, ms: number) {
  const hold = `const held = new (require('better-sqlite3'))(process.argv[1]); held.pragma('locking_mode = EXCLUSIVE')
    held.exec('BEGIN EXCLUSIVE'); console.log('held'); setTimeout(() => held.close(), ${ms})`
  const holder = spawn(process.execPath, ['-e', hold, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(holder, 'exit')
  await once(holder.stdout, 'data')
  return async () => {
    holder.kill()
    await ended
  }
}

function writeBytes(file: string, at: number, bytes: Buffer) {
  const content = readFileSync(file)
  bytes.copy(content, at)
  writeFileSync(file, content)
}

describe.skipIf(ENGINE === 'postgres')('the guard of the file', () => {
  test('a whole file passes', async () => {
    const file = await filledFile()
    expect(() => checkFile(file)).not.toThrow()
    await (await serve(file)).close()
  })

  test('a file that is no database is refused', async () => {
    const file = await filledFile()
    writeFileSync(file, 'Dear diary, '.repeat(1_000))
    await expect(serve(file)).rejects.toThrow(/is no SQLite database/)
  })

  test('the database of another program is refused and left alone', async () => {
    const file = await filledFile()
    rmSync(file)
    const foreign = new Database(file)
    foreign.exec('create table birds (name text); create table trees (name text)')
    foreign.close()
    const before = readFileSync(file)
    await expect(serve(file)).rejects.toThrow(/belongs to another program/)
    expect(readFileSync(file)).toEqual(before)
  })

  test('a file of a newer program is refused', async () => {
    const file = await filledFile()
    const newer = new Database(file)
    newer.pragma(`user_version = ${MIGRATIONS.length + 1}`)
    newer.close()
    await expect(serve(file)).rejects.toThrow(/made by a newer Fixpoint .* Update the program/)
  })

  test('a file that was cut short is refused', async () => {
    const file = await filledFile()
    const { size } = statSync(file)
    for (const left of [size - 4_096, size - 1, 4_096, 50, 0]) {
      truncateSync(file, left)
      await expect(serve(file), `${left} bytes`).rejects.toThrow(/cut short|is no SQLite database|is missing or empty/)
    }
  })

  test('bytes that were changed on the disk are found before the file is served', async () => {
    const file = await filledFile()
    const whole = `${file}.whole`
    copyFileSync(file, whole)
    const pages = statSync(file).size / 4_096
    let refused = 0
    for (let page = 1; page < pages; page += Math.ceil(pages / 12)) {
      copyFileSync(whole, file)
      writeBytes(file, page * 4_096, Buffer.alloc(16, 0xff)) // A page's head: its kind and its cells.
      await serve(file).then(
        (database) => database.close(),
        (error: Error) => {
          expect(error.message).toMatch(/is damaged \(.*\)\. To bring a backup in: npm run fixpoint -- restore FILE$/s)
          refused += 1
        },
      )
    }
    expect(refused).toBeGreaterThan(8)
  })

  test('a second server is refused until the first one closes', async () => {
    const file = await filledFile()
    const first = await serve(file)
    await expect(serve(file)).rejects.toThrow(/Another Fixpoint serves .* already/)
    expect(isServed(file)).toBe(true)
    await first.close()
    expect(isServed(file)).toBe(false)
    await (await serve(file)).close()
  })

  test('a file that another program holds for a second is waited for', async () => {
    const file = await filledFile()
    const end = await holdElsewhere(file, 1_200)
    await (await serve(file)).close()
    await end()
  })

  test('a file that another program keeps to itself is refused in a sentence', async () => {
    const file = await filledFile()
    const end = await holdElsewhere(file, 120_000)
    await expect(serve(file)).rejects.toThrow(/^Another program holds \S+fixpoint\.db and lets nobody read it\. Wait/)
    await end()
  })

  test('a lock is free again once it was released', async () => {
    const file = await filledFile()
    const hold = lockFile(file)
    expect(() => lockFile(file)).toThrow(/already/)
    hold.release()
    lockFile(file).release()
  })

  test('damage behind the back of a running server is found in a thread of its own', async () => {
    const file = await filledFile()
    writeBytes(file, 20 * 4_096, Buffer.alloc(4_096, 0xff))
    const damage = await new Promise<string>((found, failed) => watchForDamage(file, found, failed))
    expect(damage).toMatch(/malformed|page 21/i)
  })

  test('damage that is found while serving refuses every write and leaves the reads', async () => {
    const file = await filledFile()
    const database = await serve(file)
    database.setDamage('page 7 is gone')
    const write = database.write({ actor: null, device: null, act: 'test' }, (trx) =>
      insert(trx, 'brand', { name: 'New', name_key: 'new' }),
    )
    await expect(write).rejects.toThrow(/damaged: nothing can be saved.*restore FILE/)
    expect(await database.db.selectFrom('brand').select('id').execute()).toHaveLength(300)
    await database.close()
  })
})
