import type { Database } from '../../../../db/database.ts'
import { DatabaseRefused } from '../../../../db/errors.ts'
import type { Db, Trx } from '../../../../db/handle.ts'
import { copyJournal, sealArchive } from '../../../../db/journal/archive.ts'
import { patch } from '../../../../db/rows.ts'
import { type Bringing, bringOwn, bringRows, goOnCounting, proposeRows } from '../../../../db/rebase/bring-rows.ts'
import { mappingOf, rowsThere } from '../../../../db/rebase/mapping.ts'
import { type OldRow, openOldShop, type OldShop } from '../../../../db/rebase/old-shop.ts'
import { openIds } from '../../../../db/rebase/rebased.ts'
import type { SyncedTable } from '../../../../db/schema/schema.ts'
import type { StoreTable } from '../../../../db/schema/shop-tables.ts'
import { seal, unseal } from '../../../http/auth/sealed.ts'
import { worksHere } from '../../core/closure.ts'
import type { Enrolled } from '../../wire.ts'
import type { Joining } from '../join.ts'
import { refuseTooLarge } from './goes-up.ts'
import { type Decided, type HistoryPlan, keepsPin, type Place, planOf } from './plan.ts'

/**
 * A shop that has worked alone becomes a terminal of a head office with all that it has. Its rows get ids of the new node and are
 * stated anew in a chain of its own; what head office has too is head office's (`mappingOf`); its journal stays as an archive; its file is only read.
 */

export type HistoryOptions = {
  /** The file of the shop, which nobody serves. */
  file: string
  enrolled: Enrolled
  /** Is shown what would become of the shop, and says who its people are at head office. @throws to leave everything as it is */
  decide: (plan: HistoryPlan, db: Db) => Promise<Decided>
  /** Of this machine's secret, by which passcodes are sealed. */
  derive: (purpose: string) => Buffer
  signal: AbortSignal
  progress: (so: Joining) => void
}

/** The history of a machine that joins (`prepareTerminal`). */
export function historyOf({ file, enrolled, decide, derive, signal, progress }: HistoryOptions) {
  const place = { node: Number(enrolled.node['id']), store: Number(enrolled.store['id']) }
  return {
    begin: (staged: string) => copyJournal({ from: file, to: staged, node: place.node }),
    bring: async (database: Database) => {
      const shop = openOldShop(file)
      try {
        refuseOther(shop, enrolled)
        const plan = await planOf(shop, database.db, place)
        const decided = await decide(plan, database.db)
        const bringing = await bringingOf(shop, database.db, { place, decided, enrolled, derive })
        const count = (rows: number) => progress({ step: 'bringing', heard: rows })
        count(0)
        const all = { ...bringing, signal, progress: count }
        await bringRows(database, shop, all)
        await proposeRows(database, shop, all)
        await bringOwn(database, shop, all, async (trx) => {
          await sealArchive(trx, place.node)
          await goOnCounting(trx, shop, `${plan.store.code}-${enrolled.node['terminal']}`)
          if (plan.isFirst) await bringSettings(trx, shop, place.store)
        })
        await refuseTooLarge(database.db, signal)
      } finally {
        shop.close()
      }
    },
  }
}

/** @throws DatabaseRefused for a shop that is a part of a fleet already, or of another currency */
function refuseOther(shop: OldShop, { store }: Enrolled) {
  const [self] = shop.rows('self')
  const [own] = shop.rows('store')
  if (self?.['role'] !== 'alone' || self['node_id'] !== 0)
    throw new DatabaseRefused('This database is not of a shop that works alone: it cannot join with what it has.')
  if (own?.['currency'] !== store['currency'])
    throw new DatabaseRefused(
      `This shop reckons in ${own?.['currency']}, head office in ${store['currency']}: all stores of an organisation have one currency.`,
    )
}

type Basis = { place: Place; decided: Decided; enrolled: Enrolled; derive: HistoryOptions['derive'] }

async function bringingOf(
  shop: OldShop,
  db: Db,
  { place, decided, enrolled, derive }: Basis,
): Promise<Omit<Bringing, 'signal' | 'progress'>> {
  const people = new Map([...decided].flatMap(([old, id]) => (id === null ? [] : [[old, id] as const])))
  const mapped = await mappingOf(shop, db, { ...place, people })
  const idOf = openIds(place.node, mapped)
  const slugs = new Set((await rowsThere(db, 'location')).flatMap((row) => (row['deleted_at'] === null ? [row['slug']] : [])))
  const suffix = String(enrolled.store['code']).toLowerCase()
  const seen = new Set<string>()
  const workers = new Map(shop.rows('user').filter(({ id }) => people.has(Number(id))).map((row) => [row['id'], row]))
  const office = new Map((await rowsThere(db, 'user')).map((row) => [row['id'], row]))
  const whose = (old: number) => {
    const id = people.get(old)
    if (id === undefined) return 'own'
    return keepsPin(workers.get(old)!, office.get(id)!) ? 'known' : 'other'
  }
  return {
    by: { actor: await hostOf(db, enrolled, people), device: null, act: 'join with a history' },
    node: place.node,
    mapped,
    idOf,
    changed: (table, row) => changed(table, row, { store: place.store, slugs, suffix }),
    own: (table, row, old) => {
      const user = Number(old['user_id'])
      if (table === 'credential') return credentialOf(row, whose(user), seen)
      // What somebody had under way as another person than the one they are now.
      if ((table === 'idempotency_key' || table === 'claim_code') && people.has(user)) return null
      if (table === 'claim_code') return { ...row, sent_at: null }
      if (table === 'passcode') return resealed(row, old, derive('passcode'))
      return row
    },
  }
} // oxfmt-ignore

/**
 * In whose name the shop is brought: head office takes in who works here by the word of an admin. Who gave out the code, else an
 * admin whom the shop has too, else the first that there is.
 */
async function hostOf(db: Db, { invited_by }: Enrolled, people: ReadonlyMap<number, number>): Promise<number | null> {
  const admins = (await rowsThere(db, 'user'))
    .filter((row) => row['role'] === 'admin' && row['is_active'] === 1 && row['deleted_at'] === null && row['works_at'] === null)
    .map(({ id }) => Number(id))
  const known = new Set(people.values())
  return [invited_by ?? -1, ...admins.filter((id) => known.has(id)), ...admins].find((id) => admins.includes(id)) ?? null
} // oxfmt-ignore

type Changing = { store: number; slugs: ReadonlySet<unknown>; suffix: string }

/** Who works at the shop works there and nowhere else; a place of goods is called otherwise than any of head office's. */
function changed(table: SyncedTable, row: OldRow, { store, slugs, suffix }: Changing): OldRow {
  if (table === 'user' && worksHere(row)) return { ...row, works_at: store }
  if (table === 'location' && row['deleted_at'] === null && slugs.has(row['slug'])) return { ...row, slug: `${row['slug']}-${suffix}` }
  return row
} // oxfmt-ignore

/**
 * Who is known at head office has a password there, and keeps the PIN of this counter, but where it may be another's or would
 * open more than it did; everybody else keeps both, and head office is told of the password.
 */
function credentialOf(row: OldRow, whose: 'known' | 'other' | 'own', seen: Set<string>): OldRow | null {
  const user = String(row['user_id'])
  if (whose === 'other') return null
  if (seen.has(user)) return null // Two people of the shop are one at head office.
  seen.add(user)
  return whose === 'own'
    ? { ...row, parent_version: null }
    : { ...row, password_hash: null, version: null, parent_version: null }
}

/** A passcode is sealed for its repair alone. One that another secret has sealed opens for nobody any more, and is left behind. */
function resealed(row: OldRow, old: OldRow, key: Buffer): OldRow | null {
  try {
    const passcode = unseal(String(old['cipher']), key, String(old['order_id']))
    return { ...row, cipher: seal(passcode, key, String(row['order_id'])) }
  } catch {
    return null
  }
}

/** What the shop has set itself; its code, name and currency are head office's to say. */
const SETTINGS = [
  'time_zone', 'country', 'tax_mode', 'tax_rate', 'former_taxes', 'phone', 'address', 'tax_number', 'opening_hours', 'terms',
  'public_address', 'rules',
] as const satisfies readonly (keyof StoreTable)[] // oxfmt-ignore

async function bringSettings(trx: Trx, shop: OldShop, store: number): Promise<void> {
  const [own = {}] = shop.rows('store')
  const said = SETTINGS.flatMap((column) => (own[column] == null ? [] : [[column, own[column]] as const]))
  await patch(trx, 'store', store, Object.fromEntries(said))
}
