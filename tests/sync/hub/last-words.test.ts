import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import { parse } from '../../../server/domain/time/hybrid-clock.ts'
import { openLastWords } from '../../../server/sync/hub/last-words.ts'
import { takePush } from '../../../server/sync/hub/take-push.ts'
import { openSync } from '../../../server/sync/take.ts'
import { listWaiting } from '../../../server/sync/waiting/list.ts'
import { decideAllAnew } from '../../../server/sync/waiting/again.ts'
import { drop, retry, sayAnew } from '../../../server/sync/waiting/person.ts'
import { otherNode } from '../../support/other-chain.ts'
import { customerOf, helloOf, openOffice, pushOf, shutOut, wireTo } from '../support/wire.ts'

const taken = () => Promise.resolve()
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

test('what cannot be read of a node that was shut out, or is not known here, waits for a person too and counts', async () => {
  await using office = await openOffice(1)
  const [wire, chain] = [wireTo(office, 1), otherNode(1)]
  await shutOut(office, 1)
  const customer = customerOf(chain, 1)
  const malformed = { ...customer, kind: 'put' as const, after: { store_id: 'none', full_name: 7 } }
  const unknown = { ...customer, kind: 'put' as const, entity: 'gadget' as never, after: { name: 'x' } }
  const pushed = [malformed, unknown].flatMap((one) => chain.says(office.clock.now(), [one]))
  const aside = [1, 2].map((seq) => ({ seq, state: 'quarantined', reason: 'revoked' }))
  expect((await wire.call('/push', pushOf(pushed))).body).toMatchObject({ acked: 2, troubles: aside })
  expect(await listWaiting(office.database.db)).toHaveLength(2)
  const words = openLastWords(office.database, { transactions: 2, bytes: 1_000 })
  await expect(words.taking(1, {}, taken)).rejects.toMatchObject({ status: 403, refused: { error: 'revoked' } })
  const sync = await openSync(office.database)
  const by = { actor: (await office.person('admin')).id, device: null, act: 'test' }
  for (const tx of [1, 2]) await drop(sync, keyOf(tx), by)
  expect(await listWaiting(office.database.db)).toEqual([])
  // What was dropped is kept as well.
  await expect(words.taking(1, {}, taken)).rejects.toMatchObject({ status: 403 })
})

test('what waited for a row when its node was shut out is applied once the row is here, and so is what was parked', async () => {
  await using office = await openOffice(2)
  const [wire, chain] = [wireTo(office, 1), otherNode(1)]
  const sync = await openSync(office.database)
  const { known } = sync
  const owner = customerOf(chain, 1)
  const rename = (n: number, full_name: string) => ({
    entity: 'user' as const, row_id: chain.id(n), kind: 'patch' as const,
    before: { full_name: `Customer ${n}` }, after: { full_name },
  }) // oxfmt-ignore
  const address = {
    ...owner,
    kind: 'put' as const,
    entity: 'address' as const,
    after: {
      store_id: 2, user_id: otherNode(2).id(9), full_name: 'A', phone_number: '1', address_line1: 'Road 1', city: 'C',
      state: 'S', postal_code: '1', country: 'X', is_default: 0,
    },
  } // oxfmt-ignore
  const told = [[owner], [address], [rename(1, 'Ann')]].map((said) => chain.says(office.clock.now(), said))
  // An older program at head office, which knows nothing of addresses' streets or of people's names.
  const columns = new Map(known.columns)
  columns.delete('user')
  const older = { ...sync, known: { ...known, columns, schema: known.schema - 1 } }
  const entries = told.flat()
  expect(await takePush(older, 1, pushOf(entries))).toMatchObject({ acked: 3 })
  const states = async () => (await listWaiting(office.database.db)).map(({ state }) => state)
  expect(await states()).toEqual(['parked', 'held', 'parked'])
  await shutOut(office, 1)
  await decideAllAnew(sync)
  expect(await states()).toEqual(['held'])
  expect(
    await office.database.db.selectFrom('user').select('full_name').where('id', '=', chain.id(1)).executeTakeFirst(),
  ).toEqual({ full_name: 'Ann' })
  expect(await retry(sync, keyOf(2), { actor: (await office.person('admin')).id, device: null, act: 'test' })).toBe(
    'hold',
  )
  expect(
    (await wire.call('/push', pushOf(chain.says(office.clock.now(), [customerOf(chain, 2)]), entries))).body,
  ).toMatchObject({
    troubles: [{ seq: 4, reason: 'revoked' }],
  })
})

test('a node that was shut out does not move the clock of head office', async () => {
  await using office = await openOffice(1)
  const [wire, chain] = [wireTo(office, 1), otherNode(1)]
  await shutOut(office, 1)
  const ahead = chain.says(office.clock.now() + 9 * 60_000, [customerOf(chain, 1)])
  const pushed = await wire.call('/push', pushOf(ahead))
  expect(pushed.body).toMatchObject({ acked: 1, stamps: [[1, expect.any(String)]] })
  expect(parse(pushed.body.stamps[0][1]).ms).toBeLessThanOrEqual(office.clock.now())
  await office.person('admin')
  const own = office.database.db.selectFrom('journal').select('hlc').where('origin', '!=', 1).orderBy('hlc', 'desc')
  expect(parse((await own.executeTakeFirstOrThrow()).hlc).ms).toBeLessThanOrEqual(office.clock.now())
})

test('a program that knows no verdict for a machine that was shut out is refused by name, and a newer one is told the verdict', async () => {
  await using office = await openOffice(1)
  const wire = wireTo(office, 1)
  const hello = (schema: number) => wire.call('/hello', helloOf(office, { schema }))
  expect(await hello(30)).toMatchObject({ status: 200, body: { verdict: 'go' } })
  await shutOut(office, 1)
  expect(await hello(30)).toMatchObject({ status: 403, body: { error: 'revoked' } })
  expect(await hello(31)).toMatchObject({ status: 200, body: { verdict: 'revoked' } })
})

test('a node that was shut out fills head office no further than so far', async () => {
  await using office = await openOffice(2)
  const [wire, chain] = [wireTo(office, 1), otherNode(1)]
  await shutOut(office, 1)
  const told = [1, 2].flatMap((n) => chain.says(office.clock.now(), [customerOf(chain, n)]))
  expect((await wire.call('/push', pushOf(told))).status).toBe(200)
  const words = openLastWords(office.database, { transactions: 2, bytes: 1_000 })
  await expect(words.taking(1, {}, taken)).rejects.toMatchObject({ status: 403, refused: { error: 'revoked' } })
  const long = openLastWords(office.database, { transactions: 4, bytes: 1_000 })
  const [more, same, bad] = [[chain.says(office.clock.now(), [customerOf(chain, 3)])], told, []]
  const take = (pushed: unknown) => () => takePush(sync, 1, pushed)
  const sync = await openSync(office.database)
  // What is refused, or here already, counts for nothing, however often it comes.
  for (const again of [pushOf(same), { ops: bad }]) await long.taking(1, 'a'.repeat(900), take(again))
  await long.taking(1, 'a'.repeat(600), take(pushOf(more.flat(), same)))
  await expect(long.taking(1, 'a'.repeat(600), taken)).rejects.toMatchObject({ status: 403 })
})
