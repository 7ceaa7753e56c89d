import type { Trx } from '../../../db/handle.ts'
import { endpoints } from '../../../server/app.ts'
import { addModel, addNamed, findOrAddNamed } from '../../../server/shop/devices/catalogue.ts'
import { addStarterQuestions } from '../../../server/shop/trade-ins/starter-questions.ts'
import type { Step, Stock, Work } from './work.ts'

/** What the steps of a piece of work are called in the journal, and the marks by which it is told who wrote what. */

const ROUTES = endpoints
  .filter(({ kind }) => kind !== 'read')
  .map(({ method, path }) => ({
    act: `${method} ${path}`,
    // A fixed word (`/orders/assign`) stands before a name (`/orders/:id`).
    names: path.split(':').length,
    pattern: new RegExp(`^${method} ${path.replaceAll(/:\w+/g, '[^/]+')}$`),
  }))
  .toSorted((a, b) => a.names - b.names)

/** How the journal calls what a request does: method and path of its endpoint. */
export function actOf({ method, path }: Pick<Step, 'method' | 'path'>): string {
  const route = ROUTES.find(({ pattern }) => pattern.test(`${method} ${path}`))
  if (!route) throw new Error(`No endpoint writes at ${method} ${path}`)
  return route.act
}

/** The acts of a piece of work, found without a server: every answer names the row 1. */
export function actsOf(work: Work): string[] {
  const acts: string[] = []
  for (let step = work.next(); !step.done; step = work.next(ANY_REPLY)) acts.push(actOf(step.value))
  return acts
}

const ANY_REPLY = { id: 1, order_id: 1, pickup_id: 1, version: 1, payment: { id: 1 }, questions: [] }

/** Texts that nobody else writes: `mark7x12.`, which no other mark begins with. */
export function marks(seed: number) {
  let n = 0
  return () => `mark${seed}x${++n}.`
}

/** What work needs to find: a device with its questions, a category and the currency. */
export async function addGoods(trx: Trx): Promise<Omit<Stock, 'customer_id' | 'staff_id'>> {
  const brand_id = await findOrAddNamed(trx, 'brand', 'Fairphone')
  const device_type_id = (await addNamed(trx, 'device_type', { name: 'Handheld' })).id
  const model_id = (await addModel(trx, { brand_id, device_type_id, name: 'Five' })).id
  await addStarterQuestions(trx)
  const { id: category_id } = await trx.selectFrom('category').select('id').limit(1).executeTakeFirstOrThrow()
  const { currency } = await trx.selectFrom('store').select('currency').limit(1).executeTakeFirstOrThrow()
  return { brand_id, device_type_id, model_id, category_id, currency }
}
