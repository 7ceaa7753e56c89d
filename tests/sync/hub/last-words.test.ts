import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import { openLastWords } from '../../../server/sync/hub/last-words.ts'
import { openSync } from '../../../server/sync/take.ts'
import { listWaiting } from '../../../server/sync/waiting/list.ts'
import { retry, sayAnew } from '../../../server/sync/waiting/person.ts'
import { otherNode } from '../../support/other-chain.ts'
import { customerOf, helloOf, openOffice, pushOf, shutOut, wireTo } from '../support/wire.ts'

const keyOf = (tx: number) => ({ origin: 1, epoch: 1, tx })

test('what a node sends after it was shut out is kept and waits for a person, who takes it or leaves it', async () => {
  await using office = await openOffice(2)
  const [wire, chain] = [wireTo(office, 1), otherNode(1)]
  const [sold, after, last] = [1, 2, 3].map((n) => chain.says(office.clock.now(), [customerOf(chain, n)]))
  expect((await wire.call('/push', pushOf(sold!))).body).toMatchObject({ acked: 1, troubles: [] })
  await shutOut(office, 1)
  const pushed = await wire.call('/push', pushOf([...after!, ...last!], sold))
  const aside = [2, 3].map((seq) => ({ seq, state: 'quarantined', reason: 'revoked' }))
  expect(pushed).toMatchObject({ status: 200, body: { acked: 3, troubles: aside } })
  const customers = async () => {
    const users = office.database.db.selectFrom('user').select('full_name').where('full_name', 'like', 'Customer%')
    return (await users.orderBy('id').execute()).map(({ full_name }) => full_name)
  }
  expect(await customers()).toEqual(['Customer 1'])
  const sync = await openSync(office.database)
  const admin = await office.person('admin')
  const by = { actor: admin.id, device: null, act: 'test' }
  // It is still shut out: only a person's own word brings it in.
  expect(await retry(sync, keyOf(2), by)).toBe('quarantine')
  await sayAnew(sync, keyOf(2), by)
  expect(await customers()).toEqual(['Customer 1', 'Customer 2'])
  expect(await listWaiting(office.database.db)).toMatchObject([{ ...keyOf(3), reason: 'revoked' }])
  expect((await checkContent(office.database)).findings).toEqual([])
})

test('a program that knows no verdict for a machine that was shut out is refused by name, and a newer one is told the verdict', async () => {
  await using office = await openOffice(1)
  const wire = wireTo(office, 1)
  const hello = (schema: number) => wire.call('/hello', helloOf(office, { schema }))
  expect(await hello(35)).toMatchObject({ status: 200, body: { verdict: 'go' } })
  await shutOut(office, 1)
  expect(await hello(35)).toMatchObject({ status: 403, body: { error: 'revoked' } })
  expect(await hello(36)).toMatchObject({ status: 200, body: { verdict: 'revoked' } })
})

test('a node that was shut out fills head office no further than so far', async () => {
  await using office = await openOffice(2)
  const [wire, chain] = [wireTo(office, 1), otherNode(1)]
  await shutOut(office, 1)
  const told = [1, 2].flatMap((n) => chain.says(office.clock.now(), [customerOf(chain, n)]))
  expect((await wire.call('/push', pushOf(told))).status).toBe(200)
  const words = openLastWords(office.database, { transactions: 2, bytes: 1_000 })
  await expect(words.admit(1, {})).rejects.toMatchObject({ status: 403, refused: { error: 'revoked' } })
  const long = openLastWords(office.database, { transactions: 3, bytes: 1_000 })
  await long.admit(1, 'a'.repeat(600))
  await expect(long.admit(1, 'a'.repeat(600))).rejects.toMatchObject({ status: 403 })
})
