import type { JournalHeader } from '../server/domain/chain.ts'
import type { OrderStatus, PaymentStatus } from '../server/domain/repair-status.ts'

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
  source_key: string | null
}

/** What was noted when the device was taken in; one row for an order made at the counter. */
export type IntakeTable = Synced & {
  order_id: number
  /** JSON list of problem ids. */
  problem_ids: string
  /** JSON list of words. */
  accessories: string
  /** JSON object, part → condition. */
  condition: string
  terms_accepted: Bit
  signature: string | null
}

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
  text: string | null
  from_value: string | null
  to_value: string | null
}

/** The journal and op log. Written by `journal.ts` alone. */
export type JournalTable = JournalHeader & {
  kind: 'put' | 'patch' | 'del' | 'event'
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
  brand: NamedTable
  problem: NamedTable
  model: ModelTable
  device: DeviceTable
  repair_order: RepairOrderTable
  intake: IntakeTable
  assignment: AssignmentTable
  payment: PaymentTable
  payment_entry: PaymentEntryTable
  order_event: OrderEventTable
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
export type SyncedTable =
  | 'store'
  | 'node'
  | 'user'
  | 'device_type'
  | 'brand'
  | 'problem'
  | 'model'
  | 'device'
  | 'repair_order'
  | 'intake'
  | 'assignment'
  | 'payment'
  | 'payment_entry'
  | 'order_event'

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
export const EVENT_TABLES: ReadonlySet<string> = new Set(['payment_entry', 'order_event'])
