import type { Trx } from '../../../db/handle.ts'
import { insertMany } from '../../../db/rows.ts'
import { indexNow, searchWords } from '../../../db/search-index.ts'
import { knownSourceKeys } from '../../../db/source-keys.ts'
import { addUser } from '../../shop/accounts.ts'
import { findOrAddModel, findOrAddNamed } from '../../shop/catalogue.ts'
import { takeNumbers } from '../../shop/numbering.ts'
import { NO_MODEL, type OrdsRow } from './ords-rows.ts'
import type { Write } from './source.ts'

/** Adds a device and an order for each event that is not there yet. */
export function ordsWriter(): Write<OrdsRow> {
  const catalogue = rememberedCatalogue()
  let customer: number | undefined
  return async (trx, rows) => {
    const fresh = await unknownOf(trx, rows)
    if (fresh.length === 0) return 0
    customer ??= await walkInCustomer(trx)
    const devices = await addDevices(trx, fresh, customer, catalogue)
    await addOrders(trx, fresh, customer, devices)
    return fresh.length
  }
}

async function unknownOf(trx: Trx, rows: readonly OrdsRow[]): Promise<OrdsRow[]> {
  const known = await knownSourceKeys(trx, 'repair_order', rows.map(({ key }) => key))
  return rows.filter(({ key }) => !known.has(key) && known.add(key))
}

/** Whom devices belong to that came without an owner. */
async function walkInCustomer(trx: Trx): Promise<number> {
  const source_key = 'walk-in'
  const found = await trx.selectFrom('user').select('id').where('source_key', '=', source_key).where('deleted_at', 'is', null).executeTakeFirst()
  return found?.id ?? (await addUser(trx, { full_name: 'Walk-in customer', role: 'customer', is_staff: false, source_key }))
}

async function addDevices(trx: Trx, rows: readonly OrdsRow[], owner_id: number, catalogue: Catalogue): Promise<number[]> {
  const devices = []
  for (const { category, brand, key, at } of rows)
    devices.push({ ...(await catalogue(trx, category, brand)), owner_id, source_key: key, created_at: at })
  const ids = await insertMany(trx, 'device', devices)
  await indexNow(trx, 'device', ids.map((id, index) => ({ id, words: rows[index]!.words.device })))
  return ids
}

async function addOrders(trx: Trx, rows: readonly OrdsRow[], customer_id: number, devices: readonly number[]) {
  const tickets = await takeNumbers(trx, 'ticket', rows.length)
  const orders = rows.map(({ key, status, at, note }, index) => ({
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
  const ids = await insertMany(trx, 'repair_order', orders)
  await indexNow(trx, 'repair_order', ids.map((id, index) => ({ id, words: searchWords(tickets[index]!) + rows[index]!.words.note })))
}

type Kind = { device_type_id: number; brand_id: number; model_id: number }
type Catalogue = (trx: Trx, category: string, brand: string) => Promise<Kind>

/** Finds or adds type, brand and model once for each pair. */
function rememberedCatalogue(): Catalogue {
  const kinds = new Map<string, Kind>()
  return async (trx, category, brand) => {
    const pair = `${category}\n${brand}`
    const known = kinds.get(pair)
    if (known) return known
    const device_type_id = await findOrAddNamed(trx, 'device_type', category)
    const brand_id = await findOrAddNamed(trx, 'brand', brand)
    const kind = { device_type_id, brand_id, model_id: await findOrAddModel(trx, { brand_id, device_type_id, name: NO_MODEL }) }
    kinds.set(pair, kind)
    return kind
  }
}
