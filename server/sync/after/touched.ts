import type { Db } from '../../../db/handle.ts'
import type { CommittedRow } from '../../../db/database.ts'
import { idIn, idListParameter } from '../../../db/queries/id-list.ts'

/** What ops of others were about, beyond their own rows: a payment is about its order. */

/** Ids by what follows is worked out for. */
export type About = { repairs: number[]; sales: number[]; products: number[]; units: number[]; requests: number[] }

/** Rows whose columns name what they are about. */
const NAMES = {
  payment: { repairs: 'order_id' },
  payment_entry: { repairs: 'order_id' },
  sales_line: { sales: 'order_id' },
  sales_payment: { sales: 'order_id' },
  sales_payment_entry: { sales: 'order_id' },
  refund: { sales: 'order_id' },
  stock_movement: { sales: 'order_id', products: 'product_id', units: 'unit_id' },
  offer: { requests: 'pickup_id' },
  evaluation: { requests: 'pickup_id' },
} as const satisfies Partial<Record<string, Partial<Record<keyof About, string>>>>

const SELVES: Partial<Record<string, keyof About>> = {
  repair_order: 'repairs',
  sales_order: 'sales',
  unit: 'units',
  pickup_request: 'requests',
}

const isNaming = (table: string): table is keyof typeof NAMES => table in NAMES

/** What these rows are about, each once and in ascending order. */
export async function aboutOf(db: Db, rows: readonly CommittedRow[]): Promise<About> {
  const found: Record<keyof About, Set<number>> = {
    repairs: new Set(),
    sales: new Set(),
    products: new Set(),
    units: new Set(),
    requests: new Set(),
  }
  for (const [table, some] of Map.groupBy(rows, ({ entity }) => entity)) {
    const ids = some.map(({ id }) => id)
    const self = SELVES[table]
    if (self) for (const id of ids) found[self].add(id)
    if (!isNaming(table)) continue
    const named = await rowsNaming(db, table, ids)
    for (const [what, column] of Object.entries(NAMES[table]) as [keyof About, string][])
      for (const row of named) {
        const id = row[column]
        if (typeof id === 'number') found[what].add(id)
      }
  }
  const inOrder = (ids: Set<number>) => [...ids].toSorted((a, b) => a - b)
  return {
    repairs: inOrder(found.repairs),
    sales: inOrder(found.sales),
    products: inOrder(found.products),
    units: inOrder(found.units),
    requests: inOrder(found.requests),
  }
}

type Naming = Record<string, number | null>

async function rowsNaming(db: Db, table: keyof typeof NAMES, ids: readonly number[]): Promise<Naming[]> {
  if (ids.length === 0) return []
  const some = idIn(db, 'id', idListParameter(db, ids))
  if (table === 'stock_movement')
    return await db.selectFrom(table).select(['order_id', 'product_id', 'unit_id']).where(some).execute()
  if (table === 'offer' || table === 'evaluation')
    return await db.selectFrom(table).select('pickup_id').where(some).execute()
  return await db.selectFrom(table).select('order_id').where(some).execute()
}
