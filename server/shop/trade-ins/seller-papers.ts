import type { Db, Trx } from '../../../db/handle.ts'
import { insert } from '../../../db/rows.ts'
import { notFound } from '../../http/errors.ts'
import { findDocument } from '../money/documents.ts'

/** What the papers of a purchase say of its seller. Every look at an identity is a fact of its own. */

/** A document of a purchase, and the request that its device was bought for. */
type Bought = {
  id: number
  original_id: number | null
  created_at: number
  original_created_at: number | null
  pickup_id: number | null
}

/**
 * Who sold by a purchase; of one that takes another back, who sold by the other. Null where nobody was written down or their day
 * has come.
 */
export async function identityOf(db: Db, bought: Bought) {
  const receipt_id = bought.original_id ?? bought.id
  const row = await db
    .selectFrom('seller_identity')
    .select(['kind', 'name', 'document_kind', 'number', 'issuer', 'valid_until', 'born', 'address', 'photo_id'])
    .select('erased_at')
    .where('deleted_at', 'is', null)
    .where(({ or, and, eb }) =>
      or([
        eb('receipt_id', '=', receipt_id),
        // In an older row that does not say which purchase it is of, the last of the request that was there by then.
        and([
          eb('receipt_id', 'is', null),
          eb('pickup_id', '=', bought.pickup_id),
          eb('created_at', '<=', bought.original_created_at ?? bought.created_at),
        ]),
      ]),
    )
    .orderBy(({ eb }) => eb('receipt_id', 'is', null))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst()
  if (!row || row.erased_at !== null) return null
  const { erased_at: _, ...asked } = row
  // What was not asked is left out of the paper.
  const given = Object.entries(asked).filter(([, value]) => value !== null)
  return Object.fromEntries(given) as { [Field in keyof typeof asked]?: NonNullable<(typeof asked)[Field]> }
}

/** What was signed for a purchase. */
export const declarationOf = async (db: Db, receipt_id: number) =>
  (await db
    .selectFrom('declaration')
    .select(['words', 'language', 'signature'])
    .where('receipt_id', '=', receipt_id)
    .executeTakeFirst()) ?? null

/**
 * The hash of the photo of the document that the seller of a purchase showed.
 * @throws 404 where none was taken, or its day has come
 */
export async function identityPhoto(db: Db, document_id: number): Promise<string> {
  const { lines, ...document } = await findDocument(db, document_id)
  const identity = await identityOf(db, { ...document, pickup_id: lines[0]?.pickup_id ?? null })
  const photo = await db
    .selectFrom('photo')
    .select('sha256')
    .where('id', '=', identity?.photo_id ?? 0)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!photo) throw notFound('photo-not-found', 'Photo not found')
  return photo.sha256
}

/** Somebody looked at who sold. */
export const noteIdentityShown = (trx: Trx, document_id: number): Promise<number> =>
  insert(trx, 'till_event', { kind: 'identity-shown', user_id: trx.act.actor!, document_id })

/** The seller is not the owner on file: whoever buys has asked, and takes it that the device is theirs to sell. */
export const noteOtherOwner = (trx: Trx, document_id: number): Promise<number> =>
  insert(trx, 'till_event', { kind: 'other-owner', user_id: trx.act.actor!, document_id })

/** Who asked the seller of a purchase why another owner is on file, and when; null where none was. */
export const otherOwnerOf = async (db: Db, document_id: number) =>
  (await db
    .selectFrom('till_event')
    .innerJoin('user', 'user.id', 'till_event.user_id')
    .select(['user.full_name as asked_by', 'till_event.created_at as at'])
    .where('document_id', '=', document_id)
    .where('kind', '=', 'other-owner')
    .executeTakeFirst()) ?? null

/** Notes that the paper of a document came out, and how often it has. */
export async function notePrint(trx: Trx, document_id: number, paper: string): Promise<number> {
  const before = await printsOf(trx, document_id)
  if (paper !== 'purchase') return before
  const kind = before === 0 ? ('print' as const) : ('reprint' as const)
  await insert(trx, 'till_event', { kind, user_id: trx.act.actor!, document_id })
  return before + 1
}

/** How often the paper of a document came out. */
export async function printsOf(db: Db, document_id: number): Promise<number> {
  const { n } = await db
    .selectFrom('till_event')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('document_id', '=', document_id)
    .where('kind', 'in', ['print', 'reprint'])
    .executeTakeFirstOrThrow()
  return n
}
