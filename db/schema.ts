import type { JournalHeader } from '../server/domain/chain.ts'
import type { OrderStatus, PaymentStatus } from '../server/domain/repair-status.ts'
import type { Grade } from '../server/domain/grade.ts'
import type { PickupStatus } from '../server/domain/pickup-status.ts'
import type { SalesStatus } from '../server/domain/sales-status.ts'

/**
 * Every table as Kysely sees it. Instants are ms since 1970 UTC, booleans 0 or 1, money integer minor units in columns
 * ending `_cents`, JSON is text. Ids are minted by `rows.ts`: node · 2^32 + n.
 */

/** What every synced table carries from its first migration. */
export type Synced = {
  id: number
  store_id: number
  created_at: number
  updated_at: number
  deleted_at: number | null
}

type Bit = 0 | 1

export type StoreTable = Synced & {
  /** `S1`, the store's part of every number it gives out. */
  code: string
  name: string
  /** ISO 4217. */
  currency: string
  /** IANA. */
  time_zone: string
  tax_mode: 'included' | 'added' | 'none'
  /** Basis points. */
  tax_rate: number
  phone: string | null
  address: string | null
  tax_number: string | null
  opening_hours: string | null
  /** What customers agree to, as the papers print it; null for the program's own words. */
  terms: string | null
  /** JSON list of the tax rules before this one, oldest first: `{ until, mode, rate }`. */
  former_taxes: string | null
  /** Null until set-up was done. */
  set_up_at: number | null
}

/** A database: a terminal or head office. `is_self` marks this one; its head of the journal moves with every write. */
export type NodeTable = Synced & {
  name: string
  /** `T1`; after a restore `T1B`. */
  terminal: string
  is_self: Bit
  epoch: number
  seq: number
  chain: string
  hlc: string | null
}

export type UserTable = Synced & {
  full_name: string
  phone: string | null
  phone_key: string | null
  email: string | null
  email_key: string | null
  profile_picture: string | null
  role: 'customer' | 'evaluator' | 'admin'
  is_staff: Bit
  is_active: Bit
  source_key: string | null
}

export type NamedTable = Synced & { name: string; name_key: string; description: string | null }

/** `starter` is 1 for a brand that came with the new database, until somebody adds it themselves. */
export type BrandTable = NamedTable & { starter: Bit | null }

export type ModelTable = Synced & { brand_id: number; device_type_id: number; name: string; name_key: string }

export type DeviceTable = Synced & {
  brand_id: number
  model_id: number
  device_type_id: number
  serial_number: string | null
  serial_key: string | null
  owner_id: number | null
  notes: string | null
  source_key: string | null
}

export type RepairOrderTable = Synced & {
  ticket_number: string
  /** Who took it in; null for an import. */
  opened_by: number | null
  device_id: number
  customer_id: number
  problem_id: number | null
  cost_cents: number
  discount_cents: number
  note: string | null
  status: OrderStatus
  estimated_completion_date: number | null
  completed_at: number | null
  /** When the device left the shop; null while it is here. */
  picked_up_at: number | null
  source_key: string | null
}

/** What was noted when the device was taken in; one row for an order made at the counter. */
export type IntakeTable = Synced & {
  order_id: number
  /** JSON list of words. */
  accessories: string
  /** JSON object, part → condition. */
  condition: string
  terms_accepted: Bit
  signature: string | null
}

/** A fault that was named at an intake, in the order of their ids. */
export type IntakeProblemTable = Synced & { intake_id: number; problem_id: number }

export type AssignmentTable = Synced & { order_id: number; user_id: number; assigned_at: number }

export type PaymentTable = Synced & {
  order_id: number
  due_amount_cents: number
  status: PaymentStatus
  payment_method: string | null
  transaction_id: string | null
  receipt_number: string | null
  paid_at: number
}

/** Money that moved, append-only: what a payment holds is the sum of its entries. */
export type PaymentEntryTable = Synced & {
  payment_id: number
  order_id: number
  amount_cents: number
  kind: 'payment' | 'correction' | 'removal'
  actor_id: number | null
}

/** What happened to an order besides payments, append-only. */
export type OrderEventTable = Synced & {
  order_id: number
  kind: string
  actor_id: number | null
  /** Whom it was given to or taken from. */
  user_id: number | null
  text: string | null
  from_value: string | null
  to_value: string | null
}

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
}

/** Pieces that came or went, append-only: the stock of a product is the sum. */
export type StockMovementTable = Synced & {
  product_id: number
  unit_id: number | null
  order_id: number | null
  /** Above 0 what came, below 0 what went. */
  quantity: number
  kind: 'receipt' | 'sale' | 'return' | 'count' | 'write-off'
  note: string | null
  actor_id: number | null
}

export type CartTable = Synced & { user_id: number }
export type CartItemTable = Synced & { cart_id: number; product_id: number; qty: number }

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
  /** When an unpaid order gives its stock back; null for one that is paid at the counter. */
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
  /** Why: it came too late, is not the amount or currency of the order, or a refund came back. */
  trouble: 'late' | 'amount' | 'currency' | 'refund-failed' | null
  /** When Stripe was last asked about it. */
  checked_at: number | null
}

/** Money that moved for a sale, append-only: charges above 0, refunds and disputed money below, and what came back. */
export type SalesPaymentEntryTable = Synced & {
  payment_id: number
  order_id: number
  amount_cents: number
  kind: 'charge' | 'refund' | 'refund-failed' | 'dispute' | 'dispute-won'
  /** Stripe's id of what moved it; there is one entry of a kind for each. */
  reference: string | null
  actor_id: number | null
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

/** A webhook as it was received; each event id is applied once. */
export type StripeEventTable = Synced & {
  event_id: string
  type: string
  object_id: string | null
  happened_at: number
  order_id: number | null
  outcome: 'applied' | 'other-mode' | 'unknown-type' | 'unknown-order' | 'unreadable' | 'to-ask'
  /** JSON, without names and addresses. */
  payload: string
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

/** The journal and op log. Written by `journal.ts` alone. */
export type JournalTable = JournalHeader & {
  kind: 'put' | 'patch' | 'del' | 'event' | 'erase'
  before: string | null
  after: string | null
  salt: string | null
  digest: string
  chain: string
}

// Below: this machine's own, never synced, never in the journal.

export type CredentialTable = {
  user_id: number
  password_hash: string | null
  pin_hash: string | null
  updated_at: number
}

export type SessionTable = {
  id: string
  user_id: number
  surface: 'v1' | 'api' | 'counter'
  /** sha256 of the refresh token or of the counter's cookie. */
  token_hash: string | null
  device: string | null
  created_at: number
  expires_at: number
  locked_at: number | null
  ended_at: number | null
}

export type ClaimCodeTable = { code_hash: string; user_id: number; expires_at: number; used_at: number | null }

export type SignInFailureTable = { id: string; account: string; address: string; at: number }

export type IdempotencyKeyTable = {
  user_id: number
  method: string
  path: string
  key: string
  fingerprint: string
  /** Null while an `act` that claimed the key is still at work. */
  status: number | null
  headers: string | null
  body: string | null
  created_at: number
}

export type PasscodeTable = { order_id: number; cipher: string; created_at: number }

/** The last id given out for a table, or the last number of a series for people, whose `label` is `S1-T1`. */
export type CounterTable = { name: string; n: number; label: string | null }

/** A row whose search text may have changed. */
export type SearchPendingTable = { entity: string; row_id: number }

export type ImportRunTable = {
  id: string
  kind: string
  file: string
  line: number
  accepted: number
  rejected: number
  updated_at: number
}

export type Schema = {
  store: StoreTable
  node: NodeTable
  user: UserTable
  device_type: NamedTable
  brand: BrandTable
  problem: NamedTable
  model: ModelTable
  device: DeviceTable
  repair_order: RepairOrderTable
  intake: IntakeTable
  intake_problem: IntakeProblemTable
  assignment: AssignmentTable
  payment: PaymentTable
  payment_entry: PaymentEntryTable
  order_event: OrderEventTable
  category: CategoryTable
  location: LocationTable
  photo: PhotoTable
  product: ProductTable
  unit: UnitTable
  stock_movement: StockMovementTable
  cart: CartTable
  cart_item: CartItemTable
  address: AddressTable
  sales_order: SalesOrderTable
  sales_line: SalesLineTable
  sales_payment: SalesPaymentTable
  sales_payment_entry: SalesPaymentEntryTable
  refund: RefundTable
  refund_line: RefundLineTable
  dispute: DisputeTable
  stripe_event: StripeEventTable
  pickup_request: PickupRequestTable
  pickup_photo: PickupPhotoTable
  evaluation: EvaluationTable
  trade_in_price: TradeInPriceTable
  trade_in_deduction: TradeInDeductionTable
  journal: JournalTable
  credential: CredentialTable
  session: SessionTable
  claim_code: ClaimCodeTable
  sign_in_failure: SignInFailureTable
  idempotency_key: IdempotencyKeyTable
  passcode: PasscodeTable
  counter: CounterTable
  import_run: ImportRunTable
  search_pending: SearchPendingTable
}

/** The tables whose every change enters the journal. */
export const SYNCED_TABLES = [
  'store',
  'node',
  'user',
  'device_type',
  'brand',
  'problem',
  'model',
  'device',
  'repair_order',
  'intake',
  'intake_problem',
  'assignment',
  'payment',
  'payment_entry',
  'order_event',
  'category',
  'location',
  'photo',
  'product',
  'unit',
  'stock_movement',
  'cart',
  'cart_item',
  'address',
  'sales_order',
  'sales_line',
  'sales_payment',
  'sales_payment_entry',
  'refund',
  'refund_line',
  'dispute',
  'stripe_event',
  'pickup_request',
  'pickup_photo',
  'evaluation',
  'trade_in_price',
  'trade_in_deduction',
] as const satisfies readonly (keyof Schema)[]
export type SyncedTable = (typeof SYNCED_TABLES)[number]

/** The tables that stay on this machine. */
export type LocalTable =
  | 'credential'
  | 'session'
  | 'claim_code'
  | 'sign_in_failure'
  | 'idempotency_key'
  | 'passcode'
  | 'import_run'

/** Facts that are never changed or taken back; a correction is another fact. */
export const EVENT_TABLES: ReadonlySet<string> = new Set([
  'payment_entry',
  'order_event',
  'sales_line',
  'stock_movement',
  'sales_payment_entry',
  'refund_line',
])
