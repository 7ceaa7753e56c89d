import { CompiledQuery } from 'kysely'
import { expect, test } from 'vitest'
import { QUERY } from '../../db/handle.ts'
import { ENGINE } from '../support/database.ts'
import { openShop } from '../support/shop.ts'

test.skipIf(ENGINE === 'postgres')(
  'a full disk is answered 507, reads go on, and the first write after there is space succeeds',
  async () => {
    await using shop = await openShop()
    const staff = await shop.person('staff')
    const limit = (pages: number | string) =>
      shop.database.write({ actor: null, device: null, act: 'test' }, async (trx) => {
        await trx[QUERY].executeQuery(CompiledQuery.raw(`pragma max_page_count = ${pages}`))
      })
    const add = (n: number) =>
      shop.call('POST', '/v1/problems', { as: staff, body: { name: `Problem ${n}`, description: 'x'.repeat(4_000) } })
    expect((await add(1)).status).toBe(201)
    await limit(1) // SQLite takes it for as many as there are.
    for (let n = 2; n < 6; n++) {
      const refused = await add(n)
      expect(refused.status).toBe(507)
      expect(refused.body.detail).toContain('The disk is full')
    }
    const reads = await shop.call('GET', '/v1/problems', { as: staff })
    expect(reads.status).toBe(200)
    expect(reads.body).toHaveLength(1)

    await limit(1_000_000)
    expect((await add(6)).status).toBe(201)
  },
)
