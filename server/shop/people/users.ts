import type { Db, Trx } from '../../../db/handle.ts'
import { stampOf } from '../../../db/journal/journal.ts'
import { deleteLocal, isAsWritten, upsertLocal } from '../../../db/local.ts'
import { prepared } from '../../../db/prepared.ts'
import { insert, patch, remove } from '../../../db/rows.ts'
import { emailKey } from '../../domain/text/fold.ts'
import { badRequest, notFound } from '../../http/errors.ts'
import { type Caller, isInReach, isInScope, type Scope } from '../../http/auth/permissions.ts'
import { idsOfPerson } from './duplicates.ts'
import { phoneKeys } from './phone-keys.ts'
import type { VersionedHash } from './passwords/parent.ts'
import { isNotOfAnother, placeHere, reachOf, reachOfNew, refuseBeyondReach, refuseReach, worksHere } from './reach.ts'
import { endSessionsOf } from './sessions.ts'

/** Everybody the shop knows, customers and staff of both API surfaces: one table. */

export type User = Awaited<ReturnType<typeof findUser>>

export type NewUser = {
  full_name: string
  phone?: string | null | undefined
  email?: string | null | undefined
  role: Caller['role']
  is_staff: boolean
  profile_picture?: string | null | undefined
  source_key?: string | null | undefined
  /** Of who works: the one store, or null for all; the caller's own reach, or the terminal's store, where it is left out. */
  works_at?: number | null | undefined
}

export type UserChanges = Partial<Omit<NewUser, 'source_key'>> & { is_lead?: boolean | undefined }

/** `alone`: they made the account themselves, and nobody has seen them. `beside`: whose number or address may be theirs too. */
type Adding = { alone?: boolean; beside?: number | undefined }

/**
 * Adds a person, who is active and has no password yet; returns the id.
 * @throws 400 when somebody has this phone number or e-mail address already; 403 for a reach beyond the caller's
 */
export async function addUser(
  trx: Trx,
  { phone = null, email = null, works_at: stated, ...user }: NewUser,
  { alone = false, beside }: Adding = {},
): Promise<number> {
  await refuseTaken(trx, { phone, email }, beside)
  const works = worksHere({ role: user.role, is_staff: user.is_staff ? 1 : 0 })
  const works_at = works ? await reachOfNew(trx, stated) : null
  const unconfirmed_since = alone ? trx.act.now : null
  return await insert(trx, 'user', {
    ...user,
    ...(await contacts(trx, { phone, email })),
    works_at,
    is_active: true,
    unconfirmed_since,
  })
}

const userById = prepared((db, id: number) => selectUsers(db, { own: null }).where('id', '=', id))

/**
 * The person with this id, if within the scope.
 * @throws 404
 */
export async function findUser(db: Db, id: number, scope: Scope, missing = userNotFound) {
  const [user] = await userById(db, id)
  if (!user || !isInScope(scope, id)) throw missing()
  return user
}

const userNotFound = () => notFound('user-not-found', 'User not found')

/** People within the scope, in id order. */
export const listUsers = (db: Db, scope: Scope) => selectUsers(db, scope).orderBy('id')

function selectUsers(db: Db, { own }: Scope) {
  return (
    db
      .selectFrom('user')
      .select(['id', 'full_name', 'phone', 'email', 'profile_picture', 'role', 'is_staff', 'is_active', 'created_at'])
      .where('deleted_at', 'is', null)
      .$if(own !== null, (query) => query.where('id', '=', own!))
      // At head office who works at one store is not shown the people of another one; customers work at none.
      .$if(db.reach !== undefined, (query) => query.where(isNotOfAnother(db)))
  )
}

/** What these people are called and written to at, those that were removed included. */
export async function peopleById(
  db: Db,
  ids: readonly number[],
): Promise<Map<number, Pick<User, 'id' | 'full_name' | 'email'>>> {
  if (ids.length === 0) return new Map()
  const people = await db.selectFrom('user').select(['id', 'full_name', 'email']).where('id', 'in', ids).execute()
  return new Map(people.map((person) => [person.id, person]))
}

/**
 * Changes what is known of a person; a field that is undefined stays. Whose reach ends here loses their sessions.
 * @throws 404, 400 when the phone number or e-mail address is somebody else's, or the last admin would lose the role; 403 for
 * somebody beyond the caller's reach
 */
export async function patchUser(
  trx: Trx,
  id: number,
  { phone, email, is_lead, ...changes }: UserChanges,
): Promise<void> {
  const user = await findUser(trx, id, { own: null })
  const { works_at } = changes
  const isOfRights = works_at !== undefined || changes.role !== undefined || changes.is_staff !== undefined
  await refuseBeyondReach(trx, id, isOfRights ? 'rights' : 'contacts')
  if (works_at !== undefined) await refuseReach(trx, works_at)
  const staysAdmin = (changes.role ?? 'admin') === 'admin' && (works_at ?? null) === null
  if (!staysAdmin) await refuseLastAdmin(trx, user)
  await refuseTaken(trx, { phone, email }, id)
  // Null for those who never were one.
  const lead = is_lead === undefined ? {} : { is_lead: is_lead || null }
  await patch(trx, 'user', id, { ...changes, ...lead, ...(await contacts(trx, { phone, email })) })
  if (phone !== undefined && phone !== user.phone) await patch(trx, 'user', id, { phone_shared_at: null })
  if (works_at !== undefined && !isInReach(works_at, await placeHere(trx))) await endSessionsOf(trx, id)
}

/**
 * Hides a person and ends their sessions; repairs and payments stay.
 * @throws 404, 400 for oneself and for the last admin
 */
export async function removeUser(trx: Trx, id: number): Promise<void> {
  await refuseSelfOrLastAdmin(trx, id, 'delete')
  await remove(trx, 'user', id)
  await deleteLocal(trx, 'credential', { user_id: id })
  await endSessionsOf(trx, id)
}

/**
 * Shuts a person out and ends their sessions.
 * @throws 404, 400 for oneself and for the last admin
 */
export async function deactivate(trx: Trx, id: number): Promise<void> {
  await refuseSelfOrLastAdmin(trx, id, 'deactivate')
  await patch(trx, 'user', id, { is_active: false })
  await endSessionsOf(trx, id)
}

/**
 * Lets a person in again.
 * @throws 403 for somebody beyond the caller's reach
 */
export async function activate(trx: Trx, id: number): Promise<void> {
  await refuseBeyondReach(trx, id, 'rights')
  await patch(trx, 'user', id, { is_active: true })
}

/**
 * Sets the password from its bcrypt hash and ends the person's sessions, but for the one they did it in. A PIN beside it that is
 * not as it was written goes too. The journal says that it is another one, never the hash. Returns its version.
 * @throws 403 for somebody whose password is not given at this machine, or not by the caller
 */
export async function setPassword(
  trx: Trx,
  user_id: number,
  password_hash: string,
  { keepSession }: { keepSession?: string | undefined } = {},
): Promise<string> {
  await refuseBeyondReach(trx, user_id, 'password')
  const version = stampOf(trx)
  await keepHash(trx, user_id, { password_hash, version })
  await patch(trx, 'user', user_id, { password_version: version })
  await deleteLocal(trx, 'sign_in_failure', { account: `user ${user_id}` }) // They were guesses at the former one.
  await endSessionsOf(trx, user_id, keepSession)
  return version
}

/** Keeps the hash of a password that was given at another machine of the fleet, which head office has. */
export const keepPassword = (trx: Trx, user_id: number, hash: VersionedHash): Promise<void> =>
  keepHash(trx, user_id, { ...hash, parent_version: hash.version })

async function keepHash(trx: Trx, user_id: number, hash: VersionedHash & { parent_version?: string | null }) {
  if (!(await isAsWritten(trx, 'credential', { user_id }))) await deleteLocal(trx, 'credential', { user_id })
  await upsertLocal(trx, 'credential', { user_id }, { ...hash, updated_at: trx.act.now })
}

/** The hash by which a password is checked; null where none is here, or that of a former password alone. */
export const currentHash = (row: {
  password_hash: string | null
  version: string | null
  password_version: string | null
}): string | null => (row.version === row.password_version ? row.password_hash : null)

/**
 * Refuses contacts that another person has; another row of the same person is none.
 * @throws 400
 */
export async function refuseTaken(
  db: Db,
  { phone, email }: { phone?: string | null | undefined; email?: string | null | undefined },
  except?: number,
): Promise<void> {
  if (phone && (await someoneHas(db, 'phone_key', await phoneKeys(db, phone), except)))
    throw badRequest('phone-registered', 'Phone already registered')
  if (email && (await someoneHas(db, 'email_key', [emailKey(email)], except)))
    throw badRequest('email-registered', 'Email already registered')
}

async function someoneHas(
  db: Db,
  column: 'phone_key' | 'email_key',
  keys: readonly string[],
  except?: number,
): Promise<boolean> {
  const holders = await db
    .selectFrom('user')
    .select('id')
    .where(column, 'in', keys)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .limit(MOST_HOLDERS)
    .execute()
  if (except === undefined || holders.every(({ id }) => id === except)) return holders.some(({ id }) => id !== except)
  const own = await idsOfPerson(db, except)
  return holders.some(({ id }) => !own.has(id))
}

/** More rows than one person has. */
const MOST_HOLDERS = 50

/** The columns of a phone number and an e-mail address; undefined leaves them as they are. */
const contacts = async (db: Db, { phone, email }: Pick<UserChanges, 'phone' | 'email'>) => ({
  ...(phone !== undefined && { phone, phone_key: phone && (await phoneKeys(db, phone))[0] }),
  ...(email !== undefined && { email, email_key: email && emailKey(email) }),
})

const SELF_REFUSALS = {
  delete: () => badRequest('cannot-delete-yourself', 'You cannot delete yourself'),
  deactivate: () => badRequest('cannot-deactivate-yourself', 'You cannot deactivate yourself'),
}

async function refuseSelfOrLastAdmin(trx: Trx, id: number, what: keyof typeof SELF_REFUSALS) {
  const user = await findUser(trx, id, { own: null })
  await refuseBeyondReach(trx, id, 'rights')
  if (id === trx.act.actor) throw SELF_REFUSALS[what]()
  await refuseLastAdmin(trx, user)
}

/** Of the admins of all stores one must stay; who is admin of one store may go. */
async function refuseLastAdmin(trx: Trx, { id, role }: Pick<User, 'id' | 'role'>) {
  if (role !== 'admin' || (await reachOf(trx, id)) !== null) return
  const others = trx
    .selectFrom('user')
    .select('id')
    .where('role', '=', 'admin')
    .where('works_at', 'is', null)
    .where('is_active', '=', 1)
    .where('deleted_at', 'is', null)
    .where('id', '<>', id)
  if (!(await others.executeTakeFirst())) throw badRequest('last-admin', 'The last admin must stay')
}
