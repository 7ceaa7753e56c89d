import { readConflicts } from '../../../db/fleet/conflicts.ts'
import type { Trx } from '../../../db/handle.ts'
import { isMine } from '../../../db/ownership.ts'
import { patch } from '../../../db/rows.ts'
import type { SalesOrderTable } from '../../../db/schema/store-tables.ts'
import { holdsStock } from '../../domain/sales-status.ts'
import { compareClocks } from '../../domain/time/write-order.ts'
import { takeExcessReturns, takeGoodsAgain } from '../stock/settle-goods.ts'
import { settleDeskRefunds } from './order-outcome.ts'

/**
 * Does what follows for an order of the web shop from what several machines did with it. Its owner: a person's step that met an
 * expiry unknowingly stands, its goods are taken again, and what was given back twice goes out again. Whoever took money at the
 * desk: it is due back once the order is over. Once more changes nothing.
 */
export async function settleSale(trx: Trx, order_id: number): Promise<void> {
  if (await isMine(trx, order_id)) {
    await letStepStand(trx, order_id)
    await takeExcessReturns(trx, order_id)
    const { status, deleted_at } = await orderById(trx, order_id)
    if (holdsStock(status) && deleted_at === null) await takeGoodsAgain(trx, order_id)
  }
  await settleDeskRefunds(trx, order_id)
}

const orderById = (trx: Trx, id: number) =>
  trx
    .selectFrom('sales_order')
    .select(['status', 'cancel_reason', 'deleted_at'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()

/** Time ran out by itself and later than somebody had gone on with the order, which the expiry did not know. */
async function letStepStand(trx: Trx, order_id: number): Promise<void> {
  const { status, cancel_reason } = await orderById(trx, order_id)
  if (status !== 'cancelled' || cancel_reason !== 'expired') return
  const steps = (await readConflicts(trx, 'sales_order', order_id)).filter(
    ({ register, lost, won }) => register === 'status' && lost.actor !== null && won.actor === null,
  )
  const last = steps.toSorted((a, b) => compareClocks(a.lost.clock, b.lost.clock)).at(-1)
  if (!last) return
  // The register of the status, as the conflict has it whole.
  const step = last.lost.values as Pick<SalesOrderTable, 'status' | 'cancel_reason' | 'expires_at'>
  if (holdsStock(step.status)) await patch(trx, 'sales_order', order_id, step)
}
