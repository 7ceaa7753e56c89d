import type { Db, Trx } from '../../../db/handle.ts'
import { insert } from '../../../db/rows.ts'
import { notFound } from '../../http/errors.ts'
import { findDocument } from '../money/documents.ts'

/** What the papers of a purchase say of its seller. Every look at an identity is a fact of its own. */

/**
 * Who sold by a purchase: of the request's identities the one that was written down with it, for another may sell the device
 * after it was taken back. Null where none was or its day has come.
 */
export async function identityOf(db: Db, { pickup_id, bought_at }: { pickup_id: number | null; bought_at: number }) {
  if (pickup_id === null) return null
  const row = await db
    .selectFrom('seller_identity')
    .select(['kind', 'name', 'document_kind', 'number', 'issuer', 'valid_until', 'born', 'address', 'photo_id'])
    .where('pickup_id', '=', pickup_id)
    .where('created_at', '<=', bought_at)
    .where('erased_at', 'is', null)
    .where('deleted_at', 'is', null)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  if (!row) return null
  // What was not asked is left out of the paper.
  const given = Object.entries(row).filter(([, value]) => value !== null)
  return Object.fromEntries(given) as { [Field in keyof typeof row]?: NonNullable<(typeof row)[Field]> }
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
  const { lines, original_created_at, created_at } = await findDocument(db, document_id)
  const pickup_id = lines[0]?.pickup_id ?? null
  const identity = await identityOf(db, { pickup_id, bought_at: original_created_at ?? created_at })
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
