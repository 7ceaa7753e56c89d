import fc from 'fast-check'
import { CompiledQuery } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import { MAX_FINDINGS, stopsWrites } from '../../../db/check/findings.ts'
import { openPass } from '../../../db/check/pass.ts'
import { QUERY } from '../../../db/handle.ts'
import type { Database } from '../../../db/database.ts'
import { openDatabase } from '../../../db/open.ts'
import { insert, insertMany, patch, remove } from '../../../db/rows.ts'
import { ENGINE, freshDatabase } from '../../support/database.ts'
import { packWholeJournal } from '../../support/journal.ts'

const by = { actor: 7, device: 'till', act: 'test' }

async function open(): Promise<Database> {
  const { at, remove } = await freshDatabase()
  const database = await openDatabase({ at, now: Date.now, onError: () => {} })
  onTestFinished(async () => {
    await database.close()
    await remove()
  })
  return database
}

/** Forty brands and forty people, some of them changed or removed: 110 entries. */
async function filled(): Promise<Database> {
  const database = await open()
  const numbers = Array.from({ length: 40 }, (_, n) => n)
  await database.write(by, async (trx) => {
    const brands = await insertMany(
      trx,
      'brand',
      numbers.map((n) => ({ name: `Brand ${n}`, name_key: `brand ${n}`, description: n % 3 === 0 ? 'Müller' : null })),
    )
    const people = await insertMany(
      trx,
      'user',
      numbers.map((n) => ({ full_name: `Person ${n}`, role: 'customer', is_staff: false, is_active: true }) as const),
    )
    for (const id of brands.slice(0, 20)) await patch(trx, 'brand', id, { name: `Changed ${id}` })
    for (const id of people.slice(0, 10)) await remove(trx, 'user', id)
  })
  return database
}
const ENTRIES = 110

/** The rules are the same on both engines, and a check on PostgreSQL takes longer. */
const RUNS = ENGINE === 'sqlite' ? 60 : 8

type Row = Record<string, string | number | null>

/** Runs a statement past the program, as whoever has the file could; returns its rows. */
const past = (database: Database, text: string) =>
  database.write({ actor: null, device: null, act: 'nothing' }, async (trx) => {
    return (await trx[QUERY].executeQuery<Row>(CompiledQuery.raw(text))).rows
  })

const quoted = (value: string | number | null) =>
  value === null ? 'null' : typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`

/** Changes one field of a row past the program, checks, and puts it back. */
async function findingsWith(
  database: Database,
  table: string,
  where: string,
  field: string,
  value: string | number | null,
) {
  const [row] = await past(database, `select ${field} as was from "${table}" where ${where}`)
  const was = row!['was']!
  if (was === value) return null
  await past(database, `update "${table}" set ${field} = ${quoted(value)} where ${where}`)
  const { findings } = await checkContent(database)
  await past(database, `update "${table}" set ${field} = ${quoted(was)} where ${where}`)
  return findings
}

const words = fc.string({ unit: fc.constantFrom('a', 'B', '0', ' ', 'ü', '"', '\\', '{'), maxLength: 12 })
const whole = fc.integer({ min: 0, max: 2 ** 45 })

test('whatever is changed in whichever row, the row and the field are named', async () => {
  const database = await filled()
  const change = fc.oneof(
    fc.record({ table: fc.constant('brand'), field: fc.constantFrom('name', 'name_key', 'description'), value: words }),
    fc.record({
      table: fc.constant('brand'),
      field: fc.constantFrom('created_at', 'deleted_at', 'store_id'),
      value: whole,
    }),
    fc.record({ table: fc.constant('user'), field: fc.constantFrom('full_name', 'phone', 'role'), value: words }),
    fc.record({ table: fc.constant('user'), field: fc.constantFrom('is_staff', 'deleted_at'), value: whole }),
  )
  const ids = fc.integer({ min: 1, max: 40 })
  await fc.assert(
    fc.asyncProperty(change, ids, async ({ table, field, value }, row_id) => {
      const findings = await findingsWith(database, table, `id = ${row_id}`, field, value)
      if (findings) expect(findings).toEqual([{ kind: 'row', table, row_id, reason: 'changed', fields: [field] }])
    }),
    { numRuns: RUNS },
  )
  expect((await checkContent(database)).findings).toEqual([])
})

test('whatever is changed in whichever entry, the entry is named', async () => {
  const database = await filled()
  const change = fc.oneof(
    fc.record({
      field: fc.constantFrom('after', 'before', 'salt', 'digest', 'chain', 'hlc', 'act', 'entity', 'kind'),
      value: words,
    }),
    fc.record({ field: fc.constantFrom('tx', 'schema', 'at', 'actor', 'row_id'), value: whole }),
  )
  await fc.assert(
    fc.asyncProperty(change, fc.integer({ min: 1, max: ENTRIES }), async ({ field, value }, seq) => {
      const findings = await findingsWith(database, 'journal', `seq = ${seq}`, field, value)
      if (findings) expect(findings).toMatchObject([{ kind: 'entry', origin: 0, epoch: 1, seq }])
    }),
    { numRuns: RUNS },
  )
  expect((await checkContent(database)).findings).toEqual([])
})

/** A column of a block, or a bit of what it holds. */
const changeOfBlock = fc.oneof(
  fc.record({ byte: fc.nat(), bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ field: fc.constantFrom('chain', 'act', 'hlc', 'digest'), value: fc.constant('else') }),
  fc.record({ field: fc.constantFrom('tx', 'at', 'schema', 'row_id'), value: fc.integer({ min: 1e6, max: 2 ** 40 }) }),
)

test('whatever is changed in whichever block is found, and bodies that were changed stop no writes', async () => {
  const database = await filled()
  await packWholeJournal(database)
  const blocks = await database.db.selectFrom('journal').selectAll().where('kind', '=', 'block').execute()
  await fc.assert(
    fc.asyncProperty(fc.nat(), changeOfBlock, async (at, change) => {
      const { seq, row_id, pack } = blocks[at % blocks.length]!
      const where = `seq = ${seq}`
      if ('field' in change) {
        const findings = await findingsWith(database, 'journal', where, change.field, change.value)
        const place = expect.toSatisfy((found: number) => found <= seq + 1)
        expect(findings).toMatchObject([{ kind: 'entry', seq: place }])
        // The chain proves what the hash is of; how many it holds is held against what it holds, which is its body.
        expect(findings!.some(stopsWrites)).toBe(change.field !== 'row_id' && change.field !== 'digest')
        return
      }
      const bytes = Buffer.from(pack!)
      bytes[change.byte % bytes.length]! ^= 1 << change.bit
      await past(database, `update journal set pack = ${binary(bytes)} where ${where}`)
      const { findings } = await checkContent(database)
      await past(database, `update journal set pack = ${binary(Buffer.from(pack!))} where ${where}`)
      expect(findings).toMatchObject([{ kind: 'entry', seq: seq - row_id + 1, reason: 'body' }])
      expect(findings.some(stopsWrites)).toBe(false)
    }),
    { numRuns: RUNS },
  )
  expect((await checkContent(database)).findings).toEqual([])
  await past(database, `delete from journal where seq = ${blocks[1]!.seq}`)
  expect((await checkContent(database)).findings).toMatchObject([{ seq: blocks[0]!.seq + 1, reason: 'missing' }])
})

const binary = (bytes: Buffer) =>
  ENGINE === 'sqlite' ? `x'${bytes.toString('hex')}'` : `'\\x${bytes.toString('hex')}'`

test('a block that says of itself that it holds a hundred million entries is found, and takes no memory', async () => {
  const database = await filled()
  await packWholeJournal(database)
  await past(database, `update journal set row_id = 100000000 where seq = ${ENTRIES}`)
  const before = process.memoryUsage().heapUsed
  expect((await checkContent(database)).findings).toMatchObject([{ kind: 'entry', reason: 'body' }])
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(200e6)
})

test('a damaged block about the shop itself is named, and the check goes on', async () => {
  const database = await filled()
  await database.write(by, (trx) => patch(trx, 'store', 1, { name: 'Another shop' }))
  await packWholeJournal(database)
  await past(database, `update journal set pack = ${binary(Buffer.of(1, 2))} where seq = ${ENTRIES + 1}`)
  await past(database, `update "user" set full_name = 'else' where id = 40`)
  expect((await checkContent(database)).findings).toEqual([
    { kind: 'entry', origin: 0, epoch: 1, seq: ENTRIES + 1, reason: 'body', entity: null, row_id: null },
    { kind: 'row', table: 'user', row_id: 40, reason: 'changed', fields: ['full_name'] },
  ])
})

test.each(['{"name":', '{"name":1}', '[1]', 'null'])(
  'blocks whose fields are named by %s are found, and stop no writes',
  async (fields) => {
    const database = await filled()
    await database.write(by, (trx) => patch(trx, 'brand', 1, { description: 'The only one of its shape' }))
    await packWholeJournal(database)
    await past(database, `update journal_shape set fields = '${fields}' where fields = '["description"]'`)
    const { findings } = await checkContent(database)
    expect(findings).toMatchObject([{ kind: 'entry', seq: ENTRIES + 1, reason: 'body' }])
    expect(findings.some(stopsWrites)).toBe(false)
  },
)

test('of many damaged blocks only those that are named are looked up in the index', async () => {
  const database = await filled()
  for (let n = 0; n < MAX_FINDINGS + 5; n++)
    await database.write(by, (trx) => patch(trx, 'brand', 1, { description: `Described ${n}` }))
  await packWholeJournal(database)
  await past(database, `update journal_shape set fields = 'none' where fields = '["description"]'`)
  let lookups = 0
  const scan = () => {
    const counted = database.scan()
    return {
      ...counted,
      rows: (text: string, parameters: readonly unknown[]) => {
        if (text.includes('from journal_row r ')) lookups++
        return counted.rows(text, parameters)
      },
    }
  }
  const { findings } = await checkContent({ scan })
  expect(findings.map(({ kind }) => kind)).toEqual(Array.from({ length: MAX_FINDINGS }, () => 'entry'))
  expect(lookups).toBe(MAX_FINDINGS)
})

test('every entry whose body was changed is named, and no row for want of them', async () => {
  const database = await filled()
  await past(database, `update journal set after = '{"name":' where seq in (5, 45, 99)`)
  const { findings, entries } = await checkContent(database)
  expect(findings).toMatchObject([5, 45, 99].map((seq) => ({ kind: 'entry', seq, reason: 'body' })))
  expect(entries).toBe(ENTRIES - 3)
})

test('what is written while it is checked is no finding, and what was tampered with before is', async () => {
  const database = await filled()
  const random = fc.array(
    fc.record({ row: fc.integer({ min: 1, max: 40 }), kind: fc.constantFrom('patch', 'insert', 'remove') }),
    {
      minLength: 20,
      maxLength: 40,
    },
  )
  await fc.assert(
    fc.asyncProperty(random, fc.boolean(), fc.integer({ min: 1, max: 40 }), async (writes, tampered, row_id) => {
      if (tampered) await past(database, `update "user" set profile_picture = 'else' where id = ${row_id}`)
      const scan = database.scan()
      const pass = await openPass(scan)
      for (let n = 0; await pass.step(0.001); n++) {
        const { kind, row } = writes[n % writes.length]!
        if (n < 400) await database.write(by, (trx) => writeOne(trx, kind, row, n))
        if (n % 16 === 0) await database.packJournal(0, n % 64)
      }
      scan.close()
      const expected = { kind: 'row', table: 'user', row_id, reason: 'changed', fields: ['profile_picture'] }
      expect(pass.findings()).toEqual(tampered ? [expected] : [])
      await past(database, `update "user" set profile_picture = null`)
    }),
    { numRuns: 6 },
  )
})

async function writeOne(trx: Parameters<Parameters<Database['write']>[1]>[0], kind: string, row: number, n: number) {
  if (kind === 'insert') await insert(trx, 'brand', { name: `New ${n}`, name_key: `new ${n}` })
  else if (kind === 'remove') await remove(trx, 'brand', row)
  else {
    await patch(trx, 'user', row, { full_name: `Renamed ${n}` })
    await patch(trx, 'brand', row, { description: `Described ${n}` })
  }
}

test('a check that is opened again where it was goes on there and finds the same', async () => {
  const database = await filled()
  await past(database, `update brand set name = 'Else' where id = 33`)
  await past(database, `update journal set salt = 'else' where seq = 30`)
  const scan = database.scan()
  let pass = await openPass(scan)
  let reopened = 0
  while (await pass.step(0.001)) {
    if (reopened >= 40) continue // What is odd is looked at in one go.
    const { rows, entries } = pass.progress()
    pass = await openPass(scan, pass.position())
    expect(pass.progress()).toMatchObject({ rows, entries })
    if (reopened++ % 3 === 0)
      await database.write(by, (trx) => patch(trx, 'brand', 1 + (reopened % 40), { description: `${reopened}` }))
  }
  scan.close()
  expect(reopened).toBeGreaterThan(5)
  expect(pass.findings()).toMatchObject([
    { kind: 'entry', seq: 30, reason: 'body' },
    { kind: 'row', table: 'brand', row_id: 33, fields: ['name'] },
  ])
})
