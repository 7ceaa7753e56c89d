import { CompiledQuery } from 'kysely'
import { describe, expect, test } from 'vitest'
import { QUERY, type Trx } from '../../db/handle.ts'
import { upsertLocal } from '../../db/local.ts'
import { openDatabase } from '../../db/open.ts'
import { insert, patch, remove } from '../../db/rows.ts'
import { beginEpoch } from '../../db/journal/begin-epoch.ts'
import { refuseTriggers } from '../../db/file/foreign-parts.ts'
import { configFrom } from '../../server/config.ts'
import { ENGINE, freshDatabase } from '../support/database.ts'
import { openShop } from '../support/shop.ts'

const by = { actor: null, device: null, act: 'POST /brands' }

/** A database with a brand, and how to write to it past the journal. */
async function open(options: { tripwire?: boolean; inThread?: boolean }) {
  const fresh = await freshDatabase()
  const database = await openDatabase({ at: fresh.at, now: Date.now, onError: () => {}, ...options })
  const brand = await database.write(by, (trx) => insert(trx, 'brand', { name: 'Apple', name_key: 'apple' }))
  return {
    ...database,
    at: fresh.at,
    brand,
    past: (statement: string) => database.write(by, (trx) => past(trx, statement)),
    brands: () => database.db.selectFrom('brand').select(['id', 'name', 'deleted_at']).orderBy('id').execute(),
    [Symbol.asyncDispose]: async () => {
      await database.close()
      await fresh.remove()
    },
  }
}

const past = async (trx: Trx, statement: string) => void (await trx[QUERY].executeQuery(CompiledQuery.raw(statement)))

const OF_BRAND = '(id, store_id, name, name_key, created_at, updated_at)'

describe.skipIf(ENGINE === 'postgres').each([{ inThread: false }, { inThread: true }])('the tripwire, %o', (where) => {
  test.each([
    [`insert into brand ${OF_BRAND} values (77, 1, 'Else', 'else', 1, 1)`, 'brand 77'],
    [`insert or replace into brand ${OF_BRAND} values (1, 1, 'Else', 'else', 1, 1)`, 'brand 1'],
    [`update brand set name = 'Else'`, 'brand 1'],
    [`update brand set updated_at = updated_at + 1`, 'brand 1'],
    ['delete from brand', 'brand 1'],
    [`update node set terminal = 'T9'`, 'node 0'],
    [`update store set name = 'Else'`, 'store 1'],
  ])('refuses %s and leaves nothing of it', async (statement, row) => {
    await using database = await open({ tripwire: true, ...where })
    const before = await database.brands()
    await expect(database.past(statement)).rejects.toThrow(`POST /brands changed ${row} past the journal`)
    expect(await database.brands()).toEqual(before)
    // The next write is not taken for it.
    await database.write(by, (trx) => insert(trx, 'brand', { name: 'Nokia', name_key: 'nokia' }))
    expect(await database.brands()).toMatchObject([{ name: 'Apple' }, { name: 'Nokia' }])
  })

  test('lets pass what the journal is told, and what is of this machine alone', async () => {
    await using database = await open({ tripwire: true, ...where })
    const { id, other } = await database.write(by, async (trx) => {
      const id = await insert(trx, 'brand', { name: 'Nokia', name_key: 'nokia' })
      const other = await insert(trx, 'brand', { name: 'Sony', name_key: 'sony' })
      await patch(trx, 'brand', id, { name: 'Nokia Oy' })
      await patch(trx, 'node', trx.act.node.id, { name: 'Till' })
      await remove(trx, 'brand', other)
      await upsertLocal(trx, 'upkeep', { name: 'test' }, { form: '1' })
      return { id, other }
    })
    expect(await database.brands()).toMatchObject([
      { name: 'Apple' },
      { id, name: 'Nokia Oy' },
      { id: other, deleted_at: expect.any(Number) },
    ])
    await database.flushSearchIndex()
    expect(await database.packJournal(1_000, 0)).toBe(false)
    await database.write(by, (trx) => beginEpoch(trx, { epoch: 2, backup_at: null }))
    await database.write(by, async () => {})
  })

  test('finds one row past the journal among many that it is told of', async () => {
    await using database = await open({ tripwire: true, ...where })
    const mixed = database.write(by, async (trx) => {
      const id = await insert(trx, 'brand', { name: 'Nokia', name_key: 'nokia' })
      await past(trx, `update brand set name = 'Else' where id <= ${id}`)
    })
    await expect(mixed).rejects.toThrow(`changed brand ${database.brand} past`)
    expect(await database.brands()).toMatchObject([{ name: 'Apple' }])
  })

  test('is off unless it is asked for', async () => {
    await using database = await open(where)
    await database.past(`update brand set name = 'Else'`)
    expect(await database.brands()).toMatchObject([{ name: 'Else' }])
  })

  test('leaves nothing in the file, which another connection writes as before', async () => {
    await using database = await open({ tripwire: true, ...where })
    if ('url' in database.at) return
    refuseTriggers(database.at.file)
    await using other = await openDatabase({ at: database.at, now: Date.now, onError: () => {} }).then((opened) => ({
      ...opened,
      [Symbol.asyncDispose]: opened.close,
    }))
    await other.write(by, (trx) => past(trx, `update brand set name = 'Else'`))
    expect(await database.brands()).toMatchObject([{ name: 'Else' }])
  })
})

test('the program has it where it is asked for, and each shop of a test has it', async () => {
  expect([configFrom({}), configFrom({ FIXPOINT_TRIPWIRE: '1' })].map(({ tripwire }) => tripwire)).toEqual([
    false,
    true,
  ])
  await using shop = await openShop()
  await shop.person('staff')
  const written = shop.database.write(by, (trx) => past(trx, `update "user" set full_name = 'Else'`))
  if (ENGINE === 'sqlite') await expect(written).rejects.toThrow(/POST \/brands changed user \d+ past the journal/)
  else await written
})
