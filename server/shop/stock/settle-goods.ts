import { type Db, inStore, type Trx } from '../../../db/handle.ts'
import { insertMany, type NewRow } from '../../../db/rows.ts'
import { movedBy } from './ledger.ts'

/** What an order of the web shop holds of the stock, where two machines moved it and did not know of each other. */

type Taken = { product_id: number; unit_id: number | null; store_id: number; pieces: number }

/** What was given back twice goes out again: an order never returns more than it took. */
export async function takeExcessReturns(trx: Trx, order_id: number): Promise<void> {
  const excess = (await movedBy(trx, order_id)).filter(({ quantity }) => quantity > 0)
  await takeOut(trx, order_id, excess.map(({ quantity, ...of }) => ({ ...of, pieces: quantity }))) // oxfmt-ignore
}

/**
 * Takes an order's goods again that went back to the shelf when it was thought to be over: what its lines say, less what refunds
 * gave back. Never more than came back, and be it that there are fewer than none then.
 */
export async function takeGoodsAgain(trx: Trx, order_id: number): Promise<void> {
  const moved = await movedBy(trx, order_id)
  const came = await returnedBy(trx, order_id)
  for (const [product_id, wanted] of await wantedBy(trx, order_id)) {
    const own = moved.filter((row) => row.product_id === product_id)
    const held = own.reduce((sum, { quantity }) => sum - quantity, 0)
    let missing = Math.min(wanted - held, came.get(product_id) ?? 0)
    const again: Taken[] = []
    for (const { quantity, ...of } of own) {
      if (missing <= 0) break
      // A unit that is out is out already.
      if (of.unit_id !== null && quantity < 0) continue
      const pieces = of.unit_id === null ? missing : 1
      again.push({ ...of, pieces })
      missing -= pieces
    }
    await takeOut(trx, order_id, again)
  }
}

async function wantedBy(db: Db, order_id: number): Promise<Map<number, number>> {
  const lines = await db
    .selectFrom('sales_line')
    .select(['product_id', 'qty'])
    .where('order_id', '=', order_id)
    .execute()
  const given = await db
    .selectFrom('refund_line')
    .innerJoin('refund', 'refund.id', 'refund_line.refund_id')
    .select(['refund_line.product_id', 'refund_line.qty'])
    .where('refund.order_id', '=', order_id)
    .execute()
  const wanted = new Map<number, number>()
  for (const { product_id, qty } of lines) wanted.set(product_id, (wanted.get(product_id) ?? 0) + qty)
  for (const { product_id, qty } of given) wanted.set(product_id, Math.max(0, (wanted.get(product_id) ?? 0) - qty))
  return wanted
}

async function returnedBy(db: Db, order_id: number): Promise<Map<number, number>> {
  const returned = await db
    .selectFrom('stock_movement')
    .select(['product_id', ({ fn }) => fn.sum<number>('quantity').as('quantity')])
    .where('order_id', '=', order_id)
    .where('kind', '=', 'return')
    .groupBy('product_id')
    .execute()
  return new Map(returned.map(({ product_id, quantity }) => [product_id, quantity]))
}

async function takeOut(trx: Trx, order_id: number, taken: readonly Taken[]): Promise<void> {
  for (const [store_id, pieces] of Map.groupBy(taken, (piece) => piece.store_id)) {
    const movements = pieces.map((piece): NewRow<'stock_movement'> => ({
      product_id: piece.product_id,
      unit_id: piece.unit_id,
      order_id,
      quantity: -piece.pieces,
      kind: 'sale',
      actor_id: trx.act.actor,
    }))
    await insertMany(inStore(trx, store_id), 'stock_movement', movements)
  }
}
