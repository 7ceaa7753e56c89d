import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openToServe } from '../../db/file/open-file.ts'
import { finishReplacement, planReplacement, replacementSteps, stagingFolderOf } from '../../db/file/replace.ts'
import { insert } from '../../db/rows.ts'
import { type } from '../cli/command-line.ts'
import { ENGINE, freshDatabase } from '../support/database.ts'

const ALSO = ['secret']
const AWAY = ['photos/ab/one.jpg', 'photos/cd/two.jpg', 'photos/cd/gone.jpg']
const serve = (file: string) => openToServe({ at: { file }, now: Date.now, onError: () => {} })

/** A file whose last brand lies in the write-ahead log alone, as a kill leaves it, and another database staged beside it. */
async function twoDatabases() {
  const { folder, at, remove } = await freshDatabase()
  onTestFinished(remove)
  if (!('file' in at)) throw new Error(`${folder} holds no file`)
  const { file } = at
  const write = async (path: string, name: string) => {
    const database = await serve(path)
    await database.write({ actor: null, device: null, act: 'test' }, (trx) =>
      insert(trx, 'brand', { name, name_key: name }),
    )
    return database
  }
  const stage = stagingFolderOf(file)
  mkdirSync(join(folder, 'made'))
  copyFileSync(file, join(folder, 'made', 'fixpoint.db'))
  await (await write(join(folder, 'made', 'fixpoint.db'), 'new')).close()
  const old = await write(file, 'old')
  for (const suffix of ['', '-wal', '-shm']) copyFileSync(file + suffix, join(folder, `killed${suffix}`))
  await old.close()
  for (const suffix of ['', '-wal', '-shm']) copyFileSync(join(folder, `killed${suffix}`), file + suffix)
  writeFileSync(join(folder, 'secret'), 'old secret')
  for (const [n, name] of AWAY.slice(0, 2).entries()) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), `photo ${n}`)
  }
  mkdirSync(stage)
  copyFileSync(join(folder, 'made', 'fixpoint.db'), join(stage, 'fixpoint.db'))
  writeFileSync(join(stage, 'secret'), 'new secret')
  return { folder, file }
}

const brandsIn = (file: string) => {
  const database = new Database(file)
  try {
    return database.prepare('select name from brand order by id').pluck().all()
  } finally {
    database.close()
  }
}

describe.skipIf(ENGINE === 'postgres')('a file that is replaced', () => {
  test('is the new one, or the old one with its log, wherever the machine goes dark between two steps', async () => {
    for (let last = 0, ended = false; !ended; last++) {
      const { folder, file } = await twoDatabases()
      planReplacement(file, { kept: 'before', also: ALSO, away: AWAY })
      const steps = replacementSteps(file)
      for (let step = 0; step < last && !ended; step++) ended = steps.next().done === true
      const database = await serve(file)
      const brands = await database.db.selectFrom('brand').select('name').execute()
      expect([last, brands]).toEqual([last, [{ name: 'new' }]])
      await database.close()
      expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe('new secret')
      expect(existsSync(stagingFolderOf(file))).toBe(false)
      const kept = join(folder, 'before')
      expect(readdirSync(kept)).toEqual(expect.arrayContaining(['fixpoint.db', 'fixpoint.db-wal', 'secret']))
      expect(AWAY.map((name) => [existsSync(join(folder, name)), existsSync(join(kept, name))])).toEqual([
        [false, true],
        [false, true],
        [false, false],
      ])
      expect(brandsIn(join(kept, 'fixpoint.db'))).toEqual(['old'])
      if (ended) expect(last).toBeGreaterThan(6)
    }
  })

  test('is as it was where the plan was not written yet', async () => {
    const { folder, file } = await twoDatabases()
    const database = await serve(file)
    expect(await database.db.selectFrom('brand').select('name').execute()).toEqual([{ name: 'old' }])
    await database.close()
    expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe('old secret')
    expect(existsSync(stagingFolderOf(file))).toBe(false)
  })

  test('is finished by a command that comes before the next server', async () => {
    const { folder, file } = await twoDatabases()
    planReplacement(file, { kept: 'before', also: ALSO })
    const steps = replacementSteps(file)
    while (existsSync(file)) steps.next()
    const { code, out } = await type(['status', '--data', folder])
    expect([code, out]).toEqual([0, expect.stringContaining('Journal')])
    expect(brandsIn(file)).toContain('new')
    expect(brandsIn(file)).not.toContain('old')
  })

  test('takes a rollback journal along, which SQLite would play back into the new one', async () => {
    const { folder, file } = await twoDatabases()
    writeFileSync(`${file}-journal`, 'of the first moments of the old one')
    planReplacement(file, { kept: 'before', also: [] })
    finishReplacement(file)
    expect(existsSync(`${file}-journal`)).toBe(false)
    expect(readdirSync(join(folder, 'before'))).toContain('fixpoint.db-journal')
  })

  test('stays as it is when it is finished twice', async () => {
    const { folder, file } = await twoDatabases()
    planReplacement(file, { kept: 'before', also: [] })
    finishReplacement(file)
    expect(brandsIn(file)).toEqual(['new'])
    expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe('old secret')
    finishReplacement(file)
    expect(brandsIn(file)).toEqual(['new'])
  })
})
