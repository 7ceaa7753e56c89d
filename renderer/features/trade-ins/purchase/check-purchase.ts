import { type CheckKind, forbiddenBy } from '../../../../server/domain/trade-ins/device-checks.ts'
import { DECLARATION_VERSION } from '../../../../server/domain/trade-ins/declaration.ts'
import { type SellerField, sellerFaults } from '../../../../server/domain/trade-ins/seller.ts'
import { isUnread } from '../../../ui/fields/amount.ts'
import type { Offer, RequestDetail } from '../requests/requests.ts'
import type { PurchaseDraft } from './purchase-draft.ts'
import type { Approval, NewPurchaseBody, ShopRules } from './requests.ts'
import { isoBirth, isoDay, isoToday } from './seller-dates.ts'

type Place = { locale: string; timeZone: string }

/** A fault of a purchase by the field that it stands at, as a word of the page. */
export type Fault =
  | 'missing'
  | 'unreadDay'
  | 'minor'
  | 'expired'
  | 'unsigned'
  | 'notTheOwner'
  | 'tooMuch'
  | 'unapproved'

/** What is missing or wrong before it is sent, by field, in the order of the fields. */
export function faultsOf(
  draft: PurchaseDraft,
  { request, offer, rules, approval, needsApproval }: Known,
  place: Place,
): Record<string, Fault> {
  const { seller_fields, seller_age } = rules
  const valid_until = isoDay(draft.valid_until, place)
  const born = isoBirth(draft.born, place)
  const people = sellerFaults({ valid_until: valid_until ?? null, born: born ?? null }, isoToday(place), seller_age)
  const isAsked = (field: SellerField) => seller_fields.includes(field)
  const day = (field: 'valid_until' | 'born', read: string | undefined, fault: Fault | false) => {
    if (!isAsked(field)) return null
    if (draft[field].trim() === '') return 'missing'
    return read === undefined ? 'unreadDay' : fault || null
  }
  const word = (field: 'document_kind' | 'number' | 'issuer' | 'address') =>
    isAsked(field) && draft[field].trim() === '' ? 'missing' : null
  const faults: [string, Fault | null][] = [
    ['name', draft.name.trim() === '' ? 'missing' : null],
    ['document_kind', word('document_kind')],
    ['number', word('number')],
    ['issuer', word('issuer')],
    ['valid_until', day('valid_until', valid_until, people.includes('document-expired') && 'expired')],
    ['born', day('born', born, people.includes('seller-minor') && 'minor')],
    ['address', word('address')],
    ['photo', isAsked('photo') && draft.photo === null ? 'missing' : null],
    ['other_owner', request.device?.other_owner && !draft.other_owner ? 'notTheOwner' : null],
    ['signature', draft.signature === '' ? 'unsigned' : null],
    ['cash', payoutFault(draft, offer.price_cents)],
    ['approval', needsApproval && !approval ? 'unapproved' : null],
  ]
  return Object.fromEntries(faults.filter((fault): fault is [string, Fault] => fault[1] !== null))
}

type Known = {
  request: RequestDetail
  offer: Offer
  rules: ShopRules
  approval: Approval | undefined
  needsApproval: boolean
}

function payoutFault({ way, cash }: PurchaseDraft, price_cents: number): Fault | null {
  if (way !== 'parts') return null
  if (isUnread(cash) || cash === null || cash === 0) return 'missing'
  return cash >= price_cents ? 'tooMuch' : null
}

/** Why nobody may buy this device, whoever sells it; null where nothing forbids it. */
export function forbidden({
  device,
}: RequestDetail): { elsewhere: Elsewhere; check?: never } | { elsewhere?: never; check: CheckKind } | null {
  if (!device) return null
  if (device.elsewhere) return { elsewhere: device.elsewhere }
  const [check] = forbiddenBy(device.checks)
  return check === undefined ? null : { check }
}

type Elsewhere = NonNullable<NonNullable<RequestDetail['device']>['elsewhere']>

/** How the price is paid out, as legs of the purchase. */
export function payoutOf({ way, cash, reference }: PurchaseDraft, price_cents: number): NewPurchaseBody['payout'] {
  const inCash = way === 'cash' ? price_cents : way === 'transfer' || isUnread(cash) ? 0 : (cash ?? 0)
  const named = reference.trim() === '' ? {} : { reference: reference.trim() }
  const legs = [
    { method: 'cash' as const, amount_cents: inCash },
    { method: 'transfer' as const, amount_cents: price_cents - inCash, ...named },
  ]
  const paid = legs.filter(({ amount_cents }) => amount_cents > 0)
  // What is recycled free of charge is a purchase too.
  return paid.length > 0 ? paid : [{ method: 'cash', amount_cents: 0 }]
}

/** The purchase as it is sent. Only what the shop asks for goes out. */
export function bodyOf(draft: PurchaseDraft, { offer, rules, approval }: Known, place: Place): NewPurchaseBody {
  const asked = new Set(rules.seller_fields)
  const given = (field: SellerField, value: string | undefined) =>
    asked.has(field) ? value?.trim() || undefined : undefined
  const { selling } = draft
  return {
    offer_version: offer.version,
    identity: {
      kind: draft.kind,
      name: draft.name.trim(),
      document_kind: given('document_kind', draft.document_kind),
      number: given('number', draft.number),
      issuer: given('issuer', draft.issuer),
      valid_until: given('valid_until', isoDay(draft.valid_until, place)),
      born: given('born', isoBirth(draft.born, place)),
      address: given('address', draft.address),
      ...(draft.photo !== null && { photo: draft.photo }),
    },
    other_owner: draft.other_owner,
    declaration: { language: draft.language, words_version: DECLARATION_VERSION, signature: draft.signature },
    payout: payoutOf(draft, offer.price_cents),
    ...(typeof selling === 'number' && { selling_price_cents: selling }),
    ...(approval && { approval }),
  }
}
