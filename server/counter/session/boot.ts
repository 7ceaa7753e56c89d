import { sql } from 'kysely'
import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import type { Context } from '../../context.ts'
import type { Boot as BootSchema, Person } from './session.contract.ts'

export type Boot = z.output<typeof BootSchema>

/** Who sits at the counter's page, and whether its screen is locked. */
export type AtTheCounter = { user_id: number; locked: boolean }

/** What the page needs to know when it opens: the shop, who is signed in, whether the screen is locked. */
export async function bootOf(db: Db, { config }: Pick<Context, 'config'>, at: AtTheCounter | null): Promise<Boot> {
  const { terminal, ...shop } = await ownShop(db)
  const user = at && (await personBehindTheCounter(db, at.user_id))
  return {
    version: config.version,
    terminal,
    setup_open: await setupIsOpen(db),
    shop,
    user: user ? personOf(user) : null,
    locked: user ? at.locked : false,
  }
}

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

/** Who works here, or did and was shut out. */
export function allWhoWorkHere(db: Db) {
  return db
    .selectFrom('user')
    .leftJoin('credential', 'credential.user_id', 'user.id')
    .select(['user.id', 'user.full_name', 'user.phone', 'user.email', 'user.role', 'user.is_staff', 'user.is_active'])
    .select('credential.pin_hash')
    .where(WORKS_HERE)
    .where('user.deleted_at', 'is', null)
}

/** Who may stand behind the counter. */
export const peopleBehindTheCounter = (db: Db) => allWhoWorkHere(db).where('user.is_active', '=', 1)

/** The person with this id, if they may stand there; undefined for customers and those who left. */
export const personBehindTheCounter = (db: Db, id: number) =>
  peopleBehindTheCounter(db).where('user.id', '=', id).executeTakeFirst()

type Behind = {
  id: number
  full_name: string
  role: z.output<typeof Person>['role']
  is_staff: 0 | 1
  pin_hash: string | null
}

export const personOf = ({ id, full_name, role, pin_hash, is_staff }: Behind): z.output<typeof Person> => ({
  id,
  full_name,
  role,
  is_staff: is_staff === 1,
  has_pin: pin_hash !== null,
})

/** `worksHere` of the accounts, in the words of its partial index. */
const WORKS_HERE = sql<boolean>`(is_staff = 1 or role <> 'customer')`

/** The shop of this terminal. */
export async function ownShop(db: Db): Promise<Boot['shop'] & { terminal: string }> {
  const { former_taxes, ...shop } = await db
    .selectFrom('node')
    .innerJoin('store', 'store.id', 'node.store_id')
    .select(['node.terminal', 'store.id', 'store.code', 'store.name', 'store.currency', 'store.time_zone'])
    .select(['store.tax_mode', 'store.tax_rate', 'store.phone', 'store.address'])
    .select(['store.tax_number', 'store.opening_hours', 'store.terms', 'store.former_taxes', 'store.public_address'])
    .where('node.is_self', '=', 1)
    .executeTakeFirstOrThrow()
  // Only the shop's settings write it.
  return { ...shop, former_taxes: JSON.parse(former_taxes ?? '[]') as Boot['shop']['former_taxes'] }
}
