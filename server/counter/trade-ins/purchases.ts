import { z } from 'zod'
import type { Trx } from '../../../db/handle.ts'
import { sum } from '../../domain/money/money.ts'
import { json } from '../../http/body.ts'
import { act, file, read, write } from '../../http/endpoint.ts'
import { int } from '../../http/fields.contract.ts'
import { writtenKey } from '../../http/idempotency.ts'
import { admin, anyEmployee, staffOrAdmin } from '../../http/auth/permissions.ts'
import { findDocument } from '../../shop/money/documents.ts'
import { approvedBy } from '../../shop/people/approvals.ts'
import { photoFile } from '../../shop/photos/photos.ts'
import { setShopRules, shopRules } from '../../shop/shop-rules.ts'
import { photoNamed } from '../../shop/trade-ins/identity-photos.ts'
import { buy, purchaseUnder, undoPurchase } from '../../shop/trade-ins/purchases.ts'
import { identityPhoto, noteIdentityShown, notePrint } from '../../shop/trade-ins/seller-papers.ts'
import {
  NewPurchase,
  Printed,
  Purchase,
  PurchaseFacts,
  PurchaseId,
  Rules,
  RulesChanges,
  Undo,
} from './purchases.contract.ts'
import { purchaseFacts, purchaseView } from './purchase-view.ts'

/** Buying a device in: identity, declaration, payout; and taking it back. */
export const purchases = [
  act(
    'POST /trade-ins/:id/purchase',
    {
      who: staffOrAdmin,
      params: PurchaseId,
      body: json(NewPurchase),
      response: Purchase,
      status: 201,
      keyed: 'by-document',
      summary: 'Buys the device of a request: seller, declaration, money and stock at once, or nothing',
    },
    async (context, { params, body: { approval, identity, declaration, payout, ...body }, headers, ...by }) => {
      const request_key = writtenKey(headers)
      const asked = { pickup_id: params.id, paid_cents: sum(payout.map(({ amount_cents }) => amount_cents)) }
      const before = await purchaseUnder(context.db, request_key, asked)
      if (before !== null) return await context.write((trx) => shownPurchase(trx, before))
      const approved_by = await approvedBy(context, approval, by)
      return await context.write(async (trx) => {
        const meanwhile = await purchaseUnder(trx, request_key, asked)
        if (meanwhile !== null) return await shownPurchase(trx, meanwhile)
        const { id } = await buy(trx, {
          request_key,
          pickup_id: params.id,
          offer_version: body.offer_version,
          other_owner: body.other_owner ?? false,
          selling_price_cents: body.selling_price_cents ?? null,
          approved_by,
          payout,
          identity: {
            kind: identity.kind,
            name: identity.name,
            document_kind: identity.document_kind ?? null,
            number: identity.number ?? null,
            issuer: identity.issuer ?? null,
            valid_until: identity.valid_until ?? null,
            born: identity.born ?? null,
            address: identity.address ?? null,
            photo_id: identity.photo == null ? null : photoNamed(context.tokens, params.id, identity.photo),
          },
          declaration: {
            language: declaration.language,
            words_version: declaration.words_version,
            signature: declaration.signature ?? null,
          },
        })
        return await purchaseView(trx, id)
      })
    },
  ),

  write(
    'GET /purchases/:id',
    {
      who: staffOrAdmin,
      params: PurchaseId,
      response: Purchase,
      summary: 'A purchase with all that its paper says; who looked at the identity is noted',
    },
    async ({ trx }, { params }) => await shownPurchase(trx, params.id),
  ),

  read(
    'GET /purchases/:id/facts',
    {
      who: staffOrAdmin,
      params: PurchaseId,
      response: PurchaseFacts,
      summary: 'A purchase without the papers of its seller: nobody’s identity is looked at',
    },
    ({ db, database }, { params }) => purchaseFacts(db, params.id, database.clock.expiry()),
  ),

  act(
    'GET /purchases/:id/photo',
    {
      who: staffOrAdmin,
      params: PurchaseId,
      response: file('image/jpeg'),
      summary: 'The photo of the document that the seller showed; who looked at it is noted',
    },
    async ({ db, write: note, ...context }, { params }) => {
      const photo = await photoFile(context, await identityPhoto(db, params.id), 'full')
      await note((trx) => noteIdentityShown(trx, params.id))
      return { ...photo, headers: { 'Cache-Control': 'no-store' } }
    },
  ),

  act(
    'POST /purchases/:id/undo',
    {
      who: staffOrAdmin,
      params: PurchaseId,
      body: json(Undo),
      response: Purchase,
      status: 201,
      keyed: 'by-document',
      summary: 'Takes a purchase back: the device to its seller, the money the way it went',
    },
    async (context, { params, body: { reason, approval }, headers, ...by }) => {
      const request_key = writtenKey(headers)
      const asked = { original_id: params.id }
      const before = await purchaseUnder(context.db, request_key, asked)
      if (before !== null) return await context.write((trx) => shownPurchase(trx, before))
      const approved_by = await approvedBy(context, approval, by)
      return await context.write(async (trx) => {
        const meanwhile = await purchaseUnder(trx, request_key, asked)
        if (meanwhile !== null) return await shownPurchase(trx, meanwhile)
        const { id } = await undoPurchase(trx, params.id, { reason, approved_by, request_key })
        return await shownPurchase(trx, id)
      })
    },
  ),

  write(
    'POST /purchases/:id/prints',
    {
      who: staffOrAdmin,
      params: PurchaseId,
      body: json(Printed),
      response: z.object({ printed: int() }),
      status: 201,
      summary: 'Notes that the paper of a purchase came out, so that the next one says that it is a copy',
    },
    async ({ trx }, { params, body: { paper } }) => {
      await findDocument(trx, params.id)
      return { printed: await notePrint(trx, params.id, paper) }
    },
  ),

  read(
    'GET /shop/rules',
    { who: anyEmployee, response: Rules, summary: 'What the shop has decided about buying in' },
    ({ db }) => shopRules(db),
  ),

  write(
    'PATCH /shop/rules',
    { who: admin, body: json(RulesChanges), response: Rules, summary: 'Changes what the shop has decided' },
    async ({ trx }, { body }) => {
      await setShopRules(trx, body)
      return await shopRules(trx)
    },
  ),
]

/** A purchase for somebody who may not have seen its seller before. */
async function shownPurchase(trx: Trx, id: number): Promise<z.output<typeof Purchase>> {
  const purchase = await purchaseView(trx, id)
  if (purchase.identity) await noteIdentityShown(trx, purchase.id)
  return purchase
}
