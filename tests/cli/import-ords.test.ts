import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findIds } from '../../db/search/search.ts'
import { checkContent } from '../../db/check/check-content.ts'
import { ENGINE } from '../support/database.ts'
import { openCommandLine } from './command-line.ts'

const HEADER =
  'id,data_provider,country,partner_product_category,product_category,product_category_id,brand,year_of_manufacture,product_age,repair_status,repair_barrier_if_end_of_life,group_identifier,event_date,problem'

type Event = { id: string; category?: string; brand?: string; status?: string; date?: string; problem?: string }

const row = ({
  id,
  category = 'Laptop',
  brand = 'Lenovo',
  status = 'Fixed',
  date = '2021-05-31',
  problem = '',
}: Event) =>
  [
    id,
    'A café',
    'GBR',
    '',
    category,
    '15',
    brand,
    '',
    '',
    status,
    '',
    'A group',
    date,
    `"${problem.replaceAll('"', '""')}"`,
  ].join(',')

const csv = (...events: Event[]) => [HEADER, ...events.map(row)].join('\n') + '\n'

test('an event becomes a device and an order of the walk-in customer', async () => {
  await using cli = await openCommandLine()
  const file = cli.file('ords.csv', csv({ id: 'x_1', problem: 'Écran noir,\nfan "loud"', brand: 'Lenovo' }))
  expect(await cli.run(['import', 'ords', file])).toMatchObject({ code: 0, out: expect.stringContaining('1 added') })
  await cli.look(async ({ db, scan }) => {
    const order = await db
      .selectFrom('repair_order')
      .innerJoin('device', 'device.id', 'repair_order.device_id')
      .innerJoin('user', 'user.id', 'device.owner_id')
      .innerJoin('brand', 'brand.id', 'device.brand_id')
      .innerJoin('model', 'model.id', 'device.model_id')
      .innerJoin('device_type', 'device_type.id', 'device.device_type_id')
      .select([
        'ticket_number',
        'note',
        'status',
        'completed_at',
        'repair_order.created_at',
        'repair_order.source_key',
        'device.source_key as device_key',
      ])
      .select(['user.full_name', 'brand.name as brand', 'model.name as model', 'device_type.name as type'])
      .executeTakeFirstOrThrow()
    const at = Date.UTC(2021, 4, 31)
    expect(order).toEqual({
      ticket_number: 'S1-T1-000001',
      note: 'Écran noir,\nfan "loud"',
      status: 'Completed',
      completed_at: at,
      created_at: at,
      source_key: 'ords:x_1',
      device_key: 'ords:x_1',
      full_name: 'Walk-in customer',
      brand: 'Lenovo',
      model: 'Unspecified',
      type: 'Laptop',
    })
    expect((await checkContent({ scan })).findings).toEqual([])
  })
})

test.each([
  ['Fixed', 'Completed'],
  ['Repairable', 'Repairing'],
  ['End of life', 'Cancelled'],
  ['Unknown', 'Pending'],
])('%s becomes %s', async (status, expected) => {
  await using cli = await openCommandLine()
  await cli.run(['import', 'ords', cli.file('ords.csv', csv({ id: 'x_1', status }))])
  const order = await cli.look(({ db }) =>
    db.selectFrom('repair_order').select(['status', 'completed_at']).executeTakeFirstOrThrow(),
  )
  expect(order.status).toBe(expected)
  expect(order.completed_at !== null).toBe(expected === 'Completed')
})

test('brands and types that differ in case are one, and no brand is Unknown', async () => {
  await using cli = await openCommandLine()
  const events = [
    { brand: 'HP' },
    { brand: 'hp' },
    { brand: '' },
    { brand: 'Unknown' },
    { brand: 'HP', category: 'LAPTOP' },
  ]
  await cli.run([
    'import',
    'ords',
    cli.file('ords.csv', csv(...events.map((event, n) => ({ id: `x_${n}`, ...event })))),
  ])
  await cli.look(async ({ db }) => {
    const names = async (table: 'brand' | 'device_type') =>
      (await db.selectFrom(table).select('name').orderBy('id').execute()).map(({ name }) => name)
    expect((await names('brand')).filter((name) => /^(hp|unknown)$/i.test(name))).toEqual(['HP', 'Unknown'])
    expect(await names('device_type')).toEqual(['Laptop'])
    expect(await db.selectFrom('model').select('id').execute()).toHaveLength(2)
  })
})

test('an imported ticket is found by a word of its problem and by its brand', async () => {
  await using cli = await openCommandLine()
  await cli.run([
    'import',
    'ords',
    cli.file(
      'ords.csv',
      csv({ id: 'x_1', problem: 'hinge broken' }, { id: 'x_2', problem: 'Lüfter laut', brand: 'Medion' }),
    ),
  ])
  await cli.look(async ({ db }) => {
    expect(await findIds(db, 'repair_order', 'lufter', { limit: 5 })).toEqual([2])
    expect(await findIds(db, 'repair_order', 'S1-T1-000001', { limit: 5 })).toEqual([1])
    expect(await findIds(db, 'device', 'medi', { limit: 5 })).toEqual([2])
  })
})

test('wrong rows are counted, named with line and reason and kept in a reject file; the others go in', async () => {
  await using cli = await openCommandLine()
  const wrong = [
    { id: '' },
    { id: 'a', date: '2021-02-30' },
    { id: 'b', status: 'Exploded' },
    { id: 'c', category: '' },
    { id: 'd', problem: 'paid with 4111 1111 1111 1111' },
  ]
  const file = cli.file(
    'ords.csv',
    csv({ id: 'x_1', problem: 'two\nlines' }, ...wrong) + 'too,short\n' + row({ id: 'x_2' }) + '\n',
  )
  const { code, out, err } = await cli.run(['import', 'ords', file])
  expect(code).toBe(0)
  expect(out).toContain('2 added, 0 there already, 6 wrong')
  expect(err).toContain('line 4: there is no id')
  expect(err).toContain("line 5: event_date '2021-02-30' is no date like 2024-05-31")
  expect(err).toContain("line 6: repair_status 'Exploded' is none of Fixed, Repairable, End of life, Unknown")
  expect(err).toContain('line 7: there is no product_category')
  expect(err).toContain('line 8: the text holds a card number')
  expect(err).toContain('line 9: it has 2 columns, not 14')
  const [rejects] = readdirSync(cli.folder).filter((name) => name.startsWith('rejects-ords-'))
  const kept = readFileSync(join(cli.folder, rejects!), 'utf8')
  expect(kept.trim().split('\r\n')).toHaveLength(7)
  expect(kept).not.toContain('4111')
})

test('importing again changes nothing', async () => {
  await using cli = await openCommandLine()
  const file = cli.file('ords.csv', csv({ id: 'x_1' }, { id: 'x_2' }, { id: 'x_1' }))
  expect((await cli.run(['import', 'ords', file])).out).toContain('2 added, 1 there already')
  const before = await cli.look(({ db }) => db.selectFrom('self').select(['seq', 'chain']).executeTakeFirstOrThrow())
  expect((await cli.run(['import', 'ords', file])).out).toContain('0 added, 3 there already')
  expect(await cli.look(({ db }) => db.selectFrom('self').select(['seq', 'chain']).executeTakeFirstOrThrow())).toEqual(
    before,
  )
})

test('a file of another kind is refused, and says what its first line lacks', async () => {
  await using cli = await openCommandLine()
  const { code, err } = await cli.run([
    'import',
    'ords',
    cli.file('other.csv', 'type,brand,model\nPhone,Apple,iPhone\n'),
  ])
  expect(code).toBe(1)
  expect(err).toContain('does not name id, product_category, repair_status, event_date, problem')
  expect((await cli.run(['import', 'ords', join(cli.folder, 'missing.csv')])).err).toContain(
    'missing.csv cannot be read',
  )
})

test('a status that every object inherits is none', async () => {
  await using cli = await openCommandLine()
  const file = cli.file('ords.csv', csv({ id: 'a', status: 'constructor' }))
  const { err } = await cli.run(['import', 'ords', file])
  expect(err).toContain("line 2: repair_status 'constructor' is none of Fixed, Repairable, End of life, Unknown")
})

test('tickets are numbered densely over several files and batches', async () => {
  await using cli = await openCommandLine()
  const many = (prefix: string, count: number) =>
    csv(...Array.from({ length: count }, (_, n) => ({ id: `${prefix}_${n}` })))
  await cli.run(['import', 'ords', cli.file('a.csv', many('a', 1_234)), cli.file('b.csv', many('b', 77))])
  const tickets = await cli.look(({ db }) =>
    db.selectFrom('repair_order').select('ticket_number').orderBy('id').execute(),
  )
  expect(tickets.map(({ ticket_number }) => ticket_number)).toEqual(
    Array.from({ length: 1_311 }, (_, n) => `S1-T1-${String(n + 1).padStart(6, '0')}`),
  )
})

const REAL = join(import.meta.dirname, '../../../shared/data/ord_RestartProject_202204.csv')

test.skipIf(!existsSync(REAL) || ENGINE === 'postgres')(
  'every row of the Restart Project file goes in (skipped where ../shared/data is absent)',
  async () => {
    await using cli = await openCommandLine()
    const { out } = await cli.run(['import', 'ords', REAL])
    expect(out).toContain('23,940 added, 0 there already, 0 wrong')
    await cli.look(async ({ db, scan }) => {
      expect((await checkContent({ scan })).findings).toEqual([])
      expect((await findIds(db, 'repair_order', 'alarm clock', { limit: 5 })).length).toBeGreaterThan(0)
    })
  },
)
