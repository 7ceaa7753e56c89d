import type { OrderStatus } from '../../server/domain/repair-status.ts'
import type { Bit } from './synced.ts'

/** The tables that are this machine's own: never synced, never in the journal. */

/** One row: which node this database is, and what moves with each of its writes. */
export type SelfTable = {
  node_id: number
  /** `alone` without a head office. */
  role: 'alone' | 'terminal' | 'head-office'
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
}

export type CredentialTable = {
  user_id: number
  password_hash: string | null
  pin_hash: string | null
  /** The PIN under a key of this machine, by which its owner is found; null for a PIN of before, which only its tile leads to. */
  pin_key: string | null
  /** How many digits it has; null for a PIN of before. */
  pin_length: number | null
  /** When a PIN of before turned out to be somebody else's too: its owner is offered another. */
  pin_shared_at: number | null
  /** Of which password this is the hash: a sign-in goes by it only as long as `user.password_version` says the same. */
  version: string | null
  /** The version of which head office has the hash too; null where it has none of this machine. */
  parent_version: string | null
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

export type ClaimCodeTable = {
  code_hash: string
  user_id: number
  expires_at: number
  used_at: number | null
  /** When head office was told of it; null where it was not. */
  sent_at: number | null
}

export type SignInFailureTable = { id: string; account: string; address: string; at: number }

export type IdempotencyKeyTable = {
  user_id: number
  method: string
  path: string
  key: string
  fingerprint: string
  /** Null while an `act` that acquired the key is still at work. */
  status: number | null
  headers: string | null
  body: string | null
  created_at: number
}

export type PasscodeTable = { order_id: number; cipher: string; created_at: number }

/** What was offered for a device when its owner last looked. */
export type OfferShownTable = { pickup_id: number; final_offer_cents: number; version: number | null }

/** The last id given out for a table, or the last number of a series for people, whose `label` is `S1-T1`. */
export type CounterTable = {
  name: string
  n: number
  label: string | null
  /** `counterSum`; null in one that has not moved since there were sums. */ sum: number | null
}

/** A row whose search text may have changed. */
export type SearchPendingTable = { entity: string; row_id: number }

/** What is still to be paid of a repair that is not cancelled; one that is paid has no row. Follows its rows as the search index does. */
export type RepairDueTable = { order_id: number; status: OrderStatus; due_cents: number }

/** What people are sorted by: `sortKey` of their name. Follows their rows as the search index does. */
export type UserSortTable = { user_id: number; name_key: string }

export type ImportRunTable = {
  id: string
  kind: string
  file: string
  line: number
  accepted: number
  rejected: number
  updated_at: number
}

/** One row: how far the check of the content is, and what the last whole one found (JSON). */
export type ContentCheckTable = {
  id: number
  position: string | null
  started_at: number | null
  finished_at: number | null
  entries: number
  rows: number
  findings: string
}

/**
 * Work that goes through all rows once, in slices: the form that they have or are being brought to, and behind which id it goes
 * on; null once all have it. How the clock was set right lately stands here too (`server/shop/clock-corrections.ts`).
 */
export type UpkeepTable = { name: string; form: string; after_id: number | null }

/** Which fields a body of the journal names, in their order (JSON); of an entity alone, none. */
export type JournalShapeTable = { id: number; entity: string; fields: string }

/** A row of the journal that speaks of a row; `entity` is the shape of that entity without fields. */
export type JournalRowTable = { entity: number; row_id: number; origin: number; epoch: number; seq: number }

/** How far a chain is packed and indexed by row. */
export type JournalPackingTable = { origin: number; epoch: number; seq: number }

/** By which write each register of a row stands that was changed after it was put (`db/clocks.ts`). */
export type FieldClockTable = { entity: string; row_id: number; stamps: string }

/** Rows that one transaction wrote as other nodes' entries say: ids by table (JSON). */
export type ArrivalTable = { n: number; at: number; rows: string }

/** What a person wants to buy in the web shop. */
export type CartTable = { id: number; user_id: number }
export type CartItemTable = { id: number; cart_id: number; product_id: number; qty: number }

/** A webhook as it was received; each event id is applied once. */
export type StripeEventTable = {
  id: number
  event_id: string
  type: string
  object_id: string | null
  happened_at: number
  order_id: number | null
  outcome: 'applied' | 'other-mode' | 'unknown-type' | 'unknown-order' | 'other-node' | 'unreadable' | 'to-ask'
  /** JSON, without names and addresses. */
  payload: string
}
