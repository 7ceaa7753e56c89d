import { expect, test } from 'vitest'
import { columnsOf } from '../../db/check/scan.ts'
import { aliasesOf, rebasedId } from '../../db/fleet/id-alias.ts'
import { WAVES } from '../../db/rebase/families.ts'
import { openIds, OWN_REFERENCES, rebasedOwnRow, rebasedRow } from '../../db/rebase/rebased.ts'
import { LOCAL_TABLES, type LocalTable, SYNCED_TABLES, type SyncedTable } from '../../db/schema/schema.ts'
import { REFERENCES } from '../../db/schema/references.ts'
import { NODE_SPAN } from '../../server/domain/ids.ts'
import { openShop } from '../support/shop.ts'

const NODE = 3
const idOf = openIds(NODE, new Map<SyncedTable, ReadonlyMap<number, number>>([['brand', new Map([[8, 2]])]]))
const since = (old: number) => NODE * NODE_SPAN + old

test('each table has its place among those that a shop states anew, but the store and the machine', () => {
  const stated = WAVES.flat().map(({ table }) => table)
  const expected = SYNCED_TABLES.filter((table) => table !== 'store' && table !== 'node')
  expect(new Set(stated)).toEqual(new Set(expected))
})

test('a row is stated behind those that it refers to, or with them', () => {
  const first = (table: SyncedTable) => WAVES.findIndex((wave) => wave.some((member) => member.table === table))
  const last = (table: SyncedTable) => WAVES.findLastIndex((wave) => wave.some((member) => member.table === table))
  const wrong = SYNCED_TABLES.flatMap((table) =>
    Object.values(REFERENCES[table] as Record<string, SyncedTable>).flatMap((of) =>
      of !== table && !['store', 'node'].includes(of) && !['store', 'node'].includes(table) && first(of) > last(table)
        ? [`${table} before ${of}`]
        : [],
    ),
  )
  expect(wrong).toEqual([])
})

/** Columns of the tables of one machine that end so and hold no id of a row. */
const NO_IDS = new Set(['stripe_event.event_id', 'stripe_event.object_id', 'idempotency_key.key'])

test('each column of this machine’s own tables that holds an id is known', async () => {
  await using shop = await openShop()
  const scan = shop.database.scan()
  const columns = await columnsOf(scan, Object.keys(LOCAL_TABLES))
  scan.close()
  const unknown = (Object.keys(LOCAL_TABLES) as LocalTable[]).flatMap((table) => {
    const known = OWN_REFERENCES[table]
    if (known === null) return []
    return columns
      .get(table)!
      .filter((column) => /_id$|_by$/.test(column) && !(column in known) && !NO_IDS.has(`${table}.${column}`))
      .map((column) => `${table}.${column}`)
  })
  expect(unknown).toEqual([])
})

test('ids follow in columns and in words, and rows that are mapped are head office’s', () => {
  expect(rebasedRow('model', { id: 5, brand_id: 8, device_type_id: 2, name: 'A' }, idOf)).toEqual({
    id: since(5),
    brand_id: 2,
    device_type_id: since(2),
    name: 'A',
  })
  const event = { id: 1, order_id: 4, actor_id: null, user_id: 6 }
  expect(rebasedRow('order_event', { ...event, kind: 'bought', to_value: '9' }, idOf)).toMatchObject({
    order_id: since(4),
    actor_id: null,
    user_id: since(6),
    to_value: String(since(9)),
  })
  expect(rebasedRow('order_event', { ...event, kind: 'price', to_value: '9' }, idOf)).toMatchObject({ to_value: '9' })
  const note = { id: 1, by: 2, about_entity: 'user', about_id: 3 }
  expect(rebasedRow('task_note', { ...note, kind: 'same-thing', facts_seen: '4' }, idOf)).toMatchObject({
    about_id: since(3),
    facts_seen: String(since(4)),
  })
  expect(rebasedRow('task_note', { ...note, kind: 'stock', facts_seen: '4' }, idOf)).toMatchObject({ facts_seen: '4' })
  const options = [
    { key: 'no', deduction_id: 7 },
    { key: 'yes', deduction_id: null },
  ]
  const item = rebasedRow('checklist_item', { id: 1, checklist_id: 1, options: JSON.stringify(options) }, idOf)
  expect(JSON.parse(String(item['options']))).toEqual([
    { key: 'no', deduction_id: since(7) },
    { key: 'yes', deduction_id: null },
  ])
})

test('an evaluation under way keeps its device, answers and photos', () => {
  const draft = {
    id: 'one',
    pickup_id: 4,
    order_id: null,
    updated_by: 2,
    device: JSON.stringify({ device_id: 5, device_type_id: 1, brand: 'Apple' }),
    answers: JSON.stringify([{ item_id: 6, choice: 'yes', photo_id: 7 }]),
    offer: JSON.stringify({ price_cents: 100, reason: 'new', photo_id: null }),
    photo_ids: '[7,8]',
    sum: 'of before',
  }
  const row = rebasedOwnRow('buy_in_draft', draft, idOf)
  expect(row).toMatchObject({ id: 'one', pickup_id: since(4), order_id: null, updated_by: since(2) })
  expect(row).not.toHaveProperty('sum')
  expect(JSON.parse(String(row['device']))).toEqual({ device_id: since(5), device_type_id: since(1), brand: 'Apple' })
  expect(JSON.parse(String(row['answers']))).toEqual([{ item_id: since(6), choice: 'yes', photo_id: since(7) }])
  expect(JSON.parse(String(row['photo_ids']))).toEqual([since(7), since(8)])
})

test('ids of before are told in ranges around the rows that are mapped', () => {
  const range = (first_id: number, last_id: number, first_new_id = since(first_id)) => ({
    entity: 'brand', first_id, last_id, first_new_id,
  }) // oxfmt-ignore
  const mapped = new Map([[4, 40], [1, 10], [5, 7]]) // oxfmt-ignore
  expect(aliasesOf('brand', { node: NODE, last: 9, mapped })).toEqual([
    range(1, 1, 10),
    range(2, 3),
    range(4, 4, 40),
    range(5, 5, 7),
    range(6, 9),
  ])
  expect(aliasesOf('brand', { node: NODE, last: 0, mapped: new Map() })).toEqual([])
  expect(() => rebasedId(NODE, NODE_SPAN + 1)).toThrow('Another machine')
})

test('of a key whose answer was lost the id that was left is forgotten, and an answer that was kept stays', () => {
  const kept = {
    user_id: 6,
    method: 'POST',
    path: '/counter/intakes',
    key: 'k',
    fingerprint: 'f',
    headers: null,
    sum: 1,
  }
  const body = (status: number | null) =>
    rebasedOwnRow('idempotency_key', { ...kept, status, body: '17' }, idOf)['body']
  expect([0, -1, 201].map(body)).toEqual([null, null, '17'])
})
