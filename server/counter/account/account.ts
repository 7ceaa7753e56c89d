import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { ageOf } from '../../../db/queries/newest-first.ts'
import { act } from '../../http/endpoint.ts'
import { customerAlone } from '../../http/auth/permissions.ts'
import { findUser } from '../../shop/people/users.ts'
import { endedByPurchase } from '../../shop/repairs/bought-devices.ts'
import { listOrders } from '../../shop/repairs/orders.ts'
import { runOutOf } from '../../shop/trade-ins/offers.ts'
import { detailsOf, newestPickups, rememberShownOffers } from '../../shop/trade-ins/trade-ins.ts'
import { repairRows } from '../queries/repair-rows.ts'
import { Account } from './account.contract.ts'
import { deviceName } from '../../domain/text/device-name.ts'

/** How much of a history a customer is shown. */
const SHOWN = 50

export const account = [
  act(
    'GET /account',
    { who: customerAlone, response: Account, summary: "A customer's own repairs and what they offer us" },
    async ({ db, database, now, write }, { scope }) => {
      const own = scope.own!
      const offers = await offersOf(db, own, database.clock.expiry())
      await rememberShownOffers(db, write, offers.flatMap(shownOf))
      return {
        full_name: (await findUser(db, own, scope)).full_name,
        repairs: await repairsOf(db, own, now()),
        offers,
      }
    },
  ),
]

async function repairsOf(db: Db, own: number, now: number): Promise<z.output<typeof Account>['repairs']> {
  const orders = await listOrders(db, { own })
    .clearOrderBy()
    .orderBy(ageOf('repair_order'), 'desc')
    .orderBy('id', 'desc')
    .limit(SHOWN)
    .execute()
  const ids = orders.map(({ id }) => id)
  const bought = await endedByPurchase(db, ids, own)
  return (await repairRows(db, ids, now)).map((row) => ({ ...row, bought: bought.has(row.id) }))
}

async function offersOf(db: Db, own: number, expiry: number): Promise<z.output<typeof Account>['offers']> {
  const pickups = await newestPickups(db, { own }).limit(SHOWN).execute()
  const { evaluations } = await detailsOf(
    db,
    pickups.map(({ id }) => id),
  )
  const waiting = pickups.flatMap(({ id, status }) => (status === 'offered' ? [id] : []))
  const over = await runOutOf(db, waiting, expiry)
  return pickups.map(({ brand_name, model_text, storage, ...pickup }) => ({
    ...pickup,
    device_title: deviceName({ brand: brand_name, model: model_text, storage }),
    // What is being looked at is no offer yet.
    final_offer_cents: OFFERED.has(pickup.status) ? (evaluations.get(pickup.id)?.final_offer_cents ?? null) : null,
    run_out: over.has(pickup.id),
  }))
}

const shownOf = ({ id: pickup_id, final_offer_cents }: z.output<typeof Account>['offers'][number]) =>
  final_offer_cents === null ? [] : [{ pickup_id, final_offer_cents }]

const OFFERED: ReadonlySet<string> = new Set(['offered', 'accepted', 'rejected'])
