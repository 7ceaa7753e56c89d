import fc from 'fast-check'
import { CompiledQuery } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { applyEntries, type ReceivedEntry, type RowWrite } from '../../../db/applied.ts'
import { checkContent } from '../../../db/check/check-content.ts'
import { openPass } from '../../../db/check/pass.ts'
import type { Database } from '../../../db/database.ts'
import { QUERY } from '../../../db/handle.ts'
import { openDatabase } from '../../../db/open.ts'
import { insert, insertMany, patch, remove } from '../../../db/rows.ts'
import { compareClocks } from '../../../server/domain/time/write-order.ts'
import { ENGINE, freshDatabase } from '../../support/database.ts'
import { journalOf, packWholeJournal } from '../../support/journal.ts'
import { applyAll, becomeRole, blank, clockOf, otherNode, writesOf } from '../../support/other-chain.ts'

const by = { actor: null, device: null, act: 'test' }
const NOW = Date.UTC(2026, 0, 15, 9)
const MINUTE = 60_000

/** A database that is head office, or what else is said, at a clock that stands. */
async function open(role: 'head-office' | 'terminal' | 'alone' = 'head-office'): Promise<Database> {
  const { at, remove: removeFolder } = await freshDatabase()
  const database = await openDatabase({ at, now: () => NOW, onError: () => {} })
  onTestFinished(async () => {
    await database.close()
    await removeFolder()
  })
  await becomeRole(database, role)
  return database
}

const findingsOf = async (database: Database) => (await checkContent(database)).findings

/** Runs a statement past the program, as whoever has the file could. */
const past = (database: Database, text: string) =>
  database.write(by, async (trx) => void (await trx[QUERY].executeQuery(CompiledQuery.raw(text))))

const brandOf = (name: string) => ({ store_id: 1, name, name_key: name.toLowerCase() })
const renamed = (from: string, to: string) =>
  ({
    before: { name: from, name_key: from.toLowerCase() },
    after: { name: to, name_key: to.toLowerCase() },
  }) as const

/** Applies entries, of which only those win that `wins` says. */
const applySome = (database: Database, entries: readonly ReceivedEntry[], wins: (write: RowWrite) => boolean) =>
  database.write(by, (trx) => applyEntries(trx, entries, writesOf(entries).filter(wins)))

const changed = (table: string, row_id: number, ...fields: string[]) => ({
  kind: 'row', table, row_id, reason: 'changed', fields,
}) // oxfmt-ignore

test.each(['first', 'last'] as const)(
  'a row that this machine wrote %s of two is as the last of them says',
  async (order) => {
    const database = await open()
    const other = otherNode(7)
    const id = await database.write(by, (trx) => insert(trx, 'brand', { name: 'Apple', name_key: 'apple' }))
    // Neither has seen what the other says.
    const elsewhere = other.says(NOW + (order === 'first' ? 1 : -1) * MINUTE, [
      { entity: 'brand', row_id: id, kind: 'patch', ...renamed('Apple', 'Elsewhere') },
    ])
    await database.write(by, (trx) => patch(trx, 'brand', id, { name: 'Here', name_key: 'here', description: 'Ours' }))
    await applySome(database, elsewhere, () => order === 'first')
    const { name } = await database.db.selectFrom('brand').select('name').where('id', '=', id).executeTakeFirstOrThrow()
    expect([name, await findingsOf(database)]).toEqual([order === 'first' ? 'Elsewhere' : 'Here', []])
    await packWholeJournal(database)
    expect(await findingsOf(database)).toEqual([])
    await past(database, `update brand set name = 'Tampered' where id = ${id}`)
    expect(await findingsOf(database)).toEqual([changed('brand', id, 'name')])
    await past(database, `update brand set name = '${order === 'first' ? 'Here' : 'Elsewhere'}' where id = ${id}`)
    expect(await findingsOf(database)).toEqual([changed('brand', id, 'name')])
  },
)

test('an entry that is judged by an earlier stamp loses to what was written before it', async () => {
  const database = await open()
  const other = otherNode(7)
  const id = other.id(1)
  const put = other.says(NOW - MINUTE, [{ entity: 'brand', row_id: id, kind: 'put', after: brandOf('Apple') }])
  const ahead = other
    .says(NOW + 600 * MINUTE, [{ entity: 'brand', row_id: id, kind: 'patch', ...renamed('Apple', 'Ahead') }])
    .map((entry) => ({ ...entry, stamp: put[0]!.hlc.replace(/-0000-/, '-0001-') }))
  await database.write(by, (trx) => applyAll(trx, [...put, ...ahead]))
  expect(await findingsOf(database)).toEqual([])
  const later = otherNode(9).says(NOW, [{ entity: 'brand', row_id: id, kind: 'patch', ...renamed('Apple', 'Later') }])
  await database.write(by, (trx) => applyAll(trx, later))
  expect(await findingsOf(database)).toEqual([])
  await past(database, `update brand set name = 'Ahead', name_key = 'ahead' where id = ${id}`)
  expect(await findingsOf(database)).toEqual([changed('brand', id, 'name', 'name_key')])
})

test('a body that was erased is held against nothing but what was written after it', async () => {
  const database = await open()
  const other = otherNode(7)
  const id = other.id(1)
  const put = other.says(NOW, [{ entity: 'brand', row_id: id, kind: 'put', after: brandOf('Apple') }])
  const patches = other.says(NOW + MINUTE, [
    { entity: 'brand', row_id: id, kind: 'patch', ...renamed('Apple', 'Secret') },
  ])
  const [before, after] = [{ description: null }, { description: 'Later' }]
  const later = other.says(NOW + 2 * MINUTE, [{ entity: 'brand', row_id: id, kind: 'patch', before, after }])
  const keys = patches.map(({ origin, epoch, seq }) => ({ origin, epoch, seqs: [seq] }))
  await database.write(by, async (trx) => {
    // Its words were erased before they came; whoever erases says so in a chain of their own.
    await applyEntries(trx, [...put, ...blank(patches), ...later], writesOf([...put, ...later]))
    for (const key of keys)
      trx.act.ops.push({ entity: 'journal', row_id: 2, kind: 'erase', before: null, after: JSON.stringify(key) })
  })
  expect(await checkContent(database)).toMatchObject({ findings: [], erased: 1 })
  await past(database, `update brand set name = 'Whatever it was' where id = ${id}`)
  expect(await findingsOf(database)).toEqual([])
  await past(database, `update brand set description = 'Tampered' where id = ${id}`)
  expect(await findingsOf(database)).toEqual([changed('brand', id, 'description')])
  const own = await database.write(by, (trx) => patch(trx, 'brand', id, { name: 'Known', name_key: 'known' }))
  await past(database, `update brand set description = 'Later' where id = ${id}`)
  expect([own, await findingsOf(database)]).toEqual([true, []])
  await past(database, `update brand set name = 'Tampered' where id = ${id}`)
  expect(await findingsOf(database)).toEqual([changed('brand', id, 'name')])
})

test('a deletion that somebody wrote over later without knowing it is undone, and one that is gone otherwise is found', async () => {
  const database = await open()
  const other = otherNode(7)
  const [one, two] = await database.write(by, (trx) =>
    insertMany(
      trx,
      'brand',
      [brandOf('Apple'), brandOf('Nokia')].map(({ store_id: _, ...brand }) => brand),
    ),
  )
  await database.write(by, (trx) => remove(trx, 'brand', one!))
  await database.write(by, (trx) => remove(trx, 'brand', two!))
  const revived = other.says(NOW + MINUTE, [
    { entity: 'brand', row_id: one!, kind: 'patch', ...renamed('Apple', 'Apple Inc') },
  ])
  await database.write(by, (trx) =>
    applyEntries(
      trx,
      revived,
      writesOf(revived).map((write) => ({ ...write, values: { ...write.values, deleted_at: null } })),
    ),
  )
  expect(await findingsOf(database)).toEqual([])
  await past(database, `update brand set deleted_at = null where id = ${two}`)
  expect(await findingsOf(database)).toEqual([changed('brand', two!, 'deleted_at')])
})

test('rows that several wrote hide none that was changed past the program, however many they are', async () => {
  const database = await open()
  const other = otherNode(7)
  const ids = Array.from({ length: 300 }, (_, n) => other.id(n + 1))
  const puts = other.says(
    NOW - MINUTE,
    ids.map((row_id) => ({ entity: 'brand', row_id, kind: 'put', after: brandOf(`Brand ${row_id}`) })),
  )
  await database.write(by, (trx) => applyAll(trx, puts))
  const own = await database.write(by, (trx) =>
    insertMany(
      trx,
      'brand',
      ids.map((id) => ({ name: `Own ${id}`, name_key: `own ${id}` })),
    ),
  )
  await database.write(by, async (trx) => {
    for (const id of ids) await patch(trx, 'brand', id, { description: 'Seen here' })
  })
  const [before, after] = [{ description: 'Never here' }, { description: 'Elsewhere' }]
  const lost = other.says(
    NOW - MINUTE,
    ids.map((row_id) => ({ entity: 'brand', row_id, kind: 'patch', before, after })),
  )
  await applySome(database, lost, () => false)
  expect(await findingsOf(database)).toEqual([])
  await past(database, `update brand set description = 'Tampered' where id in (${ids[5]}, ${own[7]})`)
  await past(database, `delete from brand where id = ${ids[9]}`)
  expect(await findingsOf(database)).toEqual([
    changed('brand', ids[5]!, 'description'),
    { kind: 'row', table: 'brand', row_id: ids[9], reason: 'missing', fields: [] },
    changed('brand', own[7]!, 'description'),
  ])
})

test('a check that is stopped at any step goes on, and what comes from elsewhere meanwhile is left to the next one', async () => {
  const database = await open()
  const other = otherNode(7)
  const ids = [1, 2, 3, 4].map((n) => other.id(n))
  const put = (row_id: number) => ({ entity: 'brand', row_id, kind: 'put', after: brandOf(`Brand ${row_id}`) }) as const
  await database.write(by, (trx) => applyAll(trx, other.says(NOW - MINUTE, ids.slice(0, 3).map(put))))
  await database.write(by, (trx) => patch(trx, 'brand', ids[0]!, { description: 'Seen here' }))
  await past(database, `update brand set description = 'Tampered' where id in (${ids[0]}, ${ids[1]})`)
  const scan = database.scan()
  onTestFinished(() => scan.close())
  let pass = await openPass(scan)
  for (let steps = 0; await pass.step(0.001); steps++) {
    // Rows of several nodes are looked at in one go, which begins anew.
    if (steps < 80) pass = await openPass(scan, pass.position())
    if (steps === 1) {
      await database.write(by, (trx) => applyAll(trx, other.says(NOW, [put(ids[3]!)])))
      const [before, after] = [{ description: null }, { description: 'New' }]
      const late = other.says(NOW, [{ entity: 'brand', row_id: ids[2]!, kind: 'patch', before, after }])
      await database.write(by, (trx) => applyAll(trx, late))
      await database.write(by, (trx) => patch(trx, 'brand', ids[2]!, { description: 'Ours' }))
    }
  }
  expect(pass.findings()).toEqual([changed('brand', ids[0]!, 'description'), changed('brand', ids[1]!, 'description')])
  await past(database, `update brand set description = 'Tampered' where id = ${ids[2]}`)
  expect(await findingsOf(database)).toHaveLength(3)
})

test('a terminal is held to what it wrote itself, and not to what came from elsewhere', async () => {
  const database = await open('terminal')
  const other = otherNode(7)
  const own = await database.write(by, (trx) => insert(trx, 'brand', { name: 'Apple', name_key: 'apple' }))
  const untouched = await database.write(by, (trx) => insert(trx, 'brand', { name: 'Nokia', name_key: 'nokia' }))
  const came = other.id(1)
  await database.write(by, (trx) =>
    applyAll(
      trx,
      other.says(NOW + MINUTE, [
        { entity: 'brand', row_id: came, kind: 'put', after: brandOf('Sony') },
        { entity: 'brand', row_id: own, kind: 'patch', ...renamed('Apple', 'Elsewhere') },
      ]),
    ),
  )
  await database.write(by, (trx) => patch(trx, 'brand', came, { description: 'Seen here' }))
  expect((await journalOf(database)).some(({ origin }) => origin === 7)).toBe(false)
  expect(await findingsOf(database)).toEqual([])
  await past(database, `update brand set name = 'Whatever they say' where id in (${own}, ${came})`)
  expect(await findingsOf(database)).toEqual([])
  await past(database, `update brand set description = 'Tampered' where id in (${own}, ${came}, ${untouched})`)
  expect(await findingsOf(database)).toEqual([
    changed('brand', came, 'description'),
    changed('brand', own, 'description'),
    changed('brand', untouched, 'description'),
  ])
})

test('the shop and its nodes are held against what the journal says of them', async () => {
  const database = await open('alone')
  await past(database, `update store set terms = 'From before the journal' where id = 1`)
  expect(await findingsOf(database)).toEqual([])
  await database.write(by, (trx) => patch(trx, 'store', 1, { name: 'Corner Shop' }))
  await database.write(by, (trx) => insert(trx, 'node', { name: 'Terminal 2', terminal: 'T2' }))
  expect(await findingsOf(database)).toEqual([])
  await past(database, `update store set name = 'Else' where id = 1`)
  await past(database, `update node set heir_id = 0 where id = 1`)
  expect(await findingsOf(database)).toEqual([changed('store', 1, 'name'), changed('node', 1, 'heir_id')])
})

test('in whatever order several nodes write and are heard, no row differs, and whatever is changed past them is named', async () => {
  const write = fc.record({
    by: fc.constantFrom(0, 7, 9),
    row: fc.nat(2),
    minute: fc.nat(5),
    column: fc.constantFrom('name', 'description'),
    value: fc.constantFrom('A', 'B', 'C'),
  })
  const tampered = fc.record({ row: fc.nat(2), column: fc.constantFrom('name', 'name_key', 'description') })
  await fc.assert(
    fc.asyncProperty(fc.array(write, { maxLength: 12 }), tampered, async (writes, change) => {
      const database = await open()
      const others = [otherNode(7), otherNode(9)]
      const ids = [await database.write(by, (trx) => insert(trx, 'brand', { name: 'A', name_key: 'a' }))]
      const puts = others.map((other) =>
        other.says(NOW - MINUTE, [{ entity: 'brand', row_id: other.id(1), kind: 'put', after: brandOf('A') }]),
      )
      await database.write(by, (trx) => applyAll(trx, puts.flat()))
      ids.push(...others.map((other) => other.id(1)))
      for (const { by: node, row, minute, column, value } of writes)
        await oneWrite(database, others, node, ids[row]!, NOW + minute * MINUTE, column, value)
      expect(await findingsOf(database)).toEqual([])
      await past(database, `update brand set ${change.column} = 'tampered' where id = ${ids[change.row]}`)
      expect(await findingsOf(database)).toEqual([changed('brand', ids[change.row]!, change.column)])
    }),
    {
      numRuns: ENGINE === 'sqlite' ? 12 : 3,
      // A write at the same minute as the put that it does not know.
      examples: [[[{ by: 7, row: 0, minute: 0, column: 'description', value: 'A' }], { row: 0, column: 'name' }]],
    },
  )
})

type Other = ReturnType<typeof otherNode>

/** One node writes a register with what it takes for the value before; it wins here where it is the last. */
async function oneWrite(
  database: Database,
  others: readonly Other[],
  node: number,
  id: number,
  at: number,
  column: 'name' | 'description',
  value: string,
) {
  const after: Record<string, string> =
    column === 'name' ? { name: value, name_key: value.toLowerCase() } : { description: value }
  if (node === 0) return void (await database.write(by, (trx) => patch(trx, 'brand', id, after)))
  const before = Object.fromEntries(Object.keys(after).map((name) => [name, 'never']))
  const other = others.find(({ origin }) => origin === node)!
  const entries = other.says(at, [{ entity: 'brand', row_id: id, kind: 'patch', before, after }])
  const known = (await journalOf(database)).filter(({ row_id, entity }) => entity === 'brand' && row_id === id)
  const isLater = known.every((entry) => {
    // Who puts a row says all of it, what it leaves empty too.
    const says = entry.kind === 'put' || (entry.after !== null && column in (JSON.parse(entry.after) as object))
    return !says || compareClocks(clockOf({ ...entry, chain: '' }), clockOf(entries[0]!)) < 0
  })
  await applySome(database, entries, () => isLater)
}
