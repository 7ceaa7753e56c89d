import { deletionsThatLost, suspectsOf } from '../../../db/fleet/conflicts.ts'
import type { Db } from '../../../db/handle.ts'
import { rowsById } from '../../../db/queries/alike.ts'
import type { SuspectKind } from '../../../db/schema/fleet-tables.ts'
import { overpaid } from '../../shop/repairs/payments.ts'
import { paidTwice } from '../../shop/sales/order-outcome.ts'
import { stockBelowZero, unitsTwice } from '../../shop/stock/odd-stock.ts'
import { overtakenOffers } from '../../shop/trade-ins/overtaken.ts'
import { namesOf } from '../queries/row-names.ts'
import { type Finder, type Found, MOST, task } from './task.ts'
import { COMING_BACK } from './tasks.contract.ts'

/**
 * What two machines did that did not know of each other, and what no machine can put right by itself. Where it was suspected is
 * noted as their ops are applied; here it is looked at whether it is so still.
 */

type About = Found['about']['about_entity']
type Row = { id: number; device: string; created_at: number; device_id?: number | null; price_cents?: number | null }

/** Suspects of a kind that are odd still, each as a task with what `odd` says of it. */
async function oddOnes<T>(
  db: Db,
  [suspect, kind, about_entity]: readonly [SuspectKind, Found['kind'], About],
  offset: number,
  oddOf: (ids: readonly number[]) => Promise<ReadonlyMap<number, T>>,
  tell: (odd: T) => { facts: string; price_cents?: number | null },
): ReturnType<Finder> {
  const ids = await suspectsOf(db, suspect, MOST, offset)
  const odd = await oddOf(ids)
  const rows = await rowsOf(db, about_entity, [...odd.keys()])
  const found = rows.map(({ id, created_at, ...row }) =>
    task(kind, created_at, { about: { about_entity, about_id: id }, ...row, ...tell(odd.get(id)!) }),
  )
  return { found, areMore: ids.length === MOST }
}

/** A note of a task holds so much. */
const factsOf = (all: readonly unknown[]) => all.join(' ').slice(0, 200)

/** Repairs and orders of the web shop of which more was paid than they come to. */
export async function paidTwiceHere(db: Db, offset: number): ReturnType<Finder> {
  const repairs = await oddOnes(
    db,
    ['repair-paid-twice', 'paid-twice', 'repair_order'],
    offset,
    (ids) => overpaid(db, ids),
    (cents) => ({ facts: String(cents), price_cents: cents }),
  )
  const sales = await oddOnes(
    db,
    ['sale-paid-twice', 'paid-twice', 'sales_order'],
    offset,
    (ids) => paidTwice(db, ids),
    (payments) => ({ facts: factsOf(payments) }),
  )
  return { found: [...repairs.found, ...sales.found], areMore: repairs.areMore || sales.areMore }
}

/** Products of which more went than there were. */
export const stockMissing = (db: Db, offset: number): ReturnType<Finder> =>
  oddOnes(
    db,
    ['stock-below-zero', 'stock-below-zero', 'product'],
    offset,
    (ids) => stockBelowZero(db, ids),
    (stores) => ({ facts: factsOf(stores.map(({ store_id, quantity }) => `${store_id}:${quantity}`)) }),
  )

/** Units that were sold or bought twice. */
export const unitsFoundTwice = (db: Db, offset: number): ReturnType<Finder> =>
  oddOnes(
    db,
    ['unit-twice', 'unit-twice', 'unit'],
    offset,
    (ids) => unitsTwice(db, ids),
    (others) => ({ facts: factsOf(others) }),
  )

/** Requests whose customer has answered another offer than the one that stands. */
export const offersOvertaken = (db: Db, offset: number): ReturnType<Finder> =>
  oddOnes(
    db,
    ['offer-overtaken', 'offer-overtaken', 'pickup_request'],
    offset,
    (ids) => overtakenOffers(db, ids),
    ({ answered_cents, standing_cents }) => ({
      facts: `${answered_cents} ${standing_cents ?? '-'}`,
      price_cents: answered_cents,
    }),
  )

/** Rows that were deleted and are there again, for somebody went on with them who did not know. */
export async function cameBack(db: Db, offset: number): ReturnType<Finder> {
  const deletions = await deletionsThatLost(db, MOST, offset)
  const found: Found[] = []
  for (const { entity, row_id, lost } of deletions) {
    const about_entity = COMING_BACK.find((table) => table === entity)
    const [row] = about_entity ? await rowsOf(db, about_entity, [row_id]) : []
    if (!about_entity || !row) continue
    const { origin, epoch, seq } = lost.clock
    const about = { about_entity, about_id: row_id }
    found.push(task('came-back', lost.at ?? row.created_at, { about, facts: `${origin}/${epoch}/${seq}`, device: row.device })) // oxfmt-ignore
  }
  return { found, areMore: deletions.length === MOST }
}

async function rowsOf(db: Db, table: About, ids: readonly number[]): Promise<Row[]> {
  if (table === 'buy_in_draft') return []
  const rows = await rowsById(db, table, ids)
  const names = await namesOf(db, table, rows)
  return rows.map(({ id, values }) => {
    const device = table === 'device' ? id : values['device_id']
    const device_id = typeof device === 'number' ? device : null
    return { id, device: names.get(id) ?? '–', created_at: Number(values['created_at']), device_id }
  })
}
