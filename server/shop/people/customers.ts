import type { Db } from '../../../db/handle.ts'
import { inOrder, padded } from '../../../db/queries/id-list.ts'
import { newestFirst } from '../../../db/queries/newest-first.ts'
import { findIds } from '../../../db/search/search.ts'
import { nationalTails, withoutTrunk } from '../../domain/phone.ts'
import { looksLikePhone } from '../../domain/text/looks-like-phone.ts'
import { notFound } from '../../http/errors.ts'
import { accountOf } from './duplicates.ts'
import { phoneKeys } from './phone-keys.ts'

/** Those in the table of people who are customers and do not work here. */

/** @throws 404 for whoever is no customer: the people behind the counter are not changed here */
export async function findCustomer(db: Db, id: number) {
  const [customer] = await listCustomersById(db, [id])
  if (!customer) throw notFound('customer-not-found', 'Customer not found')
  return customer
}

/** Those of these people who are customers and nothing else, in the same order. */
export async function listCustomersById(db: Db, ids: readonly number[]) {
  if (ids.length === 0) return []
  const people = await db
    .selectFrom('user')
    .select(['id', 'full_name', 'phone', 'email', 'unconfirmed_since'])
    .where('id', 'in', padded(ids))
    .where('role', '=', 'customer')
    .where('is_staff', '=', 0)
    .where('deleted_at', 'is', null)
    .execute()
  const shown = people.map(({ unconfirmed_since, ...person }) => ({
    ...person,
    unconfirmed: unconfirmed_since !== null,
  }))
  const byId = new Map(shown.map((person) => [person.id, person]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** Whether somebody can sign in, by this row or another of the same person, be it at head office alone. */
export async function hasPassword(db: Db, id: number): Promise<boolean> {
  const person = await db
    .selectFrom('user')
    .leftJoin('credential', 'credential.user_id', 'user.id')
    .select(['user.password_version', 'credential.password_hash'])
    .where('user.id', '=', await accountOf(db, id))
    .executeTakeFirst()
  return person !== undefined && (person.password_version !== null || person.password_hash !== null)
}

/** How many staff may stand among the hits before a customer is missed. */
const MAX_STAFF_AMONG_HITS = 24

/**
 * Ids of people that hold every word, phone numbers by their digits however they are written. Newest first; behind them
 * whoever has the national spelling of an international number, who is likely the same. Staff are still among them.
 */
export async function findCustomers(db: Db, q: string, limit: number): Promise<number[]> {
  const { named, likely } = await customersMeant(db, q, limit)
  return [...new Set([...(await newestFirst(db, 'user', named)), ...likely])]
}

/** The same in no order, for whoever looks at many. */
export async function customersMatching(db: Db, q: string, limit: number): Promise<number[]> {
  const { named, likely } = await customersMeant(db, q, limit)
  return [...new Set([...named, ...likely])]
}

async function customersMeant(db: Db, q: string, limit: number): Promise<{ named: number[]; likely: number[] }> {
  const ids = await findIds(db, 'user', q, { limit: limit + MAX_STAFF_AMONG_HITS })
  if (!looksLikePhone(q)) return { named: ids, likely: [] }
  const digits = withoutTrunk(q.replaceAll(/\D/g, ''))
  if (digits.length < 3) return { named: ids, likely: [] }
  const spellings = new Set([digits, ...(await phoneKeys(db, q)).map((key) => withoutTrunk(key.replaceAll(/\D/g, '')))])
  spellings.delete(q)
  const byDigits: number[] = []
  for (const spelling of spellings)
    byDigits.push(...(await findIds(db, 'user', spelling, { limit: limit + MAX_STAFF_AMONG_HITS })))
  return { named: [...ids, ...byDigits], likely: await withNationalNumber(db, q, limit) }
}

/** Who has a number whose country is not known that begins as this one goes on behind its country. */
async function withNationalNumber(db: Db, q: string, limit: number): Promise<number[]> {
  const tails = nationalTails(q)
  const shortest = tails.at(-1)
  if (shortest === undefined) return []
  const ids = await findIds(db, 'user', shortest, { limit: limit + MAX_STAFF_AMONG_HITS })
  if (ids.length === 0) return []
  const people = await db.selectFrom('user').select(['id', 'phone_key']).where('id', 'in', padded(ids)).execute()
  // A `+` before it says its country: it is another number then, or was found by its digits.
  const isTheirs = ({ phone_key }: { phone_key: string | null }) => {
    const national = withoutTrunk(phone_key ?? '')
    return tails.some((tail) => national.startsWith(tail))
  }
  return inOrder(ids, people.filter(isTheirs)).map(({ id }) => id)
}
