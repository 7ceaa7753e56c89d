import type { Db } from '../../../db/handle.ts'
import type { UserTable } from '../../../db/schema/shop-tables.ts'

/**
 * One person who was added at two nodes is two rows, of which the later names the other in `duplicate_of` until somebody makes
 * them one. Who signs in is the one that has a password.
 */

type Row = { id: number; duplicate_of: number | null }
type Account = Row & { password_hash: string | null } & Pick<
    UserTable,
    'role' | 'is_staff' | 'is_active' | 'password_version'
  >

/** Rows of one person follow each other to this length at most: a third node's row names the first or the second. */
const MOST_LINKS = 8

const accounts = (db: Db) =>
  db
    .selectFrom('user')
    .leftJoin('credential', 'credential.user_id', 'user.id')
    .select(['user.id', 'user.duplicate_of', 'user.role', 'user.is_staff', 'user.is_active', 'user.password_version'])
    .select('credential.password_hash')
    .where('user.deleted_at', 'is', null)

/**
 * The row by which the customer of this one signs in: itself, unless it has no password and another row of theirs has one. Not
 * the one by which they work here: a customer's code is worth nothing there.
 */
export async function accountOf(db: Db, id: number): Promise<number> {
  const rows = await rowsOfPerson(db, id)
  const own = rows.find((row) => row.id === id)
  if (!own || hasPassword(own)) return id
  return firstWithPassword(rows.filter(isCustomer))?.id ?? id
}

const isCustomer = ({ role, is_staff, is_active }: Account) => role === 'customer' && is_staff === 0 && is_active === 1

/** The ids of all rows of the person of this one, its own among them. */
export const idsOfPerson = async (db: Db, id: number): Promise<Set<number>> =>
  new Set([id, ...(await rowsOfPerson(db, id)).map((row) => row.id)])

async function rowsOfPerson(db: Db, id: number): Promise<Account[]> {
  const found = new Map<number, Account>()
  let wanted = [id]
  for (let link = 0; link < MOST_LINKS && wanted.length > 0; link++) {
    const rows = await accounts(db)
      .where((row) => row.or([row('user.id', 'in', wanted), row('user.duplicate_of', 'in', wanted)]))
      .execute()
    const added = rows.filter((row) => !found.has(row.id))
    for (const row of added) found.set(row.id, row)
    wanted = [...new Set(added.flatMap((row) => [row.id, ...(row.duplicate_of === null ? [] : [row.duplicate_of])]))]
  }
  return [...found.values()]
}

/** The hash may be at head office alone. */
const hasPassword = ({ password_hash, password_version }: Account) =>
  password_hash !== null || password_version !== null

const firstWithPassword = <T extends Account>(rows: readonly T[]): T | undefined =>
  rows.filter(hasPassword).toSorted((a, b) => a.id - b.id)[0]

/**
 * Of people who have one number or address those that are different people, in their order: of rows that are said to be the same
 * the one that has a password, or else the one that the others name.
 */
export async function withoutDuplicates<T extends { id: number }>(db: Db, people: readonly T[]): Promise<T[]> {
  if (people.length < 2) return [...people]
  const rows = await accounts(db)
    .where(
      'user.id',
      'in',
      people.map(({ id }) => id),
    )
    .execute()
  const originals = new Map(rows.map((row) => [row.id, row.duplicate_of]))
  const firstOf = (id: number) => {
    for (let link = 0; link < MOST_LINKS; link++) id = originals.get(id) ?? id
    return id
  }
  const kept = [...Map.groupBy(rows, ({ id }) => firstOf(id))].map(
    ([first, same]) => (firstWithPassword(same) ?? same.find(({ id }) => id === first) ?? same[0]!).id,
  )
  return people.filter(({ id }) => kept.includes(id))
}
