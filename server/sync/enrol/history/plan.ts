import { type Mapping, mappingOf, rowsThere } from '../../../../db/rebase/mapping.ts'
import type { OldRow, OldShop } from '../../../../db/rebase/old-shop.ts'
import type { Db } from '../../../../db/handle.ts'
import { DatabaseRefused } from '../../../../db/errors.ts'
import { SYNCED_TABLES, type SyncedTable } from '../../../../db/schema/schema.ts'
import { worksHere } from '../../core/closure.ts'

/** What joining with a history would make of the shop, for a person to look at before it begins. */

/** Who works at the shop, and who at head office may be the same person: by phone number or e-mail. */
type Colleague = {
  id: number
  full_name: string
  role: string
  same: readonly { id: number; full_name: string }[]
}

export type HistoryPlan = {
  store: { id: number; code: string; name: string }
  /** Whether the shop is the first machine of its store: its settings come along then. */
  isFirst: boolean
  /** By table: what is head office's from then on, by their names as the shop has them. */
  mapped: readonly { table: SyncedTable; names: readonly string[] }[]
  /** How many rows keep their own. */
  brought: readonly { table: SyncedTable; rows: number }[]
  people: readonly Colleague[]
  /** Who works at head office for this store. */
  office: readonly { id: number; full_name: string; role: string; everywhere: boolean }[]
}

/** Who each is at head office, by their id at the shop; null for somebody whom head office does not have. */
export type Decided = ReadonlyMap<number, number | null>

export type Place = { node: number; store: number }

export async function planOf(shop: OldShop, db: Db, { node, store }: Place): Promise<HistoryPlan> {
  const mapping = await mappingOf(shop, db, { node, store, people: new Map() })
  const [there] = (await rowsThere(db, 'store')).filter(({ id }) => id === store)
  const machines = (await rowsThere(db, 'node')).filter((row) => row['store_id'] === store && row['id'] !== node)
  const others = await Promise.all(machines.map(async (row) => row['revoked_at'] === null || (await hasSaid(db, row))))
  const office = (await rowsThere(db, 'user')).filter((row) => isAtWork(row) && reaches(row, store))
  const workers = `select * from "user" where role <> 'customer' or is_staff = 1 order by id`
  const people = [...shop.each(workers)].filter((row) => isAtWork(row))
  return {
    store: { id: store, code: String(there!['code']), name: String(there!['name']) },
    isFirst: !others.includes(true),
    mapped: MAPPED_SHOWN.map((table) => ({ table, names: namesOf(shop, table, mapping) })),
    brought: SYNCED_TABLES.map((table) => ({ table, rows: shop.count(table) - (mapping.get(table)?.size ?? 0) })),
    people: people.map((row) => ({
      id: Number(row['id']),
      full_name: String(row['full_name']),
      role: String(row['role']),
      same: office.filter((one) => isSame(one, row)).map((one) => ({ id: Number(one['id']), full_name: String(one['full_name']) })),
    })),
    office: office.map((row) => ({
      id: Number(row['id']),
      full_name: String(row['full_name']),
      role: String(row['role']),
      everywhere: row['works_at'] === null,
    })),
  }
} // oxfmt-ignore

/** Tables of which names say something. */
const MAPPED_SHOWN: readonly SyncedTable[] = [
  'location', 'category', 'brand', 'device_type', 'problem', 'model', 'trade_in_price', 'trade_in_deduction', 'checklist',
] // oxfmt-ignore

const namesOf = (shop: OldShop, table: SyncedTable, mapping: Mapping) =>
  shop
    .rows(table)
    .filter((row) => mapping.get(table)?.has(Number(row['id'])))
    .map((row) => String(row['name'] ?? row['model'] ?? row['moment']))

/** Whether anybody ever heard anything of a machine: one that is shut out and has said nothing never worked. */
const hasSaid = async (db: Db, { id }: OldRow): Promise<boolean> => {
  const said = db.selectFrom('journal').select('seq').where('origin', '=', Number(id)).limit(1)
  return (await said.executeTakeFirst()) !== undefined
}

const isAtWork = (row: OldRow) => worksHere(row) && row['deleted_at'] === null
const reaches = (row: OldRow, store: number) => row['works_at'] === null || row['works_at'] === store
const isSame = (one: OldRow, other: OldRow) =>
  ['phone_key', 'email_key'].some((key) => one[key] !== null && one[key] === other[key])

/**
 * Whether the PIN of somebody at the shop is theirs as whom head office knows them: both have the same phone number or e-mail, and it
 * opens nothing that it did not open before.
 */
export const keepsPin = (old: OldRow, there: OldRow): boolean =>
  isSame(old, there) &&
  (old['role'] === 'admin' || (old['role'] === there['role'] && Number(old['is_staff']) >= Number(there['is_staff'])))

/**
 * What was decided about the people of a plan; whom head office may have, somebody has to decide about.
 * @throws DatabaseRefused naming who is missing, or named wrongly
 */
export async function decidedBy(
  { people, store }: HistoryPlan,
  db: Db,
  said: ReadonlyMap<number, number | null>,
): Promise<Decided> {
  const unknown = [...said.keys()].find((id) => !people.some((one) => one.id === id))
  if (unknown !== undefined) throw new DatabaseRefused(`Nobody with the number ${unknown} works at this shop.`)
  const office = (await rowsThere(db, 'user')).filter((row) => isAtWork(row) && reaches(row, store.id))
  const wrong = [...said.values()].find((id) => id !== null && !office.some((row) => row['id'] === id))
  if (wrong !== undefined)
    throw new DatabaseRefused(`Nobody with the number ${wrong} works at head office for this store.`)
  const open = people.filter(({ id, same }) => same.length > 0 && !said.has(id))
  if (open.length > 0)
    throw new DatabaseRefused(
      `Say who these are at head office, or that they are somebody else (--person): ${open.map(({ id, full_name }) => `${full_name} (${id})`).join(', ')}.`,
    )
  return new Map(people.map(({ id }) => [id, said.get(id) ?? null]))
}
