import { expect, test } from 'vitest'
import { insert } from '../../db/rows.ts'
import { followBatches } from '../../server/sync/after/follow-batches.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { drain, type Member, openFleet } from './support/fleet.ts'

const add = (member: Member) => member.write((trx) => insert(trx, 'brand', { name: 'Nothing', name_key: 'nothing' }))

test('a running head office sees to what follows from what came, and a shop that is alone does nothing', async () => {
  await using fleet = await openFleet(2)
  const { office, shops } = fleet
  await using alone = await openShop()
  const closing = new AbortController()
  const follow = ({ context }: Shop) => followBatches({ ...context, run: { ...context.run, closing: closing.signal } })
  const ended = [follow(office), follow(alone)]
  const before = await alone.database.db.selectFrom('upkeep').selectAll().execute()
  const [first, second] = [await add(shops[0]!), await add(shops[1]!)]
  await alone.database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
    for (const id of [1, 2]) await insert(trx, 'brand', { name: `Nothing ${id}`, name_key: 'nothing' })
  })
  await drain(fleet)
  const marked = ({ database: { db } }: Shop) =>
    db.selectFrom('brand').select(['id', 'duplicate_of']).where('duplicate_of', 'is not', null).execute()
  await expect.poll(() => marked(office)).toEqual([{ id: second, duplicate_of: first }])
  closing.abort()
  await Promise.all(ended)
  expect(await marked(alone)).toEqual([])
  expect(await alone.database.db.selectFrom('upkeep').selectAll().execute()).toEqual(before)
  for (const { logged } of [office, alone])
    expect(logged.filter((line) => line.includes('could not be seen to'))).toEqual([])
})
