import type { Grade } from '../../server/domain/grade.ts'
import type { PickupStatus } from '../../server/domain/pickup-status.ts'
import type { SalesStatus } from '../../server/domain/sales-status.ts'
import type { Bit, Synced } from './synced.ts'

/** The tables of the store: catalogue and stock, sales with their money, trade-ins. */

export type CategoryTable = Synced & {
  /** `phones`: its id in the store API. */
  slug: string
  /** `Phone`: its name in filters and imports. */
  name: string
  name_key: string
  /** `Phones`. */
  shown_as: string
  icon: string | null
}

/** Where products lie and who sends them; `slug` is its id in the store API. */
export type LocationTable = Synced & { slug: string; name: string; code: string; hub_name: string }

/** A picture kept by the hash of its bytes, re-encoded by us. */
export type PhotoTable = Synced & { sha256: string; width: number; height: number; bytes: number }

export type ProductTable = Synced & {
  category_id: number
  brand_id: number
  location_id: number | null
  model: string
  name: string
  description: string | null
  condition: Grade
  price_cents: number
  original_price_cents: number
  /** How far below the original price, in tenths of a percent; 0 where it is not. */
  discount_tenths: number
  /** 0 to 500. */
  rating_hundredths: number
  reviews: number
  /** Our own picture; else `image` is an address elsewhere. */
  photo_id: number | null
  image: string | null
  /** JSON list of sentences. */
  highlights: string
  /** JSON list of the cities that it is sold in. */
  cities: string
  /** The same folded, each between bars: `|vancouver|ottawa|`. */
  city_keys: string
  /** Whether every piece has a serial number of its own. */
  serialised: Bit
  source_key: string | null
  /** 0 keeps it out of the web shop, 1 shows it; null shows what has a price and more than units on hold. */
  web: Bit | null
}

/** One piece of a serialised product. Whether it is in stock is the sum of its movements. */
export type UnitTable = Synced & {
  product_id: number
  serial_number: string | null
  serial_key: string | null
  condition: Grade
  cost_cents: number | null
  origin: 'purchase' | 'trade-in' | 'return' | 'other'
  note: string | null
  /** The device that it was before, and the purchase that brought it. */
  device_id: number | null
  purchase_receipt_id: number | null
  /** Nobody sells or moves it before this instant, unless an admin lets it go. */
  hold_until: number | null
}

/** Pieces that came or went, append-only: the stock of a product is the sum. */
export type StockMovementTable = Synced & {
  product_id: number
  unit_id: number | null
  order_id: number | null
  /** Above 0 what came, below 0 what went. */
  quantity: number
  kind: 'receipt' | 'sale' | 'return' | 'count' | 'write-off' | 'trade-in' | 'purchase-return'
  note: string | null
  actor_id: number | null
  receipt_line_id: number | null
}

export type AddressTable = Synced & {
  user_id: number
  full_name: string
  phone_number: string
  address_line1: string
  address_line2: string | null
  city: string
  state: string
  postal_code: string
  country: string
  is_default: Bit
}

export type SalesOrderTable = Synced & {
  user_id: number
  status: SalesStatus
  subtotal_cents: number
  tax_cents: number
  shipping_fee_cents: number
  total_cents: number
  /** ISO 4217. */
  currency: string
  /** `card` for Stripe; the client's word otherwise, to be paid at the counter. */
  payment_method: string
  notes: string | null
  /** JSON object as the client sent it. */
  shipping_address: string | null
  /** When an unpaid order gives its stock back; null for one that waits as long as it takes. */
  expires_at: number | null
  /** Why it was cancelled: not paid in time, by an admin, or because its payment could not even begin. */
  cancel_reason: 'expired' | 'admin' | 'undone' | 'payment' | null
}

export type SalesLineTable = Synced & {
  order_id: number
  product_id: number
  title: string
  unit_price_cents: number
  qty: number
  line_total_cents: number
  /** How many of them lay in the customer's cart before. */
  from_cart: number
}

/** What is to be paid for a sale by card; the money that moved is in its entries. */
export type SalesPaymentTable = Synced & {
  order_id: number
  method: string
  amount_cents: number
  currency: string
  /**
   * Stripe's word for the intent, or one of ours: `intended` before Stripe is asked, `unanswered` when it was asked in vain,
   * `abandoned` when there is nothing at Stripe to be paid.
   */
  status: string
  intent_id: string | null
  /** Our idempotency key towards Stripe. */
  intent_key: string | null
  /** There is money on it that somebody must pay back. */
  refund_due: Bit
  /**
   * Why: it came too late, for an order that was paid otherwise, is not the amount or currency of the order, or a
   * refund came back. `late` and `twice` outlive what is due: they say what the money was.
   */
  trouble: 'late' | 'twice' | 'amount' | 'currency' | 'refund-failed' | null
  /** When Stripe was last asked about it. */
  checked_at: number | null
}

/** Money that moved for a sale, append-only: charges above 0, refunds and disputed money below, and what came back. */
export type SalesPaymentEntryTable = Synced & {
  payment_id: number
  order_id: number
  amount_cents: number
  kind: 'charge' | 'refund' | 'refund-failed' | 'dispute' | 'dispute-won'
  /** Stripe's id of what moved it, of which there is one entry of a kind; at the desk the terminal's, or the refund's key. */
  reference: string | null
  actor_id: number | null
  /** Of money at the desk, since it has receipts: their number, and the tax that they state, as those of repairs do. */
  receipt_number: string | null
  tax: string | null
  /** What the customer handed over in cash, where it was noted. */
  tendered_cents: number | null
}

export type RefundTable = Synced & {
  order_id: number
  payment_id: number
  amount_cents: number
  reason: string | null
  /** `intended` until Stripe has answered. */
  status: 'intended' | 'pending' | 'succeeded' | 'failed'
  /** Stripe's word for why it failed. */
  failure: string | null
  /** Whether its lines say what goes back to stock; else everything does once all of the money is back. */
  restocks: 0 | 1
  /** Stripe's; null until it has answered, and for one that went back outside Stripe, which has `succeeded` all the same. */
  refund_id: string | null
  /** Our idempotency key towards Stripe. */
  request_key: string
  checked_at: number | null
  actor_id: number | null
}

/** What goes back to stock with a refund. */
export type RefundLineTable = Synced & { refund_id: number; product_id: number; qty: number }

export type DisputeTable = Synced & {
  order_id: number
  payment_id: number
  dispute_id: string
  amount_cents: number
  reason: string | null
  /** Stripe's word. */
  status: string
  evidence_due_at: number | null
  checked_at: number | null
}

export type PickupRequestTable = Synced & {
  user_id: number
  brand_id: number
  model_text: string
  storage: string | null
  condition: Grade
  additional_info: string | null
  /** JSON object. */
  address: string | null
  scheduled_at: number | null
  deposit_amount_cents: number | null
  status: PickupStatus
  notes: string | null
  estimated_price_cents: number | null
  /** Where it was asked for; null, of before the counter made any, for the web. */
  channel: 'web' | 'counter' | null
  /** The device, once it was seen. */
  device_id: number | null
  /** The ticket that became this offer. */
  order_id: number | null
  /** What the customer said yes or no to. */
  answered_offer_cents: number | null
  collected_at: number | null
  /** When the customer last said yes or no. */
  answered_at: number | null
  /** When a device that nobody bought went back to its owner. */
  given_back_at: number | null
}

export type PickupPhotoTable = Synced & { pickup_id: number; photo_id: number; position: number }

export type EvaluationTable = Synced & {
  pickup_id: number
  tester_id: number
  final_offer_cents: number
  notes: string | null
  evaluation_cost_cents: number | null
  /** JSON object. */
  diagnostics: string | null
  /** JSON list of words. */
  parts_replaced: string | null
}

/** What the shop pays for a model; `storage` null is any. Valid from and until an instant, null without end. */
export type TradeInPriceTable = Synced & {
  brand_id: number
  model: string
  model_key: string
  storage: string | null
  storage_key: string
  condition: Grade
  price_cents: number
  valid_from: number | null
  valid_until: number | null
}

/** What is taken off for a fault: an amount or tenths of a percent. */
export type TradeInDeductionTable = Synced & {
  name: string
  name_key: string
  amount_cents: number | null
  percent_tenths: number | null
  valid_from: number | null
  valid_until: number | null
}
