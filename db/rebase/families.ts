import { SYNCED_TABLES, type SyncedTable } from '../schema/schema.ts'
import type { OldRow, OldShop } from './old-shop.ts'

/**
 * In which order a shop that joins states its rows: what others refer to first, and what belongs together, a repair with its money,
 * a receipt with its lines, in one transaction, so that nobody ever hears of one without the other.
 */

/** Rows of one table, by whose id they belong to a family. `from` names the table `t` and whatever it leans on. */
type Member = { table: SyncedTable; family: string; from?: string; where?: string }

const whole = (table: SyncedTable): Member[] => [{ table, family: 't.id' }]
const by = (table: SyncedTable, column: string): Member => ({ table, family: `t.${column}` })
/** By a column of the row that a column leads to. */
const through = (table: SyncedTable, column: string, of: SyncedTable, family: string): Member => ({
  table,
  family: `o."${family}"`,
  from: `"${table}" t join "${of}" o on o.id = t."${column}"`,
})
const where = (member: Member, condition: string): Member => ({ ...member, where: condition })

/** One behind the other; of each the families by their ids. Shops and machines are head office's rows, and come from there. */
export const WAVES: readonly (readonly Member[])[] = [
  whole('location'),
  whole('category'),
  whole('brand'),
  whole('device_type'),
  whole('problem'),
  whole('photo'),
  whole('model'),
  whole('trade_in_price'),
  whole('trade_in_deduction'),
  [by('checklist', 'id'), by('checklist_item', 'checklist_id')],
  [by('user', 'id'), by('address', 'user_id')],
  whole('device'),
  whole('product'),
  [
    by('repair_order', 'id'),
    by('intake', 'order_id'),
    through('intake_problem', 'intake_id', 'intake', 'order_id'),
    by('assignment', 'order_id'),
    by('payment', 'order_id'),
    by('ticket_photo', 'order_id'),
    by('payment_entry', 'order_id'),
    by('order_event', 'order_id'),
  ],
  [
    by('sales_order', 'id'),
    by('sales_payment', 'order_id'),
    by('refund', 'order_id'),
    by('dispute', 'order_id'),
    by('sales_line', 'order_id'),
    by('sales_payment_entry', 'order_id'),
    through('refund_line', 'refund_id', 'refund', 'order_id'),
  ],
  [
    where(by('unit', 'id'), 't.purchase_receipt_id is null'),
    where(through('hold_release', 'unit_id', 'unit', 'id'), 'o.purchase_receipt_id is null'),
  ],
  [
    by('pickup_request', 'id'),
    by('pickup_photo', 'pickup_id'),
    by('evaluation', 'pickup_id'),
    where(by('seller_identity', 'pickup_id'), 't.receipt_id is null'),
    by('offer', 'pickup_id'),
    where(by('checklist_answer', 'pickup_id'), 't.pickup_id is not null and t.unit_id is null'),
  ],
  [
    by('receipt', 'id'),
    where(by('unit', 'purchase_receipt_id'), 't.purchase_receipt_id is not null'),
    where(by('seller_identity', 'receipt_id'), 't.receipt_id is not null'),
    by('receipt_line', 'receipt_id'),
    by('leg', 'receipt_id'),
    through('leg_share', 'leg_id', 'leg', 'receipt_id'),
    through('stock_movement', 'receipt_line_id', 'receipt_line', 'receipt_id'),
    by('declaration', 'receipt_id'),
    where(through('hold_release', 'unit_id', 'unit', 'purchase_receipt_id'), 'o.purchase_receipt_id is not null'),
  ],
  [where(by('stock_movement', 'id'), 't.receipt_line_id is null')],
  [where(by('checklist_answer', 'id'), 't.pickup_id is null or t.unit_id is not null')],
  whole('till_event'),
  whole('check_result'),
  whole('task_note'),
]

/** The rows of one family, in the order of `SYNCED_TABLES`. */
export type FamilyRows = readonly { table: SyncedTable; row: OldRow }[]

const PLACES = new Map(SYNCED_TABLES.map((table, place) => [table, place]))
const FAMILY = 'family of the row'

/** Each family once, in the order in which they are stated. */
export function* familiesOf(shop: OldShop): Generator<FamilyRows> {
  for (const wave of WAVES) {
    const members = wave.toSorted((a, b) => PLACES.get(a.table)! - PLACES.get(b.table)!)
    const open = members.map((member) => {
      const rows = shop.each(textOf(member))
      return { table: member.table, rows, next: rows.next() }
    })
    for (;;) {
      const ids = open.flatMap(({ next }) => (next.done ? [] : [Number(next.value[FAMILY])]))
      if (ids.length === 0) break
      const id = Math.min(...ids)
      const family: { table: SyncedTable; row: OldRow }[] = []
      for (const one of open)
        for (; !one.next.done && one.next.value[FAMILY] === id; one.next = one.rows.next()) {
          const { [FAMILY]: _, ...row } = one.next.value
          family.push({ table: one.table, row })
        }
      yield family
    }
  }
}

const textOf = ({ table, family, from = `"${table}" t`, where: condition = '1' }: Member) =>
  `select t.*, ${family} as "${FAMILY}" from ${from} where ${condition} order by ${family}, t.id`
