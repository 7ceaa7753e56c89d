import { expect, test } from 'vitest'
import { pullOnce } from '../../../server/sync/agent/pull.ts'
import { pushOnce } from '../../../server/sync/agent/push.ts'
import { actOf } from '../../campaigns/kills/acts.ts'
import { beginDoing, doAll, untold } from './support/doing.ts'
import { AT_HEAD_OFFICE, AT_ITS_OWN_MACHINE } from './support/lists.ts'
import { conflictsAt, expectInStep, openYard, type Yard } from './support/yard.ts'

/** What begins something in the store in which it is done, or is done with what lies there. */
const COMES_IN: ReadonlySet<string> = new Set([
  'POST /counter/intakes',
  'POST /v1/devices',
  'POST /v1/orders',
  'POST /v1/users',
  'POST /v1/auth/register',
  'POST /api/orders/checkout',
  'POST /api/tradein/pickup-requests',
  'POST /counter/trade-ins/:id/purchase',
  'POST /counter/units/:id/hold/release',
  'POST /counter/purchases/:id/undo',
  'POST /counter/products/:id/stock/receipts',
  'POST /counter/products/:id/stock/counts',
  'POST /counter/products/:id/stock/write-offs',
])

/** All that one of two terminals wrote is at the other one, by head office. */
async function exchange({ north, south }: Yard): Promise<void> {
  for (const { sync, send } of [north, south]) while ((await pushOnce(sync, send)).more);
  for (const { sync, send } of [north, south]) while ((await pullOnce(sync, send)).more);
}

test('work that goes from one machine to the next, step by step, ends the same everywhere', async () => {
  await using yard = await openYard()
  const doing = beginDoing(yard, yard.north.store, { ...AT_HEAD_OFFICE, ...AT_ITS_OWN_MACHINE })
  const { north, office, south } = yard
  const machines = [north, office, south]
  let n = 0
  await doAll(yard, doing, async (step) => {
    await exchange(yard)
    const machine = machines[n++ % machines.length]!
    // An evaluation under way is its machine's; what comes in at head office is of its own store.
    if (step.path.startsWith('/counter/buy-ins')) return north
    return machine === office && COMES_IN.has(actOf(step)) ? south : machine
  })
  await expectInStep(yard)
  expect(await untold(yard, doing)).toEqual([])
  // Everybody knew what they changed.
  for (const member of yard.all) expect(await conflictsAt(member)).toEqual([])
  expect([...doing.refused.values()]).toContain('row-of-another-terminal')
})
