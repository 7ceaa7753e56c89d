import { CompiledQuery } from 'kysely'
import { expect, test } from 'vitest'
import { QUERY, type Trx } from '../../db/handle.ts'
import { nextInSeries } from '../../db/local.ts'
import { beginEpoch, journalLength } from '../../db/journal/begin-epoch.ts'
import { checkContent, checkJournal } from '../../db/check/check-content.ts'
import { openPass } from '../../db/check/pass.ts'
import type { Database } from '../../db/database.ts'
import { openDatabase } from '../../db/open.ts'
import { insert, patch } from '../../db/rows.ts'
import { openCommandLine } from '../cli/command-line.ts'

const by = { actor: null, device: null, act: 'test' }
const brand = (trx: Trx, n: number) => insert(trx, 'brand', { name: `Brand ${n}`, name_key: `brand ${n}` })
const restore = (database: Database, epoch: number) =>
  database.write(by, (trx) => beginEpoch(trx, { epoch, backup_at: 1_000 }))

const tamper = (database: Database, statement: string) =>
  database.write(by, async (trx) => void (await trx[QUERY].executeQuery(CompiledQuery.raw(statement))))

const faultIn = async (database: Database) => (await checkContent(database)).findings[0] ?? null

test('a new epoch leaps ids in every table, begins new series and goes on with the journal', async () => {
  await using cli = await openCommandLine()
  await cli.look(async (database) => {
    const before = await database.write(by, async (trx) => {
      expect(await nextInSeries(trx, 'ticket')).toEqual({ label: 'S1-T1', n: 1 })
      return await brand(trx, 1)
    })
    const entries = await journalLength(database.db)
    await restore(database, 2)
    await database.write(by, async (trx) => {
      expect(await brand(trx, 2)).toBe(2 ** 24 + 1)
      // Nothing is known of this table: those of the lost days may have been its first rows.
      expect(await insert(trx, 'problem', { name: 'Wet', name_key: 'wet' })).toBe(2 ** 24 + 1)
      expect(await nextInSeries(trx, 'ticket')).toEqual({ label: 'S1-T1X2', n: 1 })
      expect(await nextInSeries(trx, 'receipt')).toEqual({ label: 'S1-T1X2', n: 1 })
      await patch(trx, 'brand', before, { description: 'older than the restore' })
    })
    expect(await journalLength(database.db)).toBe(entries + 2 + 3)
    expect(await faultIn(database)).toBeNull()
    await restore(database, 5)
    await database.write(by, async (trx) => {
      expect(await brand(trx, 3)).toBe(4 * 2 ** 24 + 1)
      expect(await nextInSeries(trx, 'ticket')).toEqual({ label: 'S1-T1X5', n: 1 })
    })
    expect(await faultIn(database)).toBeNull()
  })
  expect((await cli.run(['verify'])).code).toBe(0)
})

test('entries that are cut off a chain which a restore ended are missed', async () => {
  await using cli = await openCommandLine()
  await cli.look(async (database) => {
    await database.write(by, (trx) => brand(trx, 1))
    const { seq } = await database.db.selectFrom('self').select('seq').executeTakeFirstOrThrow()
    await restore(database, 2)
    await tamper(database, `delete from journal where epoch = 1 and seq = ${seq}`)
    expect(await faultIn(database)).toMatchObject({ epoch: 1, seq, reason: 'end' })
    expect(await checkJournal(database, () => {})).toMatchObject({ error: { epoch: 1, seq, reason: 'end' } })
    await tamper(database, `delete from journal where epoch = 1`)
    expect(await faultIn(database)).toMatchObject({ epoch: 1, seq: 1, reason: 'end' })
  })
})

test('a check that goes on where it was still knows where each chain has to end', async () => {
  await using cli = await openCommandLine()
  await cli.look(async (database) => {
    await database.write(by, (trx) => brand(trx, 1))
    const seq = await journalLength(database.db)
    await restore(database, 2)
    await restore(database, 3)
    expect(await checkInPieces(database)).toEqual([])
    await tamper(database, `delete from journal where epoch = 1 and seq = ${seq}`)
    expect(await checkInPieces(database)).toMatchObject([{ epoch: 1, seq, reason: 'end' }])
  })
})

test('a chain whose last body was changed has that one finding, and ends where it should', async () => {
  await using cli = await openCommandLine()
  await cli.look(async (database) => {
    await database.write(by, (trx) => brand(trx, 1))
    const seq = await journalLength(database.db)
    await restore(database, 2)
    await tamper(database, `update journal set salt = 'else' where epoch = 1 and seq = ${seq}`)
    expect((await checkContent(database)).findings).toMatchObject([{ epoch: 1, seq, reason: 'body' }])
  })
})

/** Checks everything, opened again from the stored position after each bit. */
async function checkInPieces(database: Database) {
  const scan = database.scan()
  try {
    let pass = await openPass(scan)
    let pieces = 0
    for (; pieces < 10_000 && (await pass.step(0.001)); pieces++) pass = await openPass(scan, pass.position())
    expect(pieces).toBeGreaterThan(5)
    return pass.findings()
  } finally {
    scan.close()
  }
}

test('a row that was tampered with is named, whichever epoch its last change is from', async () => {
  await using cli = await openCommandLine()
  await cli.look(async (database) => {
    const [old, changed] = await database.write(by, async (trx) => [await brand(trx, 1), await brand(trx, 2)])
    await restore(database, 2)
    await database.write(by, (trx) => patch(trx, 'brand', changed!, { description: 'new' }))
    await tamper(database, `update brand set name = 'Else' where id = ${old}`)
    expect(await faultIn(database)).toMatchObject({ table: 'brand', row_id: old, fields: ['name'] })
    await tamper(database, `update brand set name = 'Brand 1' where id = ${old}`)
    await tamper(database, `update brand set description = 'else' where id = ${changed}`)
    expect(await faultIn(database)).toMatchObject({ table: 'brand', row_id: changed, fields: ['description'] })
  })
})

test('an epoch of before is never begun again', async () => {
  await using cli = await openCommandLine()
  await cli.look(async (database) => {
    await restore(database, 3)
    for (const epoch of [1, 2, 3]) await expect(restore(database, epoch)).rejects.toThrow(/after the former one/)
  })
})

test('the age of a backup is no contradiction of the clock', async () => {
  await using cli = await openCommandLine()
  await cli.look((database) => database.write(by, (trx) => brand(trx, 1)))
  const later = Date.now() + 300 * 86_400_000
  const now = () => later
  const open = () => openDatabase({ at: cli.at, now, onError: () => {} })
  const before = await open()
  expect(before.clock.read().state).toBe('contradicted')
  await restore(before, 2)
  await before.close()
  const after = await open()
  expect(after.clock.read().state).not.toBe('contradicted')
  const entry = await after.db.selectFrom('journal').select('at').where('epoch', '=', 2).executeTakeFirstOrThrow()
  expect(entry.at).toBe(later)
  await after.close()
})
