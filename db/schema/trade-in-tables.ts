import type { Grade } from '../../server/domain/grade.ts'
import type { AnswerKind, QuestionGroup } from '../../server/domain/trade-ins/questions.ts'
import type { CheckKind, CheckOutcome } from '../../server/domain/trade-ins/device-checks.ts'
import type { SellerKind } from '../../server/domain/trade-ins/seller.ts'
import type { Bit, Synced } from './synced.ts'

/** Buying in (data-model.md 5, 6): questions and answers, offers, checks, sellers, holds. */

/** What the shop asks at a moment, of a type of devices; `device_type_id` null for all that have no list of their own. */
export type ChecklistTable = Synced & { device_type_id: number | null; moment: 'buy-in' }

export type ChecklistItemTable = Synced & {
  checklist_id: number
  position: number
  section: QuestionGroup
  /** The part of the intake's condition that says the same: `screen`. */
  part: string | null
  /** JSON: language → text. */
  text: string
  answers: AnswerKind
  must: Bit
  /** JSON list, `Option` of `server/shop/trade-ins/questions.ts`. */
  options: string
}

/** An answer as it stood: later changes of the question change nothing here. The last one to a question counts. */
export type ChecklistAnswerTable = Synced & {
  item_id: number
  item_text: string
  pickup_id: number | null
  order_id: number | null
  unit_id: number | null
  choice: string
  choice_text: string | null
  grade: Grade | null
  /** JSON: `{ name, amount_cents }`. */
  deduction: string | null
  user_id: number
  photo_id: number | null
}

/** What was offered, version by version; an answer is to the one that the customer was shown last. */
export type OfferTable = Synced & {
  pickup_id: number
  /** From 1. */
  version: number
  condition: Grade
  /** Null where somebody set a price and the matrix has none. */
  base_cents: number | null
  source: 'matrix' | 'manual'
  /** JSON list of `{ name, amount_cents }`. */
  deductions: string
  price_cents: number
  made_by: number
  approved_by: number | null
  /** Why it is another than the matrix says. */
  reason: string | null
  photo_id: number | null
  valid_until: number | null
}

/** What was looked up about a device before it was bought, and where. */
export type CheckResultTable = Synced & {
  device_id: number
  kind: CheckKind
  result: CheckOutcome
  source: string | null
  reference: string | null
  at: number
  by: number | null
}

/** Who sold a device, as the law of the shop asks; dates as `2026-03-01`. Erased on its day, and `erased_at` says so. */
export type SellerIdentityTable = Synced & {
  customer_id: number
  pickup_id: number
  /** The purchase that they sold by; null in an older row of which that is not certain. */
  receipt_id: number | null
  kind: SellerKind
  name: string | null
  document_kind: string | null
  number: string | null
  issuer: string | null
  valid_until: string | null
  born: string | null
  address: string | null
  photo_id: number | null
  retain_until: number | null
  erased_at: number | null
}

/** What the seller signed. Erased on its day, and `erased_at` says so. */
export type DeclarationTable = Synced & {
  receipt_id: number
  words: string | null
  words_version: number
  /** A picture as a data address. */
  signature: string | null
  photo_id: number | null
  language: string
  retain_until: number | null
  erased_at: number | null
}

/** An admin let a unit go before its day. */
export type HoldReleaseTable = Synced & { unit_id: number; by: number; reason: string }

/** A task put aside by a person, until its facts are others. */
export type TaskNoteTable = Synced & {
  kind: string
  about_entity: string
  about_id: number
  by: number
  text: string | null
  facts_seen: string
}

/** An evaluation without a seller yet, of this server alone: any of its devices goes on with it. */
export type BuyInDraftTable = {
  id: string
  pickup_id: number | null
  order_id: number | null
  /** JSON, as are the next three: `Draft` of `server/shop/trade-ins/drafts.ts`. */
  device: string
  answers: string
  offer: string
  photo_ids: string
  /** Grows with each change but of its photos: who changes an older one is told. */
  version: number
  updated_by: number
  created_at: number
  updated_at: number
}
