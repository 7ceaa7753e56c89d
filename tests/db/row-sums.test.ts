import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { checkContent } from '../../db/check/check-content.ts'
import { sentenceOf } from '../../db/check/findings.ts'
import { QUERY } from '../../db/handle.ts'
import { insertLocal, lowerTo, updateLocal } from '../../db/local.ts'
import { addUser } from '../../server/shop/people/users.ts'
import { openShop, type Shop } from '../support/shop.ts'

const by = { actor: null, device: null, act: 'test' }
const found = async ({ database }: Shop) => (await checkContent(database)).findings

/** Two evaluations that are under way. */
async function openWithDrafts() {
  const shop = await openShop()
  const row = { pickup_id: null, order_id: null, answers: '[]', offer: 'null', photo_ids: '[]', version: 1 }
  const updated_by = await shop.database.write(by, (trx) =>
    addUser(trx, { full_name: 'Anna', role: 'customer', is_staff: true }),
  )
  const whole = { ...row, updated_by, created_at: 5, updated_at: 5 }
  for (const id of ['one', 'two'])
    await shop.database.write(by, (trx) =>
      insertLocal(trx, 'buy_in_draft', { id, device: `{"model":"${id}"}`, ...whole }),
    )
  return shop
}

const flip = ({ database }: Shop, id: string) =>
  database.write(by, (trx) =>
    sql`update buy_in_draft set device = ${'{"model":"onf"}'} where id = ${id}`.execute(trx[QUERY]),
  )

test('an evaluation under way that a disk changed is found, and whatever is written beside it hides nothing', async () => {
  await using shop = await openWithDrafts()
  expect(await found(shop)).toEqual([])
  await flip(shop, 'one')
  const finding = { kind: 'local', table: 'buy_in_draft', id: 'one' } as const
  expect(await found(shop)).toEqual([finding])
  expect(sentenceOf(finding)).toContain('buy_in_draft one')
  await shop.database.write(by, async (trx) => {
    await updateLocal(trx, 'buy_in_draft', { id: 'two' }, { version: 2 })
    await lowerTo(trx, 'buy_in_draft', 'updated_at', 4)
  })
  expect(await found(shop)).toEqual([finding])
})

test('what the program changes in an evaluation is as it was written, and a row of before there were sums is left alone', async () => {
  await using shop = await openWithDrafts()
  const sums = async () =>
    await shop.database.db.selectFrom('buy_in_draft').select(['id', 'sum']).orderBy('id').execute()
  const before = await sums()
  await shop.database.write(by, (trx) =>
    updateLocal(trx, 'buy_in_draft', { id: 'one' }, { version: 2, answers: '[1]' }),
  )
  const after = await sums()
  expect(after[0]!.sum).not.toBe(before[0]!.sum)
  expect(after[1]).toEqual(before[1])
  expect(await found(shop)).toEqual([])
  await shop.database.write(by, (trx) => sql`update buy_in_draft set sum = null`.execute(trx[QUERY]))
  await flip(shop, 'one')
  expect(await found(shop)).toEqual([])
})
