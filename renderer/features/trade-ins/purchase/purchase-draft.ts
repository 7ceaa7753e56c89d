import { create } from 'zustand'
import type { DeclarationLanguage } from '../../../../server/domain/trade-ins/declaration.ts'
import type { SellerKind } from '../../../../server/domain/trade-ins/seller.ts'
import { randomKey } from '../../../intents.ts'
import type { Amount } from '../../../ui/fields/amount.ts'
import type { RequestDetail } from '../requests/requests.ts'

/** Cash, by transfer, or part in cash and the rest by transfer. */
export const WAYS = ['cash', 'transfer', 'parts'] as const
export type Way = (typeof WAYS)[number]

export type PurchaseDraft = {
  /** The Idempotency-Key of this purchase, however often it is sent. */
  key: string
  kind: SellerKind
  name: string
  document_kind: string
  number: string
  issuer: string
  /** Dates as they are typed. */
  valid_until: string
  born: string
  address: string
  /** As its upload was answered. */
  photo: string | null
  language: DeclarationLanguage
  signature: string
  way: Way
  /** Of a payout in parts. */
  cash: Amount
  reference: string
  selling: Amount
  other_owner: boolean
}

export type ChangePurchase = (changes: Partial<PurchaseDraft>) => void
export type PurchasePart = { draft: PurchaseDraft; change: ChangePurchase; errors: Record<string, string> }

/** Purchases that were begun, by request: whoever leaves one finds it again. On this page alone, since papers stand in it. */
const useDrafts = create<Record<number, PurchaseDraft>>(() => ({}))

const emptyDraft = ({ user_full_name }: RequestDetail, language: string): PurchaseDraft => ({
  key: randomKey(),
  kind: 'private',
  name: user_full_name,
  document_kind: '',
  number: '',
  issuer: '',
  valid_until: '',
  born: '',
  address: '',
  photo: null,
  language: language === 'de' ? 'de' : 'en',
  signature: '',
  way: 'cash',
  cash: null,
  reference: '',
  selling: null,
  other_owner: false,
})

export function usePurchaseDraft(request: RequestDetail, language: string) {
  const { id } = request
  const kept = useDrafts((drafts) => drafts[id])
  const draft = kept ?? emptyDraft(request, language)
  const change: ChangePurchase = (changes) =>
    useDrafts.setState((drafts) => ({ [id]: { ...(drafts[id] ?? draft), ...changes } }))
  return { draft, change, drop: () => useDrafts.setState(({ [id]: _, ...others }) => others, true) }
}
