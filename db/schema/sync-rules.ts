import type { Schema, SyncedTable } from './schema.ts'
import type { Synced } from './synced.ts'

/**
 * How each synced table behaves where several nodes write it: its class, its registers, and by what its rows are one with those
 * of another database that joins. A test holds this against the tables that there are.
 */

/**
 * - `fact`: append-only; what two nodes wrote is united.
 * - `money`: changed by the node alone that minted the row, or its heir; elsewhere that is refused.
 * - `work`: whoever changes a register last has it.
 * - `list`: pairs that are put and taken out; taking out wins, and the same pair twice is shown once.
 * - `org`: of the whole organisation; a shop adds rows and changes those it minted.
 * - `person`: `org` for who works here, `work` for a customer.
 */
export type TableClass = 'fact' | 'money' | 'work' | 'list' | 'org' | 'person'

type Own<T extends SyncedTable> = Exclude<keyof Schema[T], keyof Synced> & string

/**
 * A register is columns that are won or lost together when two nodes changed one row. Won column by column, a repair could end
 * as completed without the day of its completion; so who writes one column of a register says all of them in the journal.
 *
 * Every column stands in exactly one. `id`, `store_id` and `created_at` come with the row and never change, `updated_at` follows
 * from the last entry, and `deleted_at` is a register of its own in each table.
 */
type Changing<T extends SyncedTable> = {
  class: Exclude<TableClass, 'fact'>
  /** On joining, a row that has these alike in both databases is one row; null: each keeps its own under a new id. */
  maps: readonly Own<T>[] | null
  /** Columns that are one value between them. */
  together?: readonly (readonly Own<T>[])[]
  /** Columns that are a register each. */
  alone: readonly Own<T>[]
}

type Fact = { class: 'fact' }
const FACT: Fact = { class: 'fact' }

/** Of what has a name that is looked up folded. */
const NAME = ['name', 'name_key'] as const

export const SYNC_RULES: { readonly [T in SyncedTable]: Fact | Changing<T> } = {
  store: {
    class: 'org', maps: null,
    together: [['tax_mode', 'tax_rate', 'former_taxes']],
    alone: ['code', 'name', 'currency', 'time_zone', 'country', 'phone', 'address', 'tax_number', 'opening_hours', 'terms', 'public_address', 'set_up_at', 'rules'],
  },
  node: {
    class: 'org', maps: null,
    together: [['clock_confirmed_at', 'clock_confirmed_by', 'clock_expected_at']],
    alone: ['name', 'terminal', 'kind', 'heir_id', 'sign_key', 'seal_key', 'enrolled_at', 'revoked_at'],
  },
  location: { class: 'org', maps: ['slug'], alone: ['slug', 'name', 'code', 'hub_name'] },
  category: { class: 'org', maps: ['slug'], together: [NAME], alone: ['slug', 'shown_as', 'icon'] },
  brand: { class: 'org', maps: ['name_key'], together: [NAME], alone: ['description', 'starter', 'duplicate_of'] },
  device_type: { class: 'org', maps: ['name_key'], together: [NAME], alone: ['description', 'starter', 'duplicate_of'] },
  problem: { class: 'org', maps: ['name_key'], together: [NAME], alone: ['description', 'duplicate_of'] },
  photo: { class: 'list', maps: null, together: [['sha256', 'width', 'height', 'bytes']], alone: [] },
  model: { class: 'org', maps: ['brand_id', 'name_key'], together: [NAME, ['brand_id', 'device_type_id']], alone: ['starter', 'duplicate_of'] },
  trade_in_price: {
    class: 'org', maps: ['brand_id', 'model_key', 'storage_key', 'condition'],
    together: [['brand_id', 'model', 'model_key', 'storage', 'storage_key', 'condition'], ['valid_from', 'valid_until']],
    alone: ['price_cents'],
  },
  trade_in_deduction: { class: 'org', maps: ['name_key'], together: [NAME, ['amount_cents', 'percent_tenths'], ['valid_from', 'valid_until']], alone: [] },
  checklist: { class: 'org', maps: ['moment', 'device_type_id'], together: [['device_type_id', 'moment']], alone: [] },
  checklist_item: { class: 'org', maps: ['checklist_id', 'text'], together: [['answers', 'options']], alone: ['checklist_id', 'position', 'section', 'part', 'text', 'must'] },
  user: {
    class: 'person', maps: null,
    // That others have the number too is said of this number.
    together: [['phone', 'phone_key', 'phone_shared_at'], ['email', 'email_key'], ['role', 'is_staff', 'is_lead', 'works_at']],
    alone: ['full_name', 'profile_picture', 'is_active', 'source_key', 'unconfirmed_since', 'pin_changed_at', 'password_version', 'duplicate_of'],
  },
  device: {
    class: 'work', maps: null,
    together: [['serial_number', 'serial_key'], ['brand_id', 'model_id', 'device_type_id']],
    alone: ['owner_id', 'notes', 'source_key', 'duplicate_of'],
  },
  product: {
    class: 'org', maps: null,
    together: [['price_cents', 'original_price_cents', 'discount_tenths'], ['rating_hundredths', 'reviews'], ['photo_id', 'image'], ['cities', 'city_keys']],
    alone: ['category_id', 'brand_id', 'location_id', 'model', 'name', 'description', 'condition', 'highlights', 'serialised', 'source_key', 'web'],
  },
  receipt: FACT,
  unit: {
    class: 'work', maps: null,
    together: [['serial_number', 'serial_key'], ['purchase_receipt_id', 'hold_until']],
    alone: ['product_id', 'condition', 'cost_cents', 'origin', 'note', 'device_id'],
  },
  address: {
    class: 'work', maps: null,
    together: [['full_name', 'phone_number', 'address_line1', 'address_line2', 'city', 'state', 'postal_code', 'country']],
    alone: ['user_id', 'is_default'],
  },
  repair_order: {
    class: 'work', maps: null,
    together: [['status', 'completed_at', 'picked_up_at'], ['cost_cents', 'discount_cents'], ['device_id', 'customer_id']],
    alone: ['ticket_number', 'opened_by', 'problem_id', 'note', 'estimated_completion_date', 'source_key'],
  },
  intake: {
    class: 'work', maps: null,
    together: [['accessories', 'nothing_with_it'], ['terms_accepted', 'signature']],
    alone: ['order_id', 'condition'],
  },
  intake_problem: { class: 'work', maps: null, together: [['intake_id', 'problem_id']], alone: [] },
  assignment: { class: 'list', maps: null, together: [['order_id', 'user_id']], alone: ['assigned_at'] },
  payment: {
    class: 'money', maps: null,
    together: [['due_amount_cents', 'status'], ['payment_method', 'transaction_id'], ['cost_cents', 'discount_cents']],
    alone: ['order_id', 'receipt_number', 'paid_at', 'tendered_cents'],
  },
  ticket_photo: { class: 'list', maps: null, together: [['order_id', 'photo_id']], alone: ['position', 'taken_by'] },
  sales_order: {
    class: 'work', maps: null,
    together: [['status', 'cancel_reason', 'expires_at'], ['subtotal_cents', 'tax_cents', 'shipping_fee_cents', 'total_cents', 'currency']],
    alone: ['user_id', 'payment_method', 'notes', 'shipping_address'],
  },
  sales_payment: {
    class: 'money', maps: null,
    together: [['amount_cents', 'currency'], ['status', 'intent_id', 'intent_key'], ['refund_due', 'trouble']],
    alone: ['order_id', 'method', 'checked_at'],
  },
  refund: {
    class: 'money', maps: null,
    together: [['status', 'failure', 'refund_id']],
    alone: ['order_id', 'payment_id', 'amount_cents', 'reason', 'restocks', 'request_key', 'checked_at', 'actor_id'],
  },
  dispute: {
    class: 'money', maps: null,
    together: [['status', 'amount_cents', 'reason', 'evidence_due_at']],
    alone: ['order_id', 'payment_id', 'dispute_id', 'checked_at'],
  },
  pickup_request: {
    class: 'work', maps: null,
    together: [['status', 'answered_offer_cents', 'answered_at', 'collected_at', 'given_back_at'], ['brand_id', 'model_text', 'storage']],
    alone: ['user_id', 'condition', 'additional_info', 'address', 'scheduled_at', 'deposit_amount_cents', 'notes', 'estimated_price_cents', 'channel', 'device_id', 'order_id'],
  },
  pickup_photo: { class: 'list', maps: null, together: [['pickup_id', 'photo_id']], alone: ['position'] },
  evaluation: {
    class: 'work', maps: null,
    together: [['tester_id', 'final_offer_cents', 'evaluation_cost_cents']],
    alone: ['pickup_id', 'notes', 'diagnostics', 'parts_replaced'],
  },
  seller_identity: {
    class: 'work', maps: null,
    together: [['kind', 'name', 'document_kind', 'number', 'issuer', 'valid_until', 'born', 'address', 'photo_id']],
    alone: ['customer_id', 'pickup_id', 'receipt_id', 'retain_until', 'erased_at'],
  },
  payment_entry: FACT,
  order_event: FACT,
  sales_line: FACT,
  receipt_line: FACT,
  leg: FACT,
  leg_share: FACT,
  stock_movement: FACT,
  sales_payment_entry: FACT,
  refund_line: FACT,
  till_event: FACT,
  offer: FACT,
  check_result: FACT,
  checklist_answer: FACT,
  declaration: FACT,
  hold_release: FACT,
  task_note: FACT,
} // oxfmt-ignore

/** Tables of the organisation that every shop adds rows to, and changes those that it minted; of the others head office decides. */
export const ADDED_BY_SHOPS: ReadonlySet<SyncedTable> = new Set([
  'brand',
  'model',
  'device_type',
  'problem',
  'product',
  'location',
])

/** By these registers head office and the numbers of its papers know a store: a shop does not change its own. */
export const NOT_OF_OWN_STORE: ReadonlySet<string> = new Set(['code', 'currency', 'deleted_at'])

/** Whether a row of the table is a fact: never changed or taken back; a correction is another fact. */
export const isFact = (table: SyncedTable): boolean => SYNC_RULES[table].class === 'fact'

/** By table and column, the register that it stands in; of a column that is one by itself, nothing. */
const SHARED = new Map(
  Object.entries(SYNC_RULES).map(([table, rules]) => {
    const registers = 'together' in rules ? (rules.together ?? []) : []
    return [table, new Map(registers.flatMap((register) => register.map((column) => [column as string, register])))]
  }),
)

/** The register that a column stands in, by its first column. */
export const registerOf = (table: SyncedTable, column: string): string => SHARED.get(table)?.get(column)?.[0] ?? column

/** All columns of the registers that `columns` of a table stand in, each once; facts have none, and so theirs alone. */
export function wholeRegisters(table: SyncedTable, columns: readonly string[]): string[] {
  const shared = SHARED.get(table)
  return [...new Set(columns.flatMap((column): readonly string[] => shared?.get(column) ?? [column]))]
}

/** Registers of a row of elsewhere that a shop writes, by its columns. */
const WRITTEN_WHERE_SHARED: Partial<Record<SyncedTable, readonly string[]>> = {
  user: ['full_name', 'phone', 'email', 'profile_picture', 'unconfirmed_since'],
  device: ['serial_number', 'brand_id', 'owner_id', 'notes'],
}

/** Whether a shop writes a register of a row of elsewhere that is shared with it. */
export const isWrittenWhereShared = (entity: SyncedTable, register: string): boolean =>
  (WRITTEN_WHERE_SHARED[entity] ?? []).some((column) => registerOf(entity, column) === register)
