import type { Database } from '../../db/database.ts'
import type { Trx } from '../../db/handle.ts'
import { insert, insertMany, patch } from '../../db/rows.ts'
import { fillShop } from './big-shop.ts'
import { filled } from './filled.ts'

/** Orders of one transaction while filling. */
const BATCH = 1_000

/** A shop that has worked alone with so many repairs, each taken in, worked on and paid: some nine rows each. */
export const historyFile = (repairs: number): Promise<string> =>
  filled({
    name: `history-${repairs}`,
    sources: ['db/migrations/migrate.ts', 'tests/bench/big-shop.ts', 'tests/bench/joining-shop.ts'],
    fill: (database) => fill(database, repairs),
  })

async function fill(database: Database, repairs: number) {
  await fillShop(database, { orders: repairs, customers: Math.ceil(repairs / 2), notes: Math.ceil(repairs / 5) })
  const by = { actor: null, device: null, act: 'fill' }
  const { worker, problem } = await database.write(by, async (trx) => {
    await patch(trx, 'store', 1, { currency: 'USD', set_up_at: trx.act.now })
    const person = { full_name: 'Wanda Worker', phone: '+1 555 0199', phone_key: '+15550199', role: 'admin' as const }
    const worker = await insert(trx, 'user', { ...person, is_staff: true, is_active: true })
    return { worker, problem: await insert(trx, 'problem', { name: 'Odd noise', name_key: 'odd noise' }) }
  })
  for (let first = 1; first <= repairs; first += BATCH) {
    const count = Math.min(BATCH, repairs - first + 1)
    const orders = Array.from({ length: count }, (_, index) => first + index)
    await database.write(by, (trx) => addLife(trx, orders, { worker, problem }))
  }
  while (await database.packJournal(1_000)) continue
  await database.flushSearchIndex()
}

/** What happens to a repair besides its own row. */
async function addLife(trx: Trx, orders: readonly number[], { worker, problem }: { worker: number; problem: number }) {
  const intake = { accessories: '["charger"]', condition: '{"screen":"broken"}', terms_accepted: true }
  const intakes = await insertMany(
    trx,
    'intake',
    orders.map((order_id) => ({ order_id, ...intake })),
  )
  await insertMany(
    trx,
    'intake_problem',
    intakes.map((intake_id) => ({ intake_id, problem_id: problem })),
  )
  await insertMany(
    trx,
    'assignment',
    orders.map((order_id) => ({ order_id, user_id: worker, assigned_at: trx.act.now })),
  )
  const paid = { due_amount_cents: 0, status: 'Paid' as const, payment_method: 'Cash', paid_at: trx.act.now }
  const payments = await insertMany(
    trx,
    'payment',
    orders.map((order_id) => ({ order_id, ...paid })),
  )
  const money = { amount_cents: 1_000, kind: 'payment' as const, actor_id: worker, payment_method: 'Cash' }
  await insertMany(
    trx,
    'payment_entry',
    orders.map((order_id, index) => ({ payment_id: payments[index]!, order_id, ...money })),
  )
  const events = ['assigned', 'status'].flatMap((kind) =>
    orders.map((order_id) => ({ order_id, kind, actor_id: worker })),
  )
  await insertMany(trx, 'order_event', events)
}
