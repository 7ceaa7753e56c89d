import { expect, test } from 'vitest'
import { endpoints } from '../../../server/app.ts'
import { cleanUp } from '../../../server/cleanup.ts'
import { endCutOff } from '../../../server/http/idempotency.ts'
import { newReconciler, reconcile } from '../../../server/shop/card-payments/reconcile.ts'
import { bringUpToDate } from '../../../server/upkeep.ts'
import type { Member } from '../support/fleet.ts'
import { beginDoing, doAll, doMore, untold } from './support/doing.ts'
import { AT_HEAD_OFFICE, ELSEWHERE } from './support/lists.ts'
import { conflictsAt, expectInStep, openYard } from './support/yard.ts'

/** Every kind of write of the program in a fleet, and what the others hear of it. */

const WRITES = endpoints.filter(({ kind }) => kind !== 'read').map(({ method, path }) => `${method} ${path}`)

const DAY = 86_400_000

/** One round of all that a server does by itself. */
async function byItself({ context }: Member): Promise<void> {
  await endCutOff(context.database)
  await cleanUp(context)
  await reconcile(context, newReconciler(context))
  await bringUpToDate(context)
}

test('whatever is written at a terminal is the same everywhere afterwards, and nothing of it is put aside', async () => {
  await using yard = await openYard()
  const doing = beginDoing(yard, yard.north.store)
  await doAll(yard, doing, () => yard.north)
  await doMore(yard, doing, yard.north)
  await expectInStep(yard)
  expect(await untold(yard, doing)).toEqual([])
  for (const member of yard.all) expect(await conflictsAt(member)).toEqual([])
  expect(WRITES.filter((act) => !doing.done.has(act) && !(act in ELSEWHERE))).toEqual([])
  expect([...doing.refused.keys()].toSorted()).toEqual(Object.keys(AT_HEAD_OFFICE).toSorted())
  // Time passes: what runs out, is asked, forgotten and erased there by itself is the same everywhere too.
  for (const ms of [DAY, 40 * DAY, 20 * 366 * DAY]) {
    for (const { clock } of yard.all) clock.pass(ms)
    await byItself(yard.north)
  }
  await expectInStep(yard)
  const acts = yard.office.database.db
    .selectFrom('journal')
    .select('act')
    .where('origin', '=', yard.north.node)
    .distinct()
  const told = (await acts.execute()).map(({ act }) => act)
  for (const act of ['expire orders', 'stripe', 'erase sellers', 'forget expired']) expect(told).toContain(act)
})

test('whatever is written at head office is the same at the terminals of its stores, and nothing waits there', async () => {
  await using yard = await openYard()
  const doing = beginDoing(yard, yard.office.store)
  await doAll(yard, doing, () => yard.office)
  await doMore(yard, doing, yard.office)
  await expectInStep(yard)
  for (const member of yard.all) expect(await conflictsAt(member)).toEqual([])
  expect(WRITES.filter((act) => !doing.done.has(act) && !(act in ELSEWHERE))).toEqual([])
})
