import { insertMany, type NewRow } from '../../db/rows.ts'
import type { Database } from '../../db/database.ts'
import type { Trx } from '../../db/handle.ts'
import { ORDER_STATUSES } from '../../server/domain/repair-status.ts'
import { documentNumber } from '../../server/domain/numbers.ts'
import { bringUpToDate } from '../../server/upkeep.ts'
import { filled } from './filled.ts'

export type Size = { orders: number; customers: number; notes: number }

/** The shop of `quality.md`: a million orders of 200,000 customers, 200,000 of them with a problem text. */
export const BIG: Size = { orders: 1_000_000, customers: 200_000, notes: 200_000 }
export const SMALL: Size = { orders: 1_000, customers: 200, notes: 200 }

/** Rows of one transaction while filling. */
const BATCH = 5_000

/** The SQLite file of a shop of that size. */
export const shopFile = (size: Size): Promise<string> =>
  filled({
    name: `${size.orders}-${size.customers}-${size.notes}`,
    sources: [
      'db/migrations/0001-foundation.ts',
      'db/migrations/0002-search.ts',
      'db/migrations/0003-linked-ids.ts',
      'db/migrations/0017-sorted-lists.ts',
      'db/search/search-words.ts',
      'db/search/sort-keys.ts',
      'tests/bench/big-shop.ts',
    ],
    fill: (database) => fillShop(database, size),
  })

/** Fills an empty database with such a shop. */
export async function fillShop(database: Database, { orders, customers, notes }: Size): Promise<void> {
  // While it is empty: rows that are added are in form from the beginning, and no run finds anything left to be done.
  await bringUpToDate({ database })
  const by = { actor: null, device: null, act: 'fill' }
  const catalogue = await database.write(by, addCatalogue)
  const ids: { users: number[]; devices: number[] } = { users: [], devices: [] }
  for (const [start, count] of batches(customers))
    await database.write(by, async (trx) => {
      const users = await insertMany(trx, 'user', range(start, count).map(customer))
      const devices = await insertMany(
        trx,
        'device',
        users.map((owner, index) => device(catalogue, owner, start + index)),
      )
      ids.users.push(...users)
      ids.devices.push(...devices)
    })
  for (const [start, count] of batches(orders))
    await database.write(by, async (trx) => {
      await insertMany(
        trx,
        'repair_order',
        range(start, count).map((n) => order(n, ids, n >= orders - notes)),
      )
    })
  await database.flushSearchIndex()
}

function* batches(total: number): Generator<[number, number]> {
  for (let start = 0; start < total; start += BATCH) yield [start, Math.min(BATCH, total - start)]
}
const range = (start: number, count: number) => Array.from({ length: count }, (_, index) => start + index)

const FIRST = [
  'Anna',
  'Ben',
  'Chloé',
  'Dmitri',
  'Eva',
  'Farid',
  'Grace',
  'Hana',
  'Ivan',
  'Jörg',
  'Karin',
  'Lin',
  'Mia',
  'Noor',
  'Olga',
  'Per',
]
const LAST = [
  'Müller',
  'Smith',
  'Nowak',
  'Rossi',
  'Okafor',
  'Jensen',
  'García',
  'Kowalski',
  'Tanaka',
  'Silva',
  'Novák',
  'Haddad',
  'Berg',
  'Wong',
  'Popov',
  'Lund',
  'Meyer',
]
const BRANDS = ['Apple', 'Samsung', 'Lenovo', 'Dell', 'HP', 'Google', 'Sony', 'Acer']
const WORDS = [
  'screen',
  'cracked',
  'battery',
  'does',
  'not',
  'charge',
  'keyboard',
  'water',
  'damage',
  'fan',
  'noisy',
  'hinge',
  'loose',
  'blue',
  'slow',
  'speaker',
  'camera',
  'button',
  'stuck',
  'boot',
  'loop',
  'port',
  'bent',
  'flickers',
  'overheats',
  'touch',
  'dead',
  'pixels',
  'trackpad',
  'wifi',
]

/** A number that looks random but is the same in every run. */
const scatter = (n: number, salt: number) => Math.imul(n + salt, 2_654_435_761) >>> 0
const pick = <T>(list: readonly T[], n: number, salt: number) => list[scatter(n, salt) % list.length]!

async function addCatalogue(trx: Trx) {
  const named = (name: string) => ({ name, name_key: name.toLowerCase() })
  const [type] = await insertMany(trx, 'device_type', [named('Laptop')])
  const brands = await insertMany(trx, 'brand', BRANDS.map(named))
  const models = await insertMany(
    trx,
    'model',
    brands.flatMap((brand_id) =>
      range(1, 25).map((n) => ({ brand_id, device_type_id: type!, ...named(`Model ${n}`) })),
    ),
  )
  return { type: type!, brands, models }
}

function customer(n: number): NewRow<'user'> {
  const phone = `+49 ${150 + (n % 29)} ${String(10_000_000 + n)}`
  return {
    full_name: `${pick(FIRST, n, 1)} ${pick(LAST, n, 2)} ${n}`,
    phone,
    phone_key: phone.replaceAll(' ', ''),
    role: 'customer',
    is_staff: false,
    is_active: true,
  }
}

function device(
  { type, brands, models }: { type: number; brands: readonly number[]; models: readonly number[] },
  owner_id: number,
  n: number,
): NewRow<'device'> {
  const model = scatter(n, 3) % models.length
  const serial = `SN${String(scatter(n, 4)).padStart(10, '0')}`
  return {
    device_type_id: type,
    brand_id: brands[Math.floor(model / 25)]!,
    model_id: models[model]!,
    serial_number: serial,
    serial_key: serial,
    owner_id,
  }
}

function order(
  n: number,
  { users, devices }: { users: number[]; devices: number[] },
  noted: boolean,
): NewRow<'repair_order'> {
  const who = scatter(n, 5) % users.length
  const status = ORDER_STATUSES[n % 20 === 0 ? 0 : n % 20 === 1 ? 1 : n % 20 === 2 ? 3 : 2]!
  const created_at = Date.UTC(2016, 0, 1) + n * 300_000
  return {
    ticket_number: documentNumber('S1', 'T1', n + 1),
    device_id: devices[who]!,
    customer_id: users[who]!,
    cost_cents: 1_000 + (scatter(n, 6) % 40_000),
    discount_cents: 0,
    status,
    created_at,
    ...(status === 'Completed' && { completed_at: created_at + 86_400_000 }),
    ...(noted && {
      note: range(0, 6)
        .map((word) => pick(WORDS, n * 7 + word, 8))
        .join(' '),
    }),
  }
}
