import type { JournalHeader } from '../../server/domain/chain.ts'
import type {
  SelfTable,
  CartTable,
  CartItemTable,
  StripeEventTable,
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
  FieldClockTable,
  ArrivalTable,
} from './local-tables.ts'
import type {
  ArchivedChainTable,
  ConflictTable,
  CursorPastTable,
  EnrolmentCodeTable,
  ErasedTable,
  HeadOfficeTable,
  HeardTable,
  HeldTable,
  IdAliasTable,
  KeptFeedTable,
  NodeContactTable,
  OriginHeadTable,
  ParkedTable,
  QuarantineTable,
  ShareTable,
  StreamHeadTable,
  SuspectTable,
  PhotoNeedTable,
} from './fleet-tables.ts'
import type {
  CategoryTable,
  LocationTable,
  PhotoTable,
  ProductTable,
  UnitTable,
  StockMovementTable,
  AddressTable,
  SalesOrderTable,
  SalesLineTable,
  SalesPaymentTable,
  SalesPaymentEntryTable,
  RefundTable,
  RefundLineTable,
  DisputeTable,
  PickupRequestTable,
  PickupPhotoTable,
  EvaluationTable,
  TradeInPriceTable,
  TradeInDeductionTable,
} from './store-tables.ts'
import type { LegShareTable, LegTable, ReceiptLineTable, ReceiptTable, TillEventTable } from './money-tables.ts'
import type {
  BuyInDraftTable,
  CheckResultTable,
  ChecklistAnswerTable,
  ChecklistItemTable,
  ChecklistTable,
  DeclarationTable,
  HoldReleaseTable,
  OfferTable,
  SellerIdentityTable,
  TaskNoteTable,
} from './trade-in-tables.ts'

import type { StoreTable, NodeTable, UserTable } from './shop-tables.ts'
import type {
  NamedTable,
  DeviceTypeTable,
  BrandTable,
  ModelTable,
  DeviceTable,
  RepairOrderTable,
  IntakeTable,
  IntakeProblemTable,
  AssignmentTable,
  PaymentTable,
  PaymentEntryTable,
  OrderEventTable,
  TicketPhotoTable,
} from './repair-tables.ts'

/**
 * Every table as Kysely sees it. Instants are ms since 1970 UTC, booleans 0 or 1, money integer minor units in columns
 * ending `_cents`, JSON is text. Ids are minted by `rows.ts`: node · 2^32 + n.
 */

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
  /** What the entry is judged by where head office found that its clock was ahead; null where that is its `hlc`. */
  stamp: string | null
}

/** A table of this machine alone, whose rows bear a sum of what they say (`db/row-sums.ts`); null in one of before there were sums. */
type Summed<Table> = Table & { sum: string | null }

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
  cart: Summed<CartTable>
  cart_item: Summed<CartItemTable>
  address: AddressTable
  sales_order: SalesOrderTable
  sales_line: SalesLineTable
  sales_payment: SalesPaymentTable
  sales_payment_entry: SalesPaymentEntryTable
  refund: RefundTable
  refund_line: RefundLineTable
  dispute: DisputeTable
  stripe_event: Summed<StripeEventTable>
  pickup_request: PickupRequestTable
  pickup_photo: PickupPhotoTable
  evaluation: EvaluationTable
  trade_in_price: TradeInPriceTable
  trade_in_deduction: TradeInDeductionTable
  receipt: ReceiptTable
  receipt_line: ReceiptLineTable
  leg: LegTable
  leg_share: LegShareTable
  till_event: TillEventTable
  checklist: ChecklistTable
  checklist_item: ChecklistItemTable
  checklist_answer: ChecklistAnswerTable
  offer: OfferTable
  check_result: CheckResultTable
  seller_identity: SellerIdentityTable
  declaration: DeclarationTable
  hold_release: HoldReleaseTable
  task_note: TaskNoteTable
  self: SelfTable
  journal: JournalTable
  journal_shape: JournalShapeTable
  journal_row: JournalRowTable
  journal_packing: JournalPackingTable
  field_clock: FieldClockTable
  arrival: ArrivalTable
  origin_head: OriginHeadTable
  stream_head: StreamHeadTable
  cursor: StreamHeadTable
  cursor_past: CursorPastTable
  feed: KeptFeedTable
  share: ShareTable
  held: HeldTable
  quarantine: QuarantineTable
  parked: ParkedTable
  conflict: ConflictTable
  suspect: SuspectTable
  photo_need: PhotoNeedTable
  heard: HeardTable
  erased: ErasedTable
  head_office: Summed<HeadOfficeTable>
  enrolment_code: Summed<EnrolmentCodeTable>
  node_contact: Summed<NodeContactTable>
  id_alias: Summed<IdAliasTable>
  archived_chain: Summed<ArchivedChainTable>
  credential: Summed<CredentialTable>
  session: Summed<SessionTable>
  claim_code: Summed<ClaimCodeTable>
  sign_in_failure: Summed<SignInFailureTable>
  idempotency_key: Summed<IdempotencyKeyTable>
  passcode: Summed<PasscodeTable>
  counter: CounterTable
  offer_shown: Summed<OfferShownTable>
  buy_in_draft: Summed<BuyInDraftTable>
  import_run: Summed<ImportRunTable>
  content_check: Summed<ContentCheckTable>
  upkeep: Summed<UpkeepTable>
  search_pending: SearchPendingTable
  repair_due: RepairDueTable
  user_sort: UserSortTable
}

/**
 * The tables whose every change enters the journal, each behind those that its rows refer to: in this order a database that joins
 * states its rows.
 */
export const SYNCED_TABLES = [
  'store',
  'node',
  'location',
  'category',
  'brand',
  'device_type',
  'problem',
  'photo',
  'model',
  'trade_in_price',
  'trade_in_deduction',
  'checklist',
  'checklist_item',
  'user',
  'device',
  'product',
  'receipt',
  'unit',
  'address',
  'repair_order',
  'intake',
  'intake_problem',
  'assignment',
  'payment',
  'ticket_photo',
  'sales_order',
  'sales_payment',
  'refund',
  'dispute',
  'pickup_request',
  'pickup_photo',
  'evaluation',
  'seller_identity',
  'payment_entry',
  'order_event',
  'sales_line',
  'receipt_line',
  'leg',
  'leg_share',
  'stock_movement',
  'sales_payment_entry',
  'refund_line',
  'till_event',
  'offer',
  'check_result',
  'checklist_answer',
  'declaration',
  'hold_release',
  'task_note',
] as const satisfies readonly (keyof Schema)[]
export type SyncedTable = (typeof SYNCED_TABLES)[number]

/** Tables of this machine alone whose rows have minted ids; a release long ago told the journal of them. */
export const MINTED_LOCAL_TABLES = ['cart', 'cart_item', 'stripe_event'] as const satisfies readonly (keyof Schema)[]
export type MintedLocalTable = (typeof MINTED_LOCAL_TABLES)[number]

/**
 * The tables that stay on this machine, each with its primary key. Their rows bear a sum of what they say, in their column `sum`:
 * no journal tells of them, and what a disk changes in one would be believed. A row of before there were sums has none until it
 * is written again.
 */
export const LOCAL_TABLES = {
  cart: ['id'],
  cart_item: ['id'],
  stripe_event: ['id'],
  buy_in_draft: ['id'],
  credential: ['user_id'],
  session: ['id'],
  claim_code: ['code_hash'],
  sign_in_failure: ['id'],
  idempotency_key: ['user_id', 'method', 'path', 'key'],
  passcode: ['order_id'],
  offer_shown: ['pickup_id'],
  import_run: ['id'],
  content_check: ['id'],
  upkeep: ['name'],
  head_office: ['id'],
  enrolment_code: ['code_hash'],
  node_contact: ['node_id'],
  id_alias: ['entity', 'first_id'],
  archived_chain: ['origin', 'epoch'],
} as const satisfies Partial<Record<keyof Schema, readonly string[]>>
export type LocalTable = keyof typeof LOCAL_TABLES
