import { expect, test } from 'vitest'
import { insert, patch } from '../../../db/rows.ts'
import { type Member, takeIn } from '../support/fleet.ts'
import { eventually } from '../../support/eventually.ts'
import { ENGINE } from '../../support/database.ts'
import { comeTogether, expectTheSame, type Joined, openJoined } from './support/joined.ts'
import { backUp, folderOfTest, restoreAt } from './support/put-back.ts'

/** Head office's database is put back to an earlier day, and its terminals give it what it lacks. */

const SECOND = 1_000
const BY = { actor: null, device: null, act: 'test' }

const addBrand = ({ database }: Member, name: string) =>
  database.write(BY, (trx) => insert(trx, 'brand', { name, name_key: name.toLowerCase() }))
const brandsOf = async ({ database: { db } }: Member) =>
  await db.selectFrom('brand').select(['id', 'name']).where('name', 'like', 'Brand %').orderBy('name').execute()
const customersOf = async ({ database: { db } }: Member, store: number) => {
  const people = db.selectFrom('user').select('full_name').where('store_id', '=', store).where('role', '=', 'customer')
  return (await people.orderBy('full_name').execute()).map(({ full_name }) => full_name.replace('Customer ', ''))
}

async function restoreOffice(office: Member, joined: readonly Joined[], path: string, folder: string) {
  for (const { agent } of joined) await agent.close()
  await restoreAt(office, path, folder)
  for (const { line, run } of joined) {
    line.leadTo(office.url)
    await run()
  }
}

// On PostgreSQL its own tools put a database back.
test.skipIf(ENGINE === 'postgres')(
  'what head office had acknowledged comes again, and what it had said itself comes back from who heard it',
  async () => {
    await using fleet = await openJoined(2)
    const { office, joined, catalogue } = fleet
    const [one, two] = joined as [Joined, Joined]
    using backups = folderOfTest()
    using machine = folderOfTest()
    await takeIn(one.shop, catalogue.model_id, '0170 5550001')
    await comeTogether(fleet)
    const path = await backUp(office, backups.folder)
    await takeIn(one.shop, catalogue.model_id, '0170 5550002')
    const brand = await addBrand(office, 'Brand of head office')
    await office.database.write(BY, (trx) =>
      patch(trx, 'brand', catalogue.brand_id, { name: 'Brand renamed', name_key: 'brand renamed' }),
    )
    await comeTogether(fleet)
    // This leans on what head office is about to forget.
    await two.shop.database.write(BY, (trx) =>
      insert(trx, 'model', { brand_id: brand, device_type_id: catalogue.device_type_id, name: 'M1', name_key: 'm1' }),
    )
    await comeTogether(fleet)
    await takeIn(two.shop, catalogue.model_id, '0170 5550003')
    const before = await brandsOf(one.shop)
    await restoreOffice(office, joined, path, machine.folder)
    expect(await customersOf(office, one.shop.store)).toEqual(['0170 5550001'])
    const fresh = await addBrand(office, 'Brand of its second life')
    await comeTogether(fleet)
    // A pull may have come before what others gave back.
    await eventually(async () => {
      for (const { hands } of joined) hands.pass(10 * SECOND)
      expect(await brandsOf(office)).toHaveLength(3)
    })
    await comeTogether(fleet)
    await expectTheSame(fleet)
    expect(await customersOf(office, one.shop.store)).toEqual(['0170 5550001', '0170 5550002'])
    expect(await customersOf(office, two.shop.store)).toEqual(['0170 5550003'])
    expect(await brandsOf(office)).toEqual(
      [...before, { id: fresh, name: 'Brand of its second life' }].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    )
    expect(before.map(({ id }) => id)).not.toContain(fresh)
    expect(await office.database.db.selectFrom('model').select('brand_id').where('name', '=', 'M1').execute()).toEqual([
      { brand_id: brand },
    ])
  },
)
