import type { Trx } from '../../../db/handle.ts'
import { insertMany, mintIds, type NewRow } from '../../../db/rows.ts'
import { indexNow } from '../../../db/search/search-index.ts'
import { searchWords } from '../../../db/search/search-words.ts'
import { knownSourceKeys } from '../../../db/queries/source-keys.ts'
import { addUser } from '../../shop/people/users.ts'
import { takeNumbers } from '../../shop/document-numbers.ts'
import { rememberedModels, rememberedNames } from './catalogue.ts'
import { NO_MODEL, type OrdsRow } from './ords-rows.ts'
import type { Write } from './source.ts'

/** Adds a device and an order for each event that is not there yet. */
export function ordsWriter(): Write<OrdsRow> {
  const kinds = rememberedKinds()
  let customer: number | undefined
  return async (trx, rows) => {
    const fresh = await unknownOf(trx, rows)
    if (fresh.length === 0) return 0
    customer ??= await walkInCustomer(trx)
    // What is asked for comes first: an answer waits until SQLite has done all that it was told before.
    const tickets = await takeNumbers(trx, 'ticket', fresh.length)
    const kindOf = await kinds(trx, fresh)
    const devices = await mintIds(trx, 'device', fresh.length)
    const orders = await mintIds(trx, 'repair_order', fresh.length)
    await insertMany(trx, 'device', devicesOf(fresh, customer, kindOf), devices)
    await insertMany(trx, 'repair_order', ordersOf(fresh, customer, { devices, tickets }), orders)
    await indexNow(trx, 'device', devices, (index) => fresh[index]!.words.device)
    await indexNow(trx, 'repair_order', orders, (index) => searchWords(tickets[index]!) + fresh[index]!.words.note)
    return fresh.length
  }
}

async function unknownOf(trx: Trx, rows: readonly OrdsRow[]): Promise<OrdsRow[]> {
  const known = await knownSourceKeys(
    trx,
    'repair_order',
    rows.map(({ key }) => key),
  )
  return rows.filter(({ key }) => !known.has(key) && known.add(key))
}

/** Whom devices belong to that came without an owner. */
async function walkInCustomer(trx: Trx): Promise<number> {
  const source_key = 'walk-in'
  const found = await trx
    .selectFrom('user')
    .select('id')
    .where('source_key', '=', source_key)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return (
    found?.id ?? (await addUser(trx, { full_name: 'Walk-in customer', role: 'customer', is_staff: false, source_key }))
  )
}

function devicesOf(rows: readonly OrdsRow[], owner_id: number, kindOf: (row: OrdsRow) => Kind): NewRow<'device'>[] {
  return rows.map((row) => ({ ...kindOf(row), owner_id, source_key: row.key, created_at: row.at }))
}

function ordersOf(
  rows: readonly OrdsRow[],
  customer_id: number,
  { devices, tickets }: { devices: readonly number[]; tickets: readonly string[] },
): NewRow<'repair_order'>[] {
  return rows.map(({ key, status, at, note }, index) => ({
    ticket_number: tickets[index]!,
    device_id: devices[index]!,
    customer_id,
    cost_cents: 0,
    discount_cents: 0,
    note,
    status,
    completed_at: status === 'Completed' ? at : null,
    source_key: key,
    created_at: at,
  }))
}

type Kind = { device_type_id: number; brand_id: number; model_id: number }
type Kinds = (trx: Trx, rows: readonly OrdsRow[]) => Promise<(row: OrdsRow) => Kind>

/** Type, brand and model of each row, found or added; each pair of names is looked up once. */
function rememberedKinds(): Kinds {
  const types = rememberedNames('device_type')
  const brands = rememberedNames('brand')
  const models = rememberedModels()
  const kinds = new Map<string, Kind>()
  return async (trx, rows) => {
    const strange = rows.filter((row) => !kinds.has(pairOf(row)))
    const typeOf = await types(
      trx,
      strange.map(({ category }) => category),
    )
    const brandOf = await brands(
      trx,
      strange.map(({ brand }) => brand),
    )
    const modelOf = ({ category, brand }: OrdsRow) => ({
      device_type_id: typeOf(category),
      brand_id: brandOf(brand),
      name: NO_MODEL,
    })
    const { idOf } = await models(trx, strange.map(modelOf))
    for (const row of strange) {
      const { name, ...kind } = modelOf(row)
      kinds.set(pairOf(row), { ...kind, model_id: idOf({ ...kind, name }) })
    }
    return (row) => kinds.get(pairOf(row))!
  }
}

const pairOf = ({ category, brand }: OrdsRow) => `${category}\n${brand}`
