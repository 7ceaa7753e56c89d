import { sql } from 'kysely'
import type { Db, Trx } from '../../../db/handle.ts'
import { prepared } from '../../../db/prepared.ts'
import { inReach } from '../../../db/reach.ts'
import { ownNode } from '../../../db/self.ts'
import { isInReach, mayChangePeople, type Place, reachAt } from '../../http/auth/permissions.ts'
import { forbidden, type HttpError } from '../../http/errors.ts'

/** Of a fleet's people: where they sign in, and who may change what they are. The rules are in the permission table. */

const place = prepared((db) => ownNode(db).select(['self.role', 'node.store_id']))

/** Where this machine stands. */
export async function placeHere(db: Db): Promise<Place> {
  const [here] = await place(db)
  if (!here) throw new Error('The database has no node of its own')
  return here
}

const personById = prepared((db, id: number) =>
  db.selectFrom('user').select(['role', 'is_staff', 'works_at', 'store_id']).where('id', '=', id),
)

/** The database as somebody with this reach sees it at this machine: whoever signs in has no session yet. */
export async function asSeenBy(db: Db, works_at: number | null): Promise<Db> {
  if (works_at === null || db.reach !== undefined) return db
  const reach = reachAt(works_at, (await placeHere(db)).role)
  return reach === null ? db : inReach(db, reach)
}

/** That somebody does not work at another store alone than that of who asks; customers work at none. */
export const isNotOfAnother = ({ reach }: Pick<Db, 'reach'>) =>
  sql<boolean>`("user".works_at is null or "user".works_at = ${reach ?? null})`

/** Whether these columns are of somebody who works: admins, evaluators and who carries the flag. */
export const worksHere = ({ role, is_staff }: { role: string; is_staff: 0 | 1 }) =>
  role !== 'customer' || is_staff === 1

/**
 * Refuses a session of this machine to who works elsewhere.
 * @throws 403
 */
export async function refuseElsewhere(db: Db, user_id: number): Promise<void> {
  const [person] = await personById(db, user_id)
  if (person && worksHere(person) && !isInReach(person.works_at, await placeHere(db))) throw worksElsewhere()
}

export const worksElsewhere = (): HttpError =>
  forbidden('works-elsewhere', 'This person works at another shop, and signs in there')

/**
 * Refuses to say at this machine what somebody who works may do, or by which password they sign in, where their reach lies
 * beyond the caller's own or the machine's; head office would not believe it. A customer of another
 * store who is known here has name and contacts changed here, and nothing else.
 * @throws 403
 */
export async function refuseBeyondReach(trx: Trx, id: number, what: 'rights' | 'password' | 'contacts'): Promise<void> {
  const [person] = await personById(trx, id)
  if (!person) return
  if (worksHere(person)) return await refuseReach(trx, person.works_at)
  const { role, store_id } = trx.act.node
  // Who works at one store says at head office what a terminal of that store would: `store_id` is theirs then.
  const isOfOneStore = role === 'terminal' || trx.reach !== undefined
  if (what === 'contacts' || !isOfOneStore || person.store_id === store_id) return
  throw what === 'password'
    ? forbidden('customer-of-head-office', 'This customer signs in at head office: only it can give them a password')
    : ofHeadOffice()
}

/**
 * Refuses to give somebody this reach, or to change whoever has it.
 * @throws 403
 */
export async function refuseReach(trx: Trx, works_at: number | null): Promise<void> {
  const { actor, node } = trx.act
  if (mayChangePeople(await reachOf(trx, actor), works_at, { role: node.role ?? 'alone', store_id: node.store_id }))
    return
  throw node.role === 'terminal'
    ? ofHeadOffice()
    : forbidden('person-of-another-shop', 'Only people of your own shop can be changed by you')
}

/** Of who works the one store, or null for all; the program itself reaches all. */
export async function reachOf(db: Db, user_id: number | null): Promise<number | null> {
  const [person] = user_id === null ? [] : await personById(db, user_id)
  return person?.works_at ?? null
}

/**
 * The reach of somebody who is to work here: what was said; else this store's at a terminal, and elsewhere the caller's own.
 * @throws 403
 */
export async function reachOfNew(trx: Trx, stated: number | null | undefined): Promise<number | null> {
  const { actor, node } = trx.act
  const isTerminal = node.role === 'terminal'
  // Head office takes a new colleague from an admin of the store alone.
  if (isTerminal && actor === null) throw ofHeadOffice()
  const works_at = stated !== undefined ? stated : isTerminal ? node.store_id : await reachOf(trx, actor)
  await refuseReach(trx, works_at)
  return works_at
}

const ofHeadOffice = (): HttpError =>
  forbidden('person-of-head-office', 'This is done at head office: the person does not work at this shop alone')
