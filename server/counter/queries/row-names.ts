import type { Db } from '../../../db/handle.ts'
import { rowsById } from '../../../db/queries/alike.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { deviceName } from '../../domain/text/device-name.ts'

/** What rows of any table are called, as people know them: by a name, a number, or what they belong to. */

/** The columns that say it themselves, the first that is there. */
const OWN = [
  'full_name', 'shown_as', 'name', 'ticket_number', 'receipt_number', 'number', 'text', 'code', 'serial_number',
] as const // oxfmt-ignore

/** Of these a brand goes before the name. */
const BRANDED: Partial<Record<SyncedTable, string>> = {
  model: 'name',
  product: 'name',
  pickup_request: 'model_text',
  trade_in_price: 'model',
}

/** Rows without a name of their own bear that of another, to which this column refers. */
const NAMED_AFTER: Partial<Record<SyncedTable, readonly [SyncedTable, column: string]>> = {
  device: ['model', 'model_id'],
  unit: ['product', 'product_id'],
  intake: ['repair_order', 'order_id'],
  intake_problem: ['intake', 'intake_id'],
  evaluation: ['pickup_request', 'pickup_id'],
  seller_identity: ['pickup_request', 'pickup_id'],
  checklist: ['device_type', 'device_type_id'],
}

/** A row, or what somebody says that it is: then its values may be anything. */
type Named = { id: number; values: Readonly<Record<string, unknown>> }

/** By id; rows of which nothing is known are left out. */
export async function namesOf(db: Db, table: SyncedTable, rows: readonly Named[]): Promise<Map<number, string>> {
  if (table === 'sales_order') return new Map(rows.map(({ id }) => [id, `ORD${id}`]))
  const said = BRANDED[table]
  const after = NAMED_AFTER[table]
  if (said) {
    const brands = await named(db, 'brand', 'brand_id', rows)
    return called(rows, ({ values }) =>
      deviceName({
        brand: brands.get(Number(values['brand_id'])) ?? '',
        model: textIn(values[said]),
        storage: textIn(values['storage']),
      }),
    )
  }
  if (!after) return called(rows, ({ values }) => OWN.map((column) => textIn(values[column])).find(Boolean) ?? '')
  const others = await named(db, ...after, rows)
  return called(rows, ({ values }) =>
    [others.get(Number(values[after[1]])), textIn(values['serial_number'])].filter(Boolean).join(' · '),
  )
}

/** The names of those that the rows refer to by this column, by their ids. */
async function named(db: Db, table: SyncedTable, column: string, rows: readonly Named[]) {
  // What waits may name anything: PostgreSQL refuses a number that is no id.
  const ids = rows.flatMap(({ values }) => (Number.isSafeInteger(values[column]) ? [Number(values[column])] : []))
  return await namesOf(db, table, await rowsById(db, table, [...new Set(ids)]))
}

const called = (rows: readonly Named[], nameOf: (row: Named) => string) =>
  new Map(rows.map((row): [number, string] => [row.id, nameOf(row)]).filter(([, name]) => name !== ''))

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '')
