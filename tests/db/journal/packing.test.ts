import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import type { Database } from '../../../db/database.ts'
import { headOf } from '../../../db/file/high-water.ts'
import type { BlockEntry } from '../../../db/journal/block.ts'
import { entriesAbout, entriesBetween } from '../../../db/journal/entries.ts'
import { insert, patch } from '../../../db/rows.ts'
import { openCommandLine } from '../../cli/command-line.ts'
import { ENGINE } from '../../support/database.ts'
import { journalOf, packWholeJournal } from '../../support/journal.ts'

const rowsOf = ({ db }: Database) =>
  db.selectFrom('journal').selectAll().orderBy('origin').orderBy('epoch').orderBy('seq').execute()

test('a packed journal has the same entries and the same head, and verifies; the newest may stay as they are', async () => {
  await using cli = await openCommandLine()
  expect(await cli.run(['demo'])).toMatchObject({ code: 0 })
  await cli.look(async (database) => {
    const written = await rowsOf(database)
    const entries = (await journalOf(database)).map(withoutLink)
    const head = await headOf(database.db)
    while (await database.packJournal(0, 100));
    const half = await rowsOf(database)
    const first = half.findIndex(({ kind, seq }) => kind !== 'block' && seq > 1)
    expect(half[first]!.seq).toBeLessThanOrEqual(head.seq - 99)
    expect(half.slice(first)).toEqual(written.slice(half[first]!.seq - 1))
    expect((await journalOf(database)).map(withoutLink)).toEqual(entries)
    await packWholeJournal(database)
    const rows = await rowsOf(database)
    expect(rows.slice(0, first)).toEqual(half.slice(0, first))
    expect(rows.filter(({ kind }) => kind !== 'block')).toEqual([written[0]])
    expect(await headOf(database.db)).toEqual(head)
    expect(rows.at(-1)).toMatchObject({ seq: head.seq, chain: head.chain })
    for (const row of rows) expect(row.chain).toBe(written[row.seq - 1]!.chain)
    expect((await journalOf(database)).map(withoutLink)).toEqual(entries)
    expect(await checkContent(database)).toMatchObject({ findings: [], entries: written.length })
  })
  expect(await cli.run(['verify'])).toMatchObject({ code: 0 })
})

test('entries that are judged by another stamp than their own are not packed, and keep it', async () => {
  await using cli = await openCommandLine()
  await cli.look(async (database) => {
    for (const name of ['Apple', 'Nokia', 'Sony'])
      await database.write(by, async (trx) => {
        const id = await insert(trx, 'brand', { name, name_key: name.toLowerCase() })
        await patch(trx, 'brand', id, { description: name })
      })
    const { seq } = await headOf(database.db)
    await cli.tamper(`update journal set stamp = hlc where seq = ${seq - 2}`)
    const stamp = (await journalOf(database)).find((entry) => entry.seq === seq - 2)!.hlc
    await packWholeJournal(database)
    const stamps = (await journalOf(database)).slice(-4).map((entry) => entry.stamp)
    expect(stamps).toEqual([null, stamp, null, null])
    const forms = (await rowsOf(database)).slice(-3).map(({ kind }) => kind)
    expect(forms).toEqual(['put', 'patch', 'block'])
    expect((await checkContent(database)).findings).toEqual([])
  })
})

/** An entry as it is read from either form. */
const withoutLink = (entry: BlockEntry) => ({ ...entry, chain: undefined, pack: undefined })

test.skipIf(ENGINE !== 'sqlite')('packing that is killed goes on where it was, and the head stays', async () => {
  await using cli = await openCommandLine()
  const file = (cli.at as { file: string }).file
  await cli.look(async (database) => {
    for (let n = 0; n < 300; n++)
      await database.write(by, async (trx) => {
        const id = await insert(trx, 'brand', { name: `Brand ${n}`, name_key: `brand ${n}` })
        for (let change = 0; change < n % 12; change++) await patch(trx, 'brand', id, { description: `${change}` })
      })
  })
  const head = await cli.look(({ db }) => headOf(db))
  const entries = (await cli.look(journalOf)).map(withoutLink)
  let kills = 0
  for (let isDone = false; !isDone; kills++) {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./pack-slowly.ts', import.meta.url)), file])
    const ended = once(child, 'exit')
    const [said] = await Promise.race([once(child.stdout, 'data'), ended])
    isDone = said === 0
    await pause(kills % 4) // Wherever it is by then.
    child.kill('SIGKILL')
    await ended
    await cli.look(async (database) => {
      expect(await headOf(database.db)).toEqual(head)
      expect((await journalOf(database)).map(withoutLink)).toEqual(entries)
    })
  }
  expect(kills).toBeGreaterThan(2)
  await cli.look(async (database) => {
    expect((await rowsOf(database)).filter(({ kind }) => kind !== 'block')).toHaveLength(1)
    expect((await checkContent(database)).findings).toEqual([])
  })
})

const by = { actor: null, device: null, act: 'test' }

test('entries that are packed while the ones about a row are looked for are found all the same', async () => {
  await using cli = await openCommandLine()
  await cli.look(async (database) => {
    const change = (name: string) => database.write(by, (trx) => patch(trx, 'brand', id, { name }))
    const id = await database.write(by, (trx) => insert(trx, 'brand', { name: 'Apple', name_key: 'apple' }))
    for (let n = 0; n < 3; n++) await change(`Old ${n}`)
    await packWholeJournal(database)
    for (let n = 0; n < 3; n++) await change(`New ${n}`)
    const said: string[] = []
    for await (const { entity, row_id, after } of entriesAbout(database.db, { brand: [id] })) {
      await packWholeJournal(database)
      if (entity === 'brand' && row_id === id) said.push((JSON.parse(after!) as { name: string }).name)
    }
    expect(said).toEqual(['Apple', 'Old 0', 'Old 1', 'Old 2', 'New 0', 'New 1', 'New 2'])
  })
})

test('a stretch of the journal that is packed while it is read is told once', async () => {
  await using cli = await openCommandLine()
  await cli.look(async (database) => {
    await database.write(by, async (trx) => {
      for (let n = 0; n < 250; n++) await insert(trx, 'brand', { name: `Brand ${n}`, name_key: `brand ${n}` })
    })
    const told: number[] = []
    for await (const { seq } of entriesBetween(database.db, { origin: 0, epoch: 1, after: 0 })) {
      if (told.length === 10) await packWholeJournal(database)
      told.push(seq)
    }
    const { seq: head } = await headOf(database.db)
    expect(told).toEqual(Array.from({ length: head }, (_, index) => index + 1))
  })
})
