import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { CommittedRow, Database } from '../../db/database.ts'
import { DatabaseGone } from '../../db/errors.ts'
import { isServed, lockFile, lockPathOf } from '../../db/file/guard.ts'
import { headOf } from '../../db/file/high-water.ts'
import { openBeside, openToServe } from '../../db/file/open-file.ts'
import { insert } from '../../db/rows.ts'
import { keepSecret } from '../../server/keep-secret.ts'
import { ENGINE, freshDatabase } from '../support/database.ts'
import { openShop } from '../support/shop.ts'

/** A served file, what was said of it, and how a brand is added. */
async function served() {
  const { at, remove } = await freshDatabase()
  onTestFinished(remove)
  if (!('file' in at)) throw new Error('There is no file')
  const said: string[] = []
  const database = await openToServe({ at, now: Date.now, onError: (error) => void said.push(error.message) })
  onTestFinished(() => database.close())
  let n = 0
  const add = () => addBrand(database, `brand ${++n}`)
  await add()
  return { file: at.file, database, add, said }
}

const addBrand = (database: Database, name: string) =>
  database.write({ actor: null, device: null, act: 'test' }, (trx) => insert(trx, 'brand', { name, name_key: name }))

const brandsOf = async ({ db }: Database) =>
  (await db.selectFrom('brand').select('name').orderBy('id').execute()).map(({ name }) => name)

describe.skipIf(ENGINE === 'postgres' || process.platform === 'win32')('files of an open database', () => {
  test.each(['', '-wal'])('no write is acknowledged while fixpoint.db%s is away, and writes go on when it is back', async (suffix) => {
    const { file, database, add } = await served()
    const path = file + suffix
    renameSync(path, `${path}.away`)
    await expect(add()).rejects.toThrow(new DatabaseGone(path))
    await expect(add()).rejects.toThrow(`${path} was moved, removed or replaced`)
    expect(database.damage()).toContain(path)
    expect(await brandsOf(database)).toContain('brand 1')
    renameSync(`${path}.away`, path)
    await add()
    expect(database.damage()).toBeNull()
  }) // oxfmt-ignore

  test('a write during which the file goes is refused, stands in it, and is told to whoever listens', async () => {
    const { file, database } = await served()
    const told = vi.fn<(rows: readonly CommittedRow[]) => void>()
    onTestFinished(database.onCommit(told))
    let id = 0
    const write = database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
      id = await insert(trx, 'brand', { name: 'last', name_key: 'last' })
      renameSync(file, `${file}.away`)
    })
    await expect(write).rejects.toThrow('what was being saved just then may be in it')
    expect(told).toHaveBeenCalledWith(expect.arrayContaining([{ entity: 'brand', id }]))
    renameSync(`${file}.away`, file)
    expect(await brandsOf(database)).toContain('last')
  })

  test('a copy in the place of the file is noticed without a write, said once, and left as it is', async () => {
    const { file, database, add, said } = await served()
    const told = vi.fn<() => void>()
    onTestFinished(database.onCommit(told))
    // Written once a second: first of what was there at the opening, then of the brand too.
    const head = `${file}-head`
    const last = (await headOf(database.db)).seq
    await expect.poll(() => existsSync(head) && JSON.parse(readFileSync(head, 'utf8')).seq).toBe(last)
    copyFileSync(file, `${file}.copy`)
    renameSync(`${file}.copy`, file)
    const before = [readFileSync(file), readFileSync(head)]
    await expect.poll(() => database.damage()).toContain(file)
    expect(told).toHaveBeenCalledWith([{ entity: 'content_check', id: 1 }])
    await expect(add()).rejects.toThrow(DatabaseGone)
    expect(() => database.scan()).toThrow(DatabaseGone)
    await database.close()
    expect([readFileSync(file), readFileSync(head)]).toEqual(before)
    expect(existsSync(`${file}-clean`)).toBe(false)
    expect(said.filter((line) => line.startsWith(file))).toHaveLength(1)
  })

  test('a folder that is removed takes no write, and is not made anew', async () => {
    const { file, database, add } = await served()
    rmSync(dirname(file), { recursive: true })
    await expect(add()).rejects.toThrow(`${file} was moved, removed or replaced`)
    expect(await brandsOf(database)).toContain('brand 1')
    await database.close()
    expect(existsSync(dirname(file))).toBe(false)
  })

  test('the index of the log that is removed stops writes: another program would not see them', async () => {
    const { file, database, add } = await served()
    rmSync(`${file}-shm`)
    await expect.poll(() => database.damage()).toContain(`${file}-shm`)
    await expect(add()).rejects.toThrow(DatabaseGone)
  })

  test('a lock that is removed is taken again', async () => {
    const { file, add } = await served()
    rmSync(lockPathOf(file))
    expect(isServed(file)).toBe(false)
    await expect.poll(() => isServed(file)).toBe(true)
    expect(() => lockFile(file)).toThrow(/Another Fixpoint serves/)
    await add()
  })

  test('nothing is saved while another process has the lock in its place', async () => {
    const { file, database, add } = await served()
    rmSync(lockPathOf(file))
    const other = lockFile(file)
    await expect.poll(() => database.damage()).toContain(lockPathOf(file))
    await expect(add()).rejects.toThrow(DatabaseGone)
    other.release()
    await expect.poll(() => database.damage()).toBeNull()
    await add()
  })

  test('a command says it too', async () => {
    const { at, remove } = await freshDatabase()
    onTestFinished(remove)
    const database = await openBeside({ at, now: Date.now, onError: () => {} })
    onTestFinished(() => database.close())
    const { file } = at as { file: string }
    renameSync(file, `${file}.away`)
    await expect(addBrand(database, 'brand')).rejects.toThrow(DatabaseGone)
  })

  test('the answer has a code and the name alone, and people behind the counter hear the path', async () => {
    await using shop = await openShop()
    const [manager, clerk] = [await shop.person('admin'), await shop.person('staff')]
    const { file } = shop.context.config.database as { file: string }
    expect((await shop.call('GET', '/counter/check', { as: clerk })).body).toMatchObject({ blocked: false, gone: null })
    renameSync(file, `${file}.away`)
    const body = { name: 'Brand' }
    expect(await shop.call('POST', '/v1/devices/brands', { as: manager, body })).toMatchObject({
      status: 503,
      body: { code: 'database-gone', params: { file: 'fixpoint.db' } },
    })
    const health = (await shop.call('GET', '/health')).body
    expect([health.status, health.damage]).toEqual(['damaged', undefined])
    expect((await shop.call('GET', '/health', { as: clerk })).body.damage).toContain(file)
    expect((await shop.call('GET', '/counter/check', { as: clerk })).body).toMatchObject({ blocked: true, gone: file })
    renameSync(`${file}.away`, file)
  })

  test('a secret that is removed is laid back as it was, unless another one lies there', async () => {
    await using shop = await openShop()
    const { config, database } = shop.context
    const keep = async () => {
      const closing = new AbortController()
      const run = { ...shop.context.run, closing: closing.signal }
      const kept = keepSecret({ ...shop.context, config: { ...config, secret: null }, database, run }, 's'.repeat(64))
      closing.abort()
      await kept
      return readFileSync(join(config.data, 'secret'), 'utf8')
    }
    rmSync(join(config.data, 'secret'), { force: true })
    expect(await keep()).toBe('s'.repeat(64))
    writeFileSync(join(config.data, 'secret'), 'o'.repeat(64))
    expect(await keep()).toBe('o'.repeat(64))
  })
})
