import type { Db, Trx } from '../../../db/handle.ts'
import { insert, patch } from '../../../db/rows.ts'
import { DECLARATION, DECLARATION_VERSION, type DeclarationLanguage } from '../../domain/trade-ins/declaration.ts'
import { forbiddenBy } from '../../domain/trade-ins/device-checks.ts'
import { holdEnds } from '../../domain/trade-ins/hold.ts'
import { badRequest, conflict, invalid, notFound } from '../../http/errors.ts'
import { OTHER_BODY } from '../../http/idempotency.ts'
import { findDevice, patchDevice } from '../devices/devices.ts'
import { documentUnder, findDocument, type NewLeg, writePurchase } from '../money/documents.ts'
import { endRepairs, noteGivenBack } from '../repairs/bought-devices.ts'
import { refuseBadDrawing } from '../drawings.ts'
import { shopRules } from '../shop-rules.ts'
import { ownShop } from '../shop-settings.ts'
import { addBoughtUnit, returnBoughtUnit } from '../stock/bought-units.ts'
import { holdsAt } from '../stock/sellable.ts'
import { refuseBought, refuseKept } from './bought.ts'
import { keepNotHere, lastChecks, whereElse } from './device-checks.ts'
import { type Offer, refuseRunOut, standingOffer } from './offers.ts'
import { noteOtherOwner } from './seller-papers.ts'
import { type Identity, keepIdentity, refuseSeller, retainUntil } from './sellers.ts'
import { findPickup } from './trade-ins.ts'

/**
 * Buying a device: seller, declaration, money and stock in one transaction, so that it is never half bought. All amounts in
 * cents.
 */

export type PurchaseAsked = {
  pickup_id: number
  /** The offer that the seller says yes to. */
  offer_version: number
  identity: Identity
  /** The seller is another person than the owner on file, and the desk has asked. */
  other_owner: boolean
  declaration: {
    language: DeclarationLanguage
    words_version: number
    signature: string | null
  }
  payout: readonly { method: 'cash' | 'transfer'; amount_cents: number; reference?: string | null | undefined }[]
  /** What the unit will be sold at where its product has no price yet. */
  selling_price_cents: number | null
  approved_by: number | null
  /** Sent again under it, it is the same purchase. */
  request_key: string | null
}

/**
 * The purchase that this key made before, or that took one back; null where it made none.
 * @throws 422 where it was used for another request
 */
export async function purchaseUnder(
  db: Db,
  request_key: string | null,
  asked: { pickup_id: number; paid_cents: number } | { original_id: number },
): Promise<number | null> {
  const made = request_key === null ? undefined : await documentUnder(db, request_key)
  if (!made) return null
  if ('original_id' in asked) {
    if (made.original_id !== asked.original_id) throw invalid([OTHER_BODY])
    return made.id
  }
  const line = await db
    .selectFrom('receipt_line')
    .select('pickup_id')
    .where('receipt_id', '=', made.id)
    .executeTakeFirst()
  const isSame = made.original_id === null && line?.pickup_id === asked.pickup_id
  if (!isSame || made.total_cents !== asked.paid_cents) throw invalid([OTHER_BODY])
  return made.id
}

/**
 * Buys the device of a request and returns the purchase. A repair for which it is here has its end.
 * @throws 400, 404 or 409 for whatever forbids it: no offer, another offer, a device that is here already or locked, a seller
 * who may not sell, no signature, a payout that is not the price, a sum that needs somebody's approval
 */
export async function buy(trx: Trx, asked: PurchaseAsked): Promise<{ id: number; number: string; unit_id: number }> {
  const pickup = await findPickup(trx, asked.pickup_id, { own: null })
  const offer = await offerToPay(trx, pickup, asked.offer_version)
  const device = await deviceToBuy(trx, pickup)
  const isOthers = device.owner_id !== null && device.owner_id !== pickup.user_id
  if (isOthers && !asked.other_owner)
    throw badRequest('seller-is-not-owner', 'Somebody else is on file as the owner of this device')
  const { hold_days, payout_limit_cents } = await shopRules(trx)
  const approved_by = refuseUnapproved(offer, payout_limit_cents, asked.approved_by)
  const legs = legsOf(asked, offer.price_cents)
  await refuseGonePhoto(trx, asked.identity.photo_id)
  const { time_zone } = await ownShop(trx)
  await refuseSeller(trx, asked.identity)
  const unit = await addBoughtUnit(trx, {
    device,
    storage: pickup.storage,
    condition: offer.condition,
    cost_cents: offer.price_cents,
    hold_until: holdEnds(trx.act.now, hold_days, time_zone),
    selling_price_cents: asked.selling_price_cents,
  })
  const purchase = await writePurchase(
    trx,
    { customer_id: pickup.user_id, started_at: pickup.created_at, approved_by, request_key: asked.request_key },
    [lineOf(pickup.id, unit, offer.price_cents)],
    legs,
  )
  await unit.arrive({ purchase_receipt_id: purchase.id, receipt_line_id: purchase.line_ids[0]! })
  const sold = { customer_id: pickup.user_id, pickup_id: pickup.id, receipt_id: purchase.id }
  await keepIdentity(trx, sold, asked.identity)
  await keepDeclaration(trx, purchase.id, asked.declaration)
  await keepNotHere(trx, device)
  if (isOthers) await noteOtherOwner(trx, purchase.id)
  await patchDevice(trx, device.id, { own: null }, { owner_id: null, notes: null })
  await endRepairs(trx, device.id, { pickup_id: pickup.id, number: purchase.number })
  await patch(trx, 'pickup_request', pickup.id, {
    status: 'accepted',
    answered_offer_cents: offer.price_cents,
    answered_at: pickup.status === 'accepted' ? pickup.answered_at : trx.act.now,
    device_id: device.id,
  })
  return { id: purchase.id, number: purchase.number, unit_id: unit.id }
}

/** @throws 400 for a photo that was taken away meanwhile, since no purchase had named it */
async function refuseGonePhoto(trx: Trx, id: number | null) {
  if (id === null) return
  const photo = trx.selectFrom('photo').select('id').where('id', '=', id).where('deleted_at', 'is', null)
  if (!(await photo.executeTakeFirst())) throw badRequest('photo-gone', 'A photo is gone: take it again')
}

/** Who approved what is paid, null where nobody had to. @throws 400 where nobody did, for the sum or for another price than the matrix has */
function refuseUnapproved(
  { source, price_cents, approved_by }: Offer,
  limit_cents: number,
  approver: number | null,
): number | null {
  const isHigh = price_cents > limit_cents
  const isOpen = source === 'manual' && approved_by === null
  if (!isHigh && !isOpen) return null
  if (approver !== null) return approver
  if (isHigh) throw badRequest('payout-needs-approval', 'A payout as high as this needs approval')
  throw badRequest('offer-needs-approval', 'Another price needs approval')
}

const lineOf = (pickup_id: number, unit: { id: number; product_id: number; title: string }, price_cents: number) => ({
  kind: 'bought-unit' as const,
  pickup_id,
  unit_id: unit.id,
  product_id: unit.product_id,
  title: unit.title,
  qty: 1,
  unit_price_cents: price_cents,
  cost_cents: price_cents,
})

/** The offer that is paid: the one that stands, which the seller was shown, and which nobody has said no to. */
async function offerToPay(trx: Trx, { id, status }: { id: number; status: string }, version: number): Promise<Offer> {
  await refuseBought(trx, id)
  if (status !== 'offered' && status !== 'accepted') throw badRequest('no-offer', 'No offer to respond to')
  const offer = await standingOffer(trx, id)
  if (!offer) throw badRequest('no-offer', 'No offer to respond to')
  if (offer.version !== version) throw badRequest('offer-changed', 'The offer has changed')
  if (status === 'offered') refuseRunOut(trx, offer)
  return offer
}

/** The device: known, not here otherwise, and with nothing against it. */
async function deviceToBuy(trx: Trx, pickup: { id: number; device_id: number | null; order_id: number | null }) {
  if (pickup.device_id === null) throw badRequest('device-unseen', 'The device has not been looked at yet')
  const device = await findDevice(trx, pickup.device_id, { own: null })
  const elsewhere = await whereElse(trx, device, { order_id: pickup.order_id, holds: holdsAt(trx) })
  if (elsewhere) {
    const { where, name } = elsewhere
    throw conflict('device-is-here', `This device is here already: ${where} ${name}`, { where, name })
  }
  const [forbidden] = forbiddenBy(await lastChecks(trx, device.id))
  if (forbidden !== undefined)
    throw badRequest('device-fails-check', 'A check forbids to buy this device', { kind: forbidden })
  return device
}

/** What is paid out, as legs of the purchase: below 0, for the shop pays. A part of nothing is none. */
function legsOf({ payout }: PurchaseAsked, price_cents: number): NewLeg[] {
  const paid = payout.reduce((sum, { amount_cents }) => sum + amount_cents, 0)
  if (paid !== price_cents || payout.some(({ amount_cents }) => amount_cents < 0))
    throw badRequest('payout-not-the-price', 'What is paid out is not the price')
  return payout
    .filter(({ amount_cents }) => amount_cents > 0)
    .map(({ method, amount_cents, reference = null }) => ({
      method,
      amount_cents: -amount_cents,
      // Cash goes to no account.
      reference: method === 'transfer' ? reference : null,
    }))
}

async function keepDeclaration(trx: Trx, receipt_id: number, declaration: PurchaseAsked['declaration']) {
  const { language, words_version, signature } = declaration
  if (words_version !== DECLARATION_VERSION)
    throw badRequest('declaration-changed', 'The words of the declaration have changed: show them again')
  if (!signature?.trim()) throw badRequest('signature-missing', 'The seller has not signed')
  refuseBadDrawing(signature, 'declaration', 'signature')
  await insert(trx, 'declaration', {
    receipt_id,
    words: DECLARATION[language],
    words_version,
    signature,
    language,
    retain_until: await retainUntil(trx),
  })
}

/**
 * Takes a purchase back: the seller gets the device, the shop its money, the way it went (money.md 7.6). The request waits for
 * an answer again.
 * @throws 404, 409 where it was undone before, 400 where nobody approved it, and where the unit is not here or was touched since
 */
export async function undoPurchase(
  trx: Trx,
  id: number,
  { reason, approved_by, request_key }: { reason: string; approved_by: number | null; request_key: string | null },
): Promise<{ id: number; number: string }> {
  const purchase = await findDocument(trx, id)
  if (purchase.kind !== 'purchase' || purchase.original_id !== null)
    throw notFound('document-not-found', 'Document not found')
  if (purchase.undone_by)
    throw conflict('undone-already', `It was taken back already: ${purchase.undone_by.number}`, {
      number: purchase.undone_by.number,
    })
  if (approved_by === null) throw badRequest('undo-needs-approval', 'Taking a purchase back needs approval')
  const [line] = purchase.lines
  await refuseKept(trx, { ...line!, created_at: purchase.created_at })
  const back = await writePurchase(
    trx,
    {
      customer_id: purchase.customer_id,
      started_at: trx.act.now,
      original_id: id,
      approved_by,
      note: reason,
      request_key,
    },
    purchase.lines.map(({ id: original_line_id, kind, title, unit_price_cents, pickup_id, product_id, unit_id }) => ({
      kind,
      title,
      qty: -1,
      unit_price_cents,
      pickup_id,
      product_id,
      unit_id,
      original_line_id,
    })),
    purchase.legs
      .filter(({ amount_cents }) => amount_cents !== 0)
      .map(({ method, amount_cents, reference }) => ({ method, amount_cents: -amount_cents, reference })),
  )
  await returnBoughtUnit(trx, line!.unit_id!, back.line_ids[0]!)
  const unit = await trx
    .selectFrom('unit')
    .select('device_id')
    .where('id', '=', line!.unit_id!)
    .executeTakeFirstOrThrow()
  if (unit.device_id !== null) {
    await patchDevice(trx, unit.device_id, { own: null }, { owner_id: purchase.customer_id })
    await noteGivenBack(trx, unit.device_id, { pickup_id: line!.pickup_id!, number: back.number })
  }
  const again = { status: 'offered' as const, answered_offer_cents: null, answered_at: null }
  await patch(trx, 'pickup_request', line!.pickup_id!, again)
  return { id: back.id, number: back.number }
}
