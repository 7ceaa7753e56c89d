import { expect, test } from 'vitest'
import { beginEpoch } from '../../../db/journal/begin-epoch.ts'
import { opsAbout } from '../../../db/journal/ops.ts'
import { patch } from '../../../db/rows.ts'
import { journalOf, packWholeJournal } from '../../support/journal.ts'
import { drain, type Member, openFleet, takeIn } from '../support/fleet.ts'

test('all that was written of a row is found, whoever wrote it, packed or not, before a restore and after', async () => {
  await using fleet = await openFleet(1)
  const { office, shops, catalogue } = fleet
  const { database } = office
  const { customer_id: id } = await takeIn(shops[0]!, catalogue.model_id, '0170 5500001')
  const rename = (member: Member, full_name: string) => member.write((trx) => patch(trx, 'user', id, { full_name }))
  const found = async () => {
    const places = (ops: readonly { origin: number; epoch: number; seq: number; after: string | null }[]) =>
      ops.map(({ origin, epoch, seq, after }) => `${origin}/${epoch}/${seq} ${after}`).toSorted()
    const all = (await journalOf(database)).filter((entry) => entry.entity === 'user' && entry.row_id === id)
    expect(places(await opsAbout(database.db, 'user', id))).toEqual(places(all))
    return all.length
  }
  await drain(fleet)
  await rename(office, 'One')
  await drain(fleet)
  await rename(shops[0]!, 'Two')
  await drain(fleet)
  expect(await found()).toBe(3)
  await packWholeJournal(database)
  await rename(office, 'Three')
  expect(await found()).toBe(4)
  await office.write((trx) => beginEpoch(trx, { epoch: 2, backup_at: null }))
  await rename(office, 'Four')
  expect(await found()).toBe(5)
  await packWholeJournal(database)
  expect(await found()).toBe(5)
})
