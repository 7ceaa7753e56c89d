import { readFileSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { CompiledQuery } from 'kysely'
import { expect, test } from 'vitest'
import { QUERY } from '../../../db/handle.ts'
import { openDatabase } from '../../../db/open.ts'
import { insert } from '../../../db/rows.ts'
import { ENGINE, freshDatabase } from '../../support/database.ts'

const by = { actor: null, device: null, act: 'test' }

/** Makes a table of its own and overwrites the heads of its pages but the first, as a failing disk could. */
function damage(path: string) {
  const file = new Database(path)
  file.exec(`create table scratch (text text)`)
  const add = file.prepare('insert into scratch values (?)')
  file.transaction(() => Array.from({ length: 200 }, () => add.run('x'.repeat(1_000))))()
  file.pragma('wal_checkpoint(TRUNCATE)')
  file.close()
  const bytes = readFileSync(path)
  for (let page = 1; page <= 8; page++) bytes.fill(0xff, bytes.length - page * 4_096, bytes.length - page * 4_096 + 16)
  writeFileSync(path, bytes)
}

const statement = CompiledQuery.raw('select count(text) from scratch')

test.skipIf(ENGINE === 'postgres').each([
  ['read', false],
  ['read', true],
  ['write', false],
  ['write', true],
] as const)('a %s that meets a damaged page stops every write from then on (thread: %s)', async (kind, inThread) => {
  const fresh = await freshDatabase()
  if (!('file' in fresh.at)) throw new Error('There is no file')
  const open = () => openDatabase({ at: fresh.at, now: Date.now, onError: () => {}, inThread })
  await (await open()).close()
  damage(fresh.at.file)
  const database = await open()
  expect(database.damage()).toBeNull()
  const met =
    kind === 'read'
      ? database.db[QUERY].executeQuery(statement)
      : database.write(by, (trx) => trx[QUERY].executeQuery(statement))
  await expect(met).rejects.toThrow('malformed')
  expect(database.damage()).toContain('malformed')
  const refused = database.write(by, (trx) => insert(trx, 'brand', { name: 'B', name_key: 'b' }))
  await expect(refused).rejects.toThrow('nothing can be saved')
  await database.close()
  await fresh.remove()
})
