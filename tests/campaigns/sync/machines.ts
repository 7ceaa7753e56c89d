import { becomeHeadOffice } from '../../../server/sync/enrol/become-head-office.ts'
import { beginTerminal } from '../../../db/fleet/begin-terminal.ts'
import { inStore, type Trx } from '../../../db/handle.ts'
import { openPrepared, prepareEngine } from '../../../db/open.ts'
import { insert, insertMany } from '../../../db/rows.ts'
import { addModel, addNamed } from '../../../server/shop/devices/catalogue.ts'
import { addFirstCatalogue } from '../../../server/shop/stock/first-catalogue.ts'
import { addLocation } from '../../../server/shop/stock/locations.ts'
import { receiveStock } from '../../../server/shop/stock/stock-keeping.ts'
import { addProduct } from '../../../server/shop/stock/product-changes.ts'
import { pullOnce } from '../../../server/sync/agent/pull.ts'
import { answerPull } from '../../../server/sync/hub/answer-pull.ts'
import { openSync, type Sync } from '../../../server/sync/take.ts'
import { type Memory, openMemory } from './memory.ts'

/** The machines of a fleet on its first day, made once: each schedule begins with them. */

export const START = Date.UTC(2026, 0, 15, 9)
const BY = { actor: null, device: null, act: 'first day' }

export const OFFICE = 0
/** The store of each node: two terminals of one store, one of another, and one that may join the second store later. */
export const STORES = [1, 2, 2, 3, 3] as const
export const JOINS_LATER = 4

export type Catalogue = {
  brand_id: number
  device_type_id: number
  model_id: number
  product_id: number
  web_product_id: number
}

export type FirstDay = {
  memories: readonly Memory[]
  known: Sync['known']
  catalogue: Catalogue
  /** By node, who works there. */
  clerks: readonly number[]
  /** What was there when the day was over: names of people, pieces and cents. */
  begun: { words: ReadonlyMap<number, string[]>; pieces: number; cents: number; minutes: number }
}

const openOn = (memory: Memory) => openPrepared(memory.begin(), { now: () => START, onError: failed })
const failed = (error: Error) => {
  throw error
}

export async function makeFirstDay(): Promise<FirstDay> {
  const office = openMemory()
  await prepareEngine(office.begin(), () => START)
  const image = office.raw.serialize()
  const database = await openOn(office)
  const keys = { sign: 'A'.repeat(43), seal: 'B'.repeat(43) }
  await database.write(BY, addFirstCatalogue)
  await becomeHeadOffice(database, { publicKeys: keys })
  const { catalogue, clerks } = await database.write(BY, addOrganisation)
  const sync = await openSync(database)
  const memories = [office]
  for (const node of [1, 2, 3]) memories.push(await makeTerminal(sync, node, image))
  await database.close()
  const [{ pieces }] = office.rows<{ pieces: number }>('select sum(quantity) as pieces from stock_movement') as [
    { pieces: number },
  ]
  const begun = { words: new Map(), pieces, cents: 0, minutes: 0 }
  return { memories: [...memories, openMemory(image)], known: sync.known, catalogue, clerks, begun }
}

async function addOrganisation(trx: Trx) {
  const clerks = [await addClerk(trx, 'Olive', null)]
  for (const [code, nodes] of [
    ['S2', 2],
    ['S3', 1],
  ] as const) {
    const store_id = await insert(trx, 'store', { ...STORE, code, name: `Shop ${code}` })
    const its = inStore(trx, store_id)
    const terminals = Array.from({ length: nodes }, (_, index) => ({ name: 'Terminal', terminal: `T${index + 1}` }))
    await insertMany(its, 'node', terminals)
    for (const _ of terminals) clerks.push(await addClerk(its, `Clerk of ${code}`, store_id))
  }
  const brand_id = (await addNamed(trx, 'brand', { name: 'Apple' })).id
  const device_type_id = (await addNamed(trx, 'device_type', { name: 'Phone' })).id
  const model_id = (await addModel(trx, { brand_id, device_type_id, name: 'iPhone 13' })).id
  const { id: category_id } = await trx.selectFrom('category').select('id').limit(1).executeTakeFirstOrThrow()
  const phone = { brand: 'Fairphone', model: '5', name: 'Fairphone 5', condition: 'B', price_cents: 900 } as const
  const { id: product_id } = await addProduct(trx, { ...phone, category_id })
  for (const store of [2, 3]) await receiveStock(inStore(trx, store), product_id, { quantity: 5 })
  const { id: location_id } = await addLocation(inStore(trx, 2), { name: 'Shop S2', code: 'S2' })
  const { id: web_product_id } = await addProduct(trx, {
    ...phone,
    model: '6',
    name: 'Fairphone 6',
    category_id,
    location_id,
  })
  await receiveStock(inStore(trx, 2), web_product_id, { quantity: 5 })
  return {
    catalogue: { brand_id, device_type_id, model_id, product_id, web_product_id },
    clerks: [...clerks, clerks[3]!],
  }
}

const STORE = {
  currency: 'USD', time_zone: 'UTC', tax_mode: 'included', tax_rate: 0, phone: null, address: null, set_up_at: START,
} as const // oxfmt-ignore

const addClerk = (trx: Trx, full_name: string, works_at: number | null) =>
  insert(trx, 'user', { full_name, role: 'admin', is_staff: true, is_active: true, works_at })

async function makeTerminal(office: Sync, node: number, image: Buffer): Promise<Memory> {
  const memory = openMemory(image)
  const database = await openOn(memory)
  await beginAt(office, database, node)
  const sync = { database, known: office.known }
  while ((await pullOnce(sync, async (_, body) => await answerPull(office, node, body))).more);
  await database.close()
  return memory
}

/** Makes a new database that of a node that head office knows. */
export async function beginAt({ database: { db } }: Sync, database: Sync['database'], node: number): Promise<void> {
  const row = await db.selectFrom('node').selectAll().where('id', '=', node).executeTakeFirstOrThrow()
  const store = await db.selectFrom('store').selectAll().where('id', '=', row.store_id).executeTakeFirstOrThrow()
  const incarnation = (await db.selectFrom('head_office').select('incarnation').executeTakeFirstOrThrow()).incarnation
  const parent = { incarnation, address: 'https://office.example', sign_key: null }
  await beginTerminal(database, { node: row, store, parent } as never)
}
