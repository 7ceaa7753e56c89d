import { ageOf } from '../../../db/queries/newest-first.ts'
import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { padded } from '../../../db/queries/id-list.ts'
import { foldText } from '../../domain/text/fold.ts'
import type { PurchaseHit, RequestHit } from './search.contract.ts'
import { deviceName } from '../../domain/text/device-name.ts'

/** What people offer us, found by its number or by whose it is. */

/** What was typed, and the customers whom it names. */
type Meant = { id: number | null; customers: readonly number[] }

/** As its label calls it, in the languages of the page, and as people write numbers. */
const NUMBER = /^(?:#|nº|no\.?|nr\.?|request|anfrage)?\s*(\d{1,15})$/

/** The id of the request that somebody means who writes `17`, `#17` or `Request 17`; null for what is no number. */
export function requestMeant(written: string): number | null {
  const [, digits] = NUMBER.exec(foldText(written)) ?? []
  return digits ? Number(digits) : null
}

// Of the newest of a few people: the sum keeps the engines from walking all rows by age until they meet enough of them.

/** The request of that number first, then those of the customers, newest first. */
export async function requestHits(
  db: Db,
  { id, customers }: Meant,
  limit: number,
): Promise<z.output<typeof RequestHit>[]> {
  const byNumber = id === null ? [] : await requests(db).where('pickup_request.id', '=', id).execute()
  const theirs = await (customers.length === 0
    ? []
    : requests(db)
        .where('pickup_request.user_id', 'in', padded(customers))
        .orderBy(ageOf('pickup_request'), 'desc')
        .orderBy('pickup_request.id', 'desc')
        .limit(limit)
        .execute())
  const found = [...byNumber, ...theirs.filter((request) => request.id !== id)].slice(0, limit)
  return found.map(({ brand, model_text, storage, full_name, email, phone, ...request }) => ({
    ...request,
    device_title: deviceName({ brand, model: model_text, storage }),
    customer_name: full_name || email || phone || '',
  }))
}

const requests = (db: Db) =>
  db
    .selectFrom('pickup_request')
    .innerJoin('brand', 'brand.id', 'pickup_request.brand_id')
    .innerJoin('user', 'user.id', 'pickup_request.user_id')
    .select(['pickup_request.id', 'pickup_request.status', 'brand.name as brand', 'model_text', 'storage'])
    .select(['user.full_name', 'user.email', 'user.phone'])
    .where('pickup_request.deleted_at', 'is', null)

/** Whose names and numbers of documents are meant. */
type Documents = { numbers: readonly string[]; customers: readonly number[] }

/**
 * Purchases by their numbers first, those that took another back too, then those from the customers, newest first. By the names
 * that customers have here: what stands on their documents is looked at on the purchase alone, where each look is noted.
 */
export async function purchaseHits(
  db: Db,
  { numbers, customers }: Documents,
  limit: number,
): Promise<z.output<typeof PurchaseHit>[]> {
  const newest = (query: ReturnType<typeof purchases>) =>
    query.orderBy('receipt.created_at', 'desc').orderBy('receipt.id', 'desc').limit(limit).execute()
  const byNumber = numbers.length === 0 ? [] : await newest(purchases(db).where('receipt.number', 'in', numbers))
  const theirs =
    customers.length === 0
      ? []
      : await newest(
          purchases(db).where('receipt.customer_id', 'in', padded(customers)).where('receipt.original_id', 'is', null),
        )
  const known = new Set(byNumber.map(({ id }) => id))
  const found = [...byNumber, ...theirs.filter(({ id }) => !known.has(id))].slice(0, limit)
  return found.map(({ original_id, undone_id, customer_name, ...purchase }) => ({
    ...purchase,
    customer_name: customer_name ?? '',
    undone: original_id !== null || undone_id !== null,
  }))
}

const purchases = (db: Db) =>
  db
    .selectFrom('receipt')
    .innerJoin('receipt_line', 'receipt_line.receipt_id', 'receipt.id')
    .leftJoin('receipt as undone', 'undone.original_id', 'receipt.id')
    .leftJoin('user', 'user.id', 'receipt.customer_id')
    .select(['receipt.id', 'receipt.number', 'receipt.original_id', 'receipt_line.title', 'undone.id as undone_id'])
    .select(['receipt.total_cents', 'user.full_name as customer_name'])
    .where('receipt.kind', '=', 'purchase')
