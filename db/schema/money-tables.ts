import type { Synced } from './synced.ts'

/** The documents of money (data-model.md 2): append-only facts. Purchases fill them; each amount in cents. */

export type ReceiptKind = 'purchase'

export type ReceiptTable = Synced & {
  /** `S1-T1-P000001`, dense in its series. */
  number: string
  kind: ReceiptKind
  customer_id: number | null
  cashier_id: number
  /** When work on it began. */
  started_at: number
  /** Above 0 what the shop takes, below what it pays. */
  total_cents: number
  /** ISO 4217. */
  currency: string
  tax_mode: 'included' | 'added' | 'none'
  /** What this one takes back. */
  original_id: number | null
  approved_by: number | null
  surface: 'counter'
  note: string | null
  /** The Idempotency-Key of the request that made it: sent again, by whomever, it answers this one. */
  request_key: string | null
}

export type ReceiptLineTable = Synced & {
  receipt_id: number
  position: number
  kind: 'bought-unit'
  /** A request has one purchase at most that is not undone. */
  pickup_id: number | null
  product_id: number | null
  unit_id: number | null
  ticket_id: number | null
  web_order_id: number | null
  original_line_id: number | null
  title: string
  qty: number
  unit_price_cents: number
  list_price_cents: number
  line_discount_cents: number
  receipt_discount_cents: number
  gross_cents: number
  net_cents: number
  tax_cents: number
  /** Parts per million. */
  rate_ppm: number
  /** `outside`: no tax is due on what the shop buys in. */
  scheme: 'normal' | 'margin' | 'outside'
  margin_tax_cents: number | null
  cost_cents: number | null
  reason: string | null
  goes_to: 'shelf' | 'bench' | 'write-off' | 'supplier' | null
}

/** How a receipt was settled: its legs come to its total. */
export type LegTable = Synced & {
  receipt_id: number
  method: 'cash' | 'transfer'
  /** Above 0 to the shop. */
  amount_cents: number
  tendered_cents: number | null
  change_cents: number | null
  reference: string | null
  sales_payment_id: number | null
  purchase_receipt_id: number | null
}

/** How much of a leg settles which line, by `spread`. */
export type LegShareTable = Synced & { leg_id: number; line_id: number; amount_cents: number }

/** What was done at the till besides documents. */
export type TillEventTable = Synced & {
  /**
   * `print` is the first time that a paper came out, `reprint` each later one. `other-owner`: the seller of a purchase is not the
   * owner on file, was asked about it, and who bought the device let it go.
   */
  kind: 'identity-shown' | 'print' | 'reprint' | 'other-owner'
  user_id: number
  document_id: number | null
  amount_cents: number | null
  text: string | null
}
