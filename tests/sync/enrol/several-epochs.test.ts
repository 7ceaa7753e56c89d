import { expect, test } from 'vitest'
import { beginEpoch } from '../../../db/journal/begin-epoch.ts'
import { becomeHeadOffice } from '../../../server/sync/enrol/become-head-office.ts'
import { publishAll } from '../../../server/sync/hub/publish-all.ts'
import { openSync } from '../../../server/sync/take.ts'
import { openSetUp } from './office.ts'

test('what a shop wrote before it was restored is told too, once it is head office', async () => {
  await using shop = await openSetUp()
  await shop.database.write({ actor: null, device: null, act: 'restore' }, (trx) =>
    beginEpoch(trx, { epoch: 2, backup_at: null }),
  )
  await becomeHeadOffice(shop.database, shop.context.keys)
  await publishAll(await openSync(shop.database))
  const { db } = shop.database
  const told = await db
    .selectFrom('feed')
    .select(['epoch', (e) => e.fn.countAll<number>().as('ops')])
    .groupBy('epoch')
    .orderBy('epoch')
    .execute()
  expect(told.map(({ epoch }) => epoch)).toEqual([1, 2])
  const heads = await db
    .selectFrom('origin_head')
    .select(['epoch', 'seq'])
    .where('origin', '=', 0)
    .orderBy('epoch')
    .execute()
  const [ended, present] = await db
    .selectFrom('journal')
    .select(['epoch', (e) => e.fn.max('seq').as('seq')])
    .groupBy('epoch')
    .orderBy('epoch')
    .execute()
  expect(heads).toEqual([ended, present])
  const first = await db
    .selectFrom('feed')
    .select('epoch')
    .where('stream', '=', 'org')
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()
  expect(first).toEqual({ epoch: 1 })
})
