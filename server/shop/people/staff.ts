import { sql } from 'kysely'
import type { Db } from '../../../db/handle.ts'
import { isNotOfAnother } from './reach.ts'

/** Those in the table of people who work here. */

/** Whoever has no admin yet is being set up. */
export async function setupIsOpen(db: Db): Promise<boolean> {
  const admin = await db
    .selectFrom('user')
    .select('id')
    .where('role', '=', 'admin')
    .where(WORKS_HERE)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return admin === undefined
}

/** Who works here, or did and was shut out: at a store's machine its people and those of all stores, at head office everybody. */
export function listEmployees(db: Db) {
  return db
    .selectFrom('user')
    .leftJoin('credential', 'credential.user_id', 'user.id')
    .select(['user.id', 'user.full_name', 'user.phone', 'user.email', 'user.role', 'user.is_staff', 'user.is_active'])
    .select(['user.is_lead', 'user.works_at'])
    .select(['credential.pin_hash', 'credential.pin_key', 'credential.pin_length', 'credential.pin_shared_at'])
    .where(WORKS_HERE)
    .where(IN_REACH)
    .where('user.deleted_at', 'is', null)
}

/** Of them those whom the caller is shown: at head office who works at one store sees its people, and those of all stores. */
export const listColleagues = (db: Db) =>
  listEmployees(db).$if(db.reach !== undefined, (query) => query.where(isNotOfAnother(db)))

/** Who may stand behind the counter, whomever the caller is shown. */
export const everyActiveEmployee = (db: Db) => listEmployees(db).where('user.is_active', '=', 1)

/** Of them those whom the caller is shown. */
export const listActiveColleagues = (db: Db) => listColleagues(db).where('user.is_active', '=', 1)

/** The person with this id, if they may stand there; undefined for customers and those who left. */
export const findActiveEmployee = (db: Db, id: number) =>
  everyActiveEmployee(db).where('user.id', '=', id).executeTakeFirst()

/** Who works at all stores, and at this one; head office lists everybody. */
const IN_REACH = sql<boolean>`("user".works_at is null or exists (
  select 1 from self join node on node.id = self.node_id
  where self.role = 'head-office' or node.store_id = "user".works_at))`

/** `worksHere` of the accounts, in the words of its partial index. */
const WORKS_HERE = sql<boolean>`(is_staff = 1 or role <> 'customer')`
