import { expect, test } from 'vitest'
import { findIds } from '../../db/search.ts'
import type { Trx } from '../../db/handle.ts'
import { addUser, patchUser } from '../../server/shop/accounts.ts'
import { findOrAddModel, findOrAddNamed } from '../../server/shop/catalogue.ts'
import { registerDevice } from '../../server/shop/devices.ts'
import { changeOrder, openOrder } from '../../server/shop/orders.ts'
import { openCommandLine } from './command-line.ts'

/** A customer with a repair; returns both ids. */
async function addCustomer(trx: Trx, full_name: string, phone: string) {
  const owner_id = await addUser(trx, {
    full_name: `Misspelt ${phone}`,
    phone,
    email: `${phone}@mail.example`,
    role: 'customer',
    is_staff: false,
  })
  await patchUser(trx, owner_id, { full_name })
  const device_type_id = await findOrAddNamed(trx, 'device_type', 'Phone')
  const brand_id = await findOrAddNamed(trx, 'brand', 'Apple')
  const model_id = await findOrAddModel(trx, { device_type_id, brand_id, name: 'iPhone 13' })
  const { id: device_id } = await registerDevice(trx, { device_type_id, brand_id, model_id, owner_id })
  return { owner_id, order: (await openOrder(trx, { device_id })).id }
}

const by = { actor: null, device: null, act: 'test' }

test('an erased person is nowhere to be read, and the journal still verifies', async () => {
  await using cli = await openCommandLine()
  const { owner_id } = await cli.look(async (database) => {
    const added = await database.write(by, (trx) => addCustomer(trx, 'Wilhelmina Quux', '555-0199'))
    await database.write(by, (trx) => changeOrder(trx, added.order, { status: 'Completed' }))
    await database.write(by, (trx) => addCustomer(trx, 'Somebody Else', '555-0111'))
    await database.settleSearch()
    return added
  })
  expect(await cli.run(['erase', '--customer', String(owner_id)])).toMatchObject({ code: 0 })

  expect((await cli.run(['verify'])).code).toBe(0)
  await cli.look(async ({ db }) => {
    expect(await findIds(db, 'user', 'quux', { limit: 5 })).toEqual([])
    expect(await findIds(db, 'user', 'somebody', { limit: 5 })).toHaveLength(1)
    const written = JSON.stringify([
      await db.selectFrom('user').selectAll().execute(),
      await db.selectFrom('journal').selectAll().execute(),
    ])
    for (const trace of ['Quux', '0199', 'Misspelt 555-0199']) expect(written).not.toContain(trace)
    expect(written).toContain('Somebody Else')
    expect(await db.selectFrom('repair_order').select('id').where('customer_id', '=', owner_id).execute()).toHaveLength(
      1,
    )
  })
  expect((await cli.run(['erase', '--customer', String(owner_id)])).code).toBe(0)
})

test('nobody is erased who has an open repair or works here', async () => {
  await using cli = await openCommandLine()
  const { owner_id } = await cli.look((database) =>
    database.write(by, (trx) => addCustomer(trx, 'Wilhelmina Quux', '555-0199')),
  )
  const { code, err } = await cli.run(['erase', '--customer', String(owner_id)])
  expect(code).toBe(1)
  expect(err).toContain('open repairs: S1-T1-000001')
  const clerk = await cli.look((database) =>
    database.write(by, (trx) => addUser(trx, { full_name: 'Clerk', role: 'customer', is_staff: true })),
  )
  expect((await cli.run(['erase', '--customer', String(clerk)])).err).toContain('works here')
  expect((await cli.run(['erase', '--customer', '4711'])).err).toContain('There is no customer 4711')
  const names = await cli.look(({ db }) => db.selectFrom('user').select('full_name').execute())
  expect(names).toEqual([{ full_name: 'Wilhelmina Quux' }, { full_name: 'Clerk' }])
})
