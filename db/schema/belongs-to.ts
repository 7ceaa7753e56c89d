import type { Schema, SyncedTable } from './schema.ts'

/**
 * By which columns a new row belongs to another row, and so to its store: the first of them that is not empty. At a terminal all is of
 * its own store; head office writes about those of all stores, and what it writes is heard where the row that it is about is heard.
 * A table that is not here has rows of the machine's own store: who comes in, what is taken in, the papers of its till.
 */
export const BELONGS_TO: {
  readonly [T in SyncedTable]?: readonly (readonly [column: keyof Schema[T] & string, table: SyncedTable])[]
} = {
  address: [['user_id', 'user']],
  intake: [['order_id', 'repair_order']],
  intake_problem: [['intake_id', 'intake']],
  assignment: [['order_id', 'repair_order']],
  payment: [['order_id', 'repair_order']],
  payment_entry: [
    ['order_id', 'repair_order'],
    ['payment_id', 'payment'],
  ],
  ticket_photo: [['order_id', 'repair_order']],
  order_event: [['order_id', 'repair_order']],
  sales_line: [['order_id', 'sales_order']],
  sales_payment: [['order_id', 'sales_order']],
  sales_payment_entry: [
    ['order_id', 'sales_order'],
    ['payment_id', 'sales_payment'],
  ],
  refund: [['order_id', 'sales_order']],
  refund_line: [['refund_id', 'refund']],
  dispute: [['order_id', 'sales_order']],
  pickup_photo: [['pickup_id', 'pickup_request']],
  evaluation: [['pickup_id', 'pickup_request']],
  offer: [['pickup_id', 'pickup_request']],
  checklist_answer: [
    ['pickup_id', 'pickup_request'],
    ['order_id', 'repair_order'],
    ['unit_id', 'unit'],
  ],
  seller_identity: [
    ['receipt_id', 'receipt'],
    ['pickup_id', 'pickup_request'],
  ],
  receipt_line: [['receipt_id', 'receipt']],
  leg: [['receipt_id', 'receipt']],
  leg_share: [['leg_id', 'leg']],
  declaration: [['receipt_id', 'receipt']],
  hold_release: [['unit_id', 'unit']],
}
