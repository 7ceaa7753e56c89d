import type { JournalHeader } from '../../server/domain/chain.ts'
import type { OrderStatus, PaymentStatus } from '../../server/domain/repair-status.ts'
import type {
  CredentialTable,
  SessionTable,
  ClaimCodeTable,
  SignInFailureTable,
  IdempotencyKeyTable,
  PasscodeTable,
  OfferShownTable,
  CounterTable,
  SearchPendingTable,
  RepairDueTable,
  UserSortTable,
  ImportRunTable,
  ContentCheckTable,
  UpkeepTable,
  JournalShapeTable,
  JournalRowTable,
  JournalPackingTable,
} from './local-tables.ts'
import type {
  CategoryTable,
  LocationTable,
  PhotoTable,
  ProductTable,
  UnitTable,
  StockMovementTable,
  CartTable,
  CartItemTable,
  AddressTable,
  SalesOrderTable,
  SalesLineTable,
  SalesPaymentTable,
  SalesPaymentEntryTable,
  RefundTable,
  RefundLineTable,
  DisputeTable,
  StripeEventTable,
  PickupRequestTable,
  PickupPhotoTable,
  EvaluationTable,
  TradeInPriceTable,
  TradeInDeductionTable,
} from './store-tables.ts'
import type { Bit, Synced } from './synced.ts'

/**
 * Every table as Kysely sees it. Instants are ms since 1970 UTC, booleans 0 or 1, money integer minor units in columns
 * ending `_cents`, JSON is text. Ids are minted by `rows.ts`: node · 2^32 + n.
 */

export type StoreTable = Synced & {
  /** `S1`, the store's part of every number it gives out. */
  code: string
  name: string
  /** ISO 4217. */
  currency: string
  /** IANA. */
  time_zone: string
  /** ISO 3166, `DE`: by which phone numbers are read; null where it follows from time zone and currency. */
  country: string | null
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
  /** Under which customers reach this server, `https://repairs.example.com`; null while they cannot. */
  public_address: string | null
  /** Null until set-up was done. */
  set_up_at: number | null
}

/** A database: a terminal or head office. `is_self` marks this one; its head of the journal moves with every write. */
export type NodeTable = Synced & {
  name: string
  /** `T1`; after a restore `T1X2`. */
  terminal: string
  is_self: Bit
  epoch: number
  seq: number
  chain: string
  hlc: string | null
  /** Of the SQLite file and its last transaction: `db/file/wal/file-mark.ts`. */
  mark: string | null
  /** The last instant that no write contradicts, to the hour where a write left no entry; null before the first write. */
  trusted_at: number | null
  /** While the clock is contradicted: what was granted after this instant moves once the clock is right. */
  contradicted_since: number | null
  /** 1 from a restore until somebody has confirmed the clock: the age of a backup contradicts nothing. */
  is_restored: Bit
  /** When somebody last said that the clock is right, who, and when it was by the last write. */
  clock_confirmed_at: number | null
  clock_confirmed_by: number | null
  clock_expected_at: number | null
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
  /** When somebody made this account for themselves; null once a code from the desk or a person there has confirmed it. */
  unconfirmed_since: number | null
  /** When they were given a PIN or had it taken away last, by whoever the journal names; the digits stand nowhere. */
  pin_changed_at: number | null
  /** When the desk said that whoever else has their phone number is somebody else; null where nobody has. */
  phone_shared_at: number | null
}

export type NamedTable = Synced & { name: string; name_key: string; description: string | null }

/** `starter` is 1 for a type, brand or model that came with the new shop, until somebody uses it or adds it themselves. */
type Starter = { starter: Bit | null }

export type DeviceTypeTable = NamedTable & Starter

export type BrandTable = NamedTable & Starter

export type ModelTable = Synced & Starter & { brand_id: number; device_type_id: number; name: string; name_key: string }

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
  /** 1 where somebody said that nothing came with it; an empty list alone says that nobody asked. */
  nothing_with_it: Bit | null
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
  /** Of before each entry had its own; null since. */
  receipt_number: string | null
  paid_at: number
  /** What the customer handed over in cash, where it was noted. */
  tendered_cents: number | null
  /** What the repair cost when the money was taken: of before the entries said so; null since, and for payments older than that. */
  cost_cents: number | null
  discount_cents: number | null
}

/** Money that moved, append-only: what a payment holds is the sum of its entries. */
export type PaymentEntryTable = Synced & {
  payment_id: number
  order_id: number
  amount_cents: number
  kind: 'payment' | 'correction' | 'removal'
  actor_id: number | null
  /** `S1-T1-R000001`; two entries of one receipt change the method. Null, as all that follows, for entries older than that. */
  receipt_number: string | null
  /** How this money moved: what a correction makes of the payment changes no entry. */
  payment_method: string | null
  transaction_id: string | null
  /** What the repair cost then. */
  cost_cents: number | null
  discount_cents: number | null
  /** JSON: the tax that the receipt states, `server/shop/receipt-tax.ts`. */
  tax: string | null
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

export type TicketPhotoTable = Synced & {
  order_id: number
  photo_id: number
  position: number
  taken_by: number | null
}

/** The journal and op log. Written by `journal.ts` alone. */
export type JournalTable = JournalHeader & {
  kind: EntryKind | 'block'
  before: string | null
  after: string | null
  salt: string | null
  digest: string
  chain: string
  /** The entries of a block (`db/journal/block.ts`); null in a row that is one entry. */
  pack: Uint8Array | null
}

export type EntryKind = 'put' | 'patch' | 'del' | 'event' | 'erase' | 'restore'

export type Schema = {
  store: StoreTable
  node: NodeTable
  user: UserTable
  device_type: DeviceTypeTable
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
  ticket_photo: TicketPhotoTable
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
  journal_shape: JournalShapeTable
  journal_row: JournalRowTable
  journal_packing: JournalPackingTable
  credential: CredentialTable
  session: SessionTable
  claim_code: ClaimCodeTable
  sign_in_failure: SignInFailureTable
  idempotency_key: IdempotencyKeyTable
  passcode: PasscodeTable
  counter: CounterTable
  offer_shown: OfferShownTable
  import_run: ImportRunTable
  content_check: ContentCheckTable
  upkeep: UpkeepTable
  search_pending: SearchPendingTable
  repair_due: RepairDueTable
  user_sort: UserSortTable
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
  'ticket_photo',
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
  | 'offer_shown'
  | 'import_run'
  | 'content_check'
  | 'upkeep'

/** Facts that are never changed or taken back; a correction is another fact. */
export const EVENT_TABLES: ReadonlySet<string> = new Set([
  'payment_entry',
  'order_event',
  'sales_line',
  'stock_movement',
  'sales_payment_entry',
  'refund_line',
])
