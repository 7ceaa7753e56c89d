import { mayApprove } from '../../shop/people/approvals.ts'
import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { ownRole } from '../../../db/self.ts'
import type { Context } from '../../context.ts'
import { findActiveEmployee, setupIsOpen } from '../../shop/people/staff.ts'
import { asSeenBy } from '../../shop/people/reach.ts'
import { ownShop } from '../../shop/shop-settings.ts'
import type { Boot as BootSchema, Person } from './session.contract.ts'

export type Boot = z.output<typeof BootSchema>

/** Who sits at the counter's page, and whether its screen is locked. */
export type AtTheCounter = { user_id: number; locked: boolean }

/** What the page needs to know when it opens: the shop, who is signed in, whether the screen is locked. */
export async function bootOf(db: Db, { config }: Pick<Context, 'config'>, at: AtTheCounter | null): Promise<Boot> {
  const user = at && (await findActiveEmployee(db, at.user_id))
  const { terminal, ...shop } = await ownShop(await asSeenBy(db, user?.works_at ?? null))
  return {
    version: config.version,
    terminal,
    setup_open: await setupIsOpen(db),
    shop,
    stores: user && user.works_at === null ? await mixedStores(db) : [],
    user: user ? personOf(user) : null,
    locked: user ? at.locked : false,
    pin_shared: user?.pin_shared_at != null,
  }
}

/** The stores of the organisation, where this is its head office. */
async function mixedStores(db: Db): Promise<Boot['stores']> {
  if ((await ownRole(db)) !== 'head-office') return []
  const stores = db.selectFrom('store').select(['id', 'code', 'name']).where('deleted_at', 'is', null)
  return await stores.orderBy('id').execute()
}

type StaffRow = {
  id: number
  full_name: string
  role: z.output<typeof Person>['role']
  is_staff: 0 | 1
  is_lead: 0 | 1 | null
  works_at: number | null
  pin_hash: string | null
  pin_length: number | null
}

export const personOf = ({
  id,
  full_name,
  role,
  pin_hash,
  pin_length,
  is_staff,
  is_lead,
  works_at,
}: StaffRow): z.output<typeof Person> => ({
  id,
  full_name,
  role,
  is_staff: is_staff === 1,
  approves: mayApprove({ role, is_staff, is_lead }),
  works_everywhere: works_at === null,
  has_pin: pin_hash !== null,
  pin_length,
})
