import type { RowWrite } from '../../../db/applied.ts'
import type { Trx } from '../../../db/handle.ts'
import { deleteLocal } from '../../../db/local.ts'
import { isInReach } from '../../http/auth/permissions.ts'
import { worksHere } from '../../shop/people/reach.ts'
import { endSessionsOf } from '../../shop/people/sessions.ts'
import type { Fields } from '../core/registers.ts'

/**
 * What follows here from what other machines say of people: who was shut out, may do something else, works elsewhere or has
 * another password is signed out at once, and what this machine need not know any more is forgotten.
 */

/** Columns that were not as they are when the person signed in. */
const ENDING = ['is_active', 'deleted_at', 'role', 'is_staff', 'works_at', 'password_version']

/** `befores` are the values that rows had, by `user 7`; a person that is new here has no sessions. */
export async function followPeople(
  trx: Trx,
  writes: readonly Pick<RowWrite, 'entity' | 'row_id' | 'values'>[],
  befores: ReadonlyMap<string, Fields | null>,
): Promise<void> {
  for (const { entity, row_id, values } of writes) {
    const before = entity === 'user' ? befores.get(`user ${row_id}`) : null
    if (before) await followPerson(trx, row_id, before, { ...before, ...values })
  }
}

async function followPerson(trx: Trx, user_id: number, before: Fields, after: Fields): Promise<void> {
  const changed = ENDING.filter((column) => (before[column] ?? null) !== (after[column] ?? null))
  if (changed.length === 0) return
  if (!(await isOwnNews(trx, user_id, changed, after))) await endSessionsOf(trx, user_id)
  // A customer who has set a password elsewhere has used the code, or needs it no more.
  if (changed.includes('password_version')) await deleteLocal(trx, 'claim_code', { user_id })
  if (!isKnownHere(trx, before, after)) await deleteLocal(trx, 'credential', { user_id })
}

/** A new password that was set from here is known here already, and so is which session stays. */
async function isOwnNews(trx: Trx, user_id: number, changed: readonly string[], after: Fields): Promise<boolean> {
  if (changed.some((column) => column !== 'password_version')) return false
  const kept = await trx.selectFrom('credential').select('version').where('user_id', '=', user_id).executeTakeFirst()
  return kept !== undefined && kept.version === after['password_version']
}

/** Whether this machine goes on keeping the hash and PIN: not of who is gone, works elsewhere, or works no more. */
function isKnownHere({ act: { node } }: Trx, before: Fields, after: Fields): boolean {
  if ((after['deleted_at'] ?? null) !== null) return false
  const place = { role: node.role ?? 'alone', store_id: node.store_id }
  if (place.role !== 'terminal') return true
  const [worked, works] = [before, after].map((row) => worksHere(row as Parameters<typeof worksHere>[0])) // As the table has them.
  return works ? isInReach((after['works_at'] ?? null) as number | null, place) : !worked
}
