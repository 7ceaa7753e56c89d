import { accessDenied, forbidden, type HttpError, notAuthenticated } from '../errors.ts'

/** Who may call what, in one place. The permission table of the documented APIs is these rules and the endpoints that name them. */

/** The rows that a caller may touch: all of them, or those of one user. Finders require it. */
export type Scope = { own: number | null }

/** The columns of the permission table. The role decides before the flag. */
export type CallerKind = 'anonymous' | 'customer' | 'staff' | 'evaluator' | 'admin'

export type Caller = { id: number; role: 'customer' | 'evaluator' | 'admin'; is_staff: boolean }

/** What each standing may reach; left out is refused. `refusal` is what it is refused with, in place of "Access denied". */
export type Rule = { allow: Partial<Record<CallerKind, 'own' | 'all'>>; refusal?: () => HttpError }

export const callerKindOf = (caller: Caller | null): CallerKind =>
  !caller ? 'anonymous' : caller.role !== 'customer' ? caller.role : caller.is_staff ? 'staff' : 'customer'

/** Whether the counter tells somebody of the shop's money: prices, payments, receipts. Evaluators see trade-ins alone. */
export const seesMoney = (caller: Pick<Caller, 'role'> | null) => caller?.role !== 'evaluator'

/** Where somebody signs in: at a machine that has no head office, at a store's terminal, or at head office. */
export type Place = { role: 'alone' | 'terminal' | 'head-office'; store_id: number }

/**
 * Whether somebody who works may sign in at a place. `works_at` is their reach: one store, or null for all of them. Head office is
 * open to everybody who works; it shows them the rows of their reach alone.
 */
export const isInReach = (works_at: number | null, { role, store_id }: Place): boolean =>
  works_at === null || role === 'head-office' || works_at === store_id

/**
 * The one store whose rows somebody with this reach sees at such a place; null for all that there are. Elsewhere than at head office
 * there are none of other stores.
 */
export const reachAt = (works_at: number | null, role: Place['role'] | null): number | null =>
  role === 'head-office' ? works_at : null

/**
 * Whether whoever reaches `own` may change at a place what somebody who reaches `works_at` is and may do: an admin of a store its
 * people alone. Of a terminal head office believes what concerns the people of its own store.
 */
export const mayChangePeople = (own: number | null, works_at: number | null, { role, store_id }: Place): boolean =>
  role === 'alone' || ((own === null || own === works_at) && (role !== 'terminal' || works_at === store_id))

/** Whether somebody may decide which of two values of a row holds: of what admins change and of who works here, they alone. */
export const maySettle = ({ role }: Pick<Caller, 'role'>, isAdminsMatter: boolean): boolean =>
  role === 'admin' || !isAdminsMatter

export const everyone: Rule = {
  allow: { anonymous: 'all', customer: 'all', staff: 'all', evaluator: 'all', admin: 'all' },
}
export const signedIn: Rule = { allow: { customer: 'all', staff: 'all', evaluator: 'all', admin: 'all' } }
/** Customers see their own rows; everybody behind the counter sees all. */
export const ownerOrAnyEmployee: Rule = { allow: { customer: 'own', staff: 'all', evaluator: 'all', admin: 'all' } }
/** Customers their own, staff and admins all; evaluators have no business here. */
export const ownerOrStaffOrAdmin: Rule = { allow: { customer: 'own', staff: 'all', admin: 'all' } }
/** Each their own row, admins every one. */
export const selfOrAdmin: Rule = { allow: { customer: 'own', staff: 'own', evaluator: 'own', admin: 'all' } }
/** Staff and admins: whoever works repairs and takes money. */
export const staffOrAdmin: Rule = { allow: { staff: 'all', admin: 'all' } }
/** Everybody behind the counter, evaluators too. */
export const anyEmployee: Rule = { allow: { staff: 'all', evaluator: 'all', admin: 'all' } }
/** Each their own rows, whoever they are. */
export const own: Rule = { allow: { customer: 'own', staff: 'own', evaluator: 'own', admin: 'own' } }
/** Customers their own rows; who works here has screens of their own. */
export const customerAlone: Rule = { allow: { customer: 'own' } }
/** The admin part of the store API. */
export const adminRole: Rule = {
  allow: { admin: 'all' },
  refusal: () => forbidden('admin-role-required', 'Admin role required'),
}
export const admin: Rule = { allow: { admin: 'all' } }

/**
 * The rows that `caller` may touch under `rule`.
 * @throws 401 when nobody is signed in and somebody must be, 403 when this caller may not
 */
export function scopeOf(rule: Rule, caller: Caller | null): Scope {
  const reach = rule.allow[callerKindOf(caller)]
  if (reach === 'all') return { own: null }
  if (!caller) throw notAuthenticated()
  if (reach === undefined) throw (rule.refusal ?? accessDenied)()
  return { own: caller.id }
}

/** Whether a row that belongs to `owner` is within the scope. */
export const isInScope = (scope: Scope, owner: number | null) => scope.own === null || scope.own === owner
