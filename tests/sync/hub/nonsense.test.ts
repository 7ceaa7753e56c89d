import { expect, test } from 'vitest'
import { checkContent } from '../../../db/check/check-content.ts'
import { readColumns } from '../../../db/row-states.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { SYNC_RULES } from '../../../db/schema/sync-rules.ts'
import type { ReceivedEntry } from '../../../db/applied.ts'
import { packWholeJournal } from '../../support/journal.ts'
import { otherNode } from '../../support/other-chain.ts'
import { customerOf, openOffice, pushOf, wireTo } from '../support/wire.ts'

/** A terminal whose program has gone mad: its chain is sound, and what it says of every table is nonsense. */

const VALUES: readonly unknown[] = [
  null, true, 7, -1, 0.5, 1e300, Number.MAX_SAFE_INTEGER, 2 ** 63, '', 'x', '{}', 'a\0b', '\ud800', '’; drop table self',
  'x'.repeat(5_000), {}, [], { toString: 1 },
] // oxfmt-ignore

const TABLES = Object.keys(SYNC_RULES) as SyncedTable[]

/** Pushes as many transactions at once as go into one push. */
function* pushesOf(transactions: readonly ReceivedEntry[][]) {
  let before: ReceivedEntry[] = []
  for (let from = 0; from < transactions.length; from += 200) {
    const entries = transactions.slice(from, from + 200).flat()
    yield pushOf(entries, before)
    before = entries
  }
}

test('whatever a node says of any table in any column, head office takes its chain and stays sound', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const columns = await readColumns(office.database.db)
  const chain = otherNode(1)
  const now = office.clock.now()
  const says = (said: object) => chain.says(now, [said as never])
  const transactions = [says(customerOf(chain, 1))]
  let n = 1
  for (const entity of TABLES)
    for (const value of VALUES) {
      const all = Object.fromEntries([...columns.get(entity)!.keys()].map((column) => [column, value]))
      const row_id = chain.id(++n)
      transactions.push(
        says({ entity, row_id, kind: 'put', after: { ...all, store_id: 2 } }),
        says({ entity, row_id: chain.id(1), kind: 'patch', before: all, after: all }),
      )
    }
  for (const entity of [...TABLES, 'journal', 'self', '', 'constructor'])
    for (const kind of ['del', 'event', 'erase', 'restore', ''])
      transactions.push(says({ entity, row_id: chain.id(1), kind, before: {}, after: {} }))
  const most = Number.MAX_SAFE_INTEGER
  // Erasures of what is not there, of another's chain and of themselves; restores that say how head office's own chain ended.
  for (const seqs of [
    [],
    [0],
    [most],
    [1, 2, most],
    [transactions.length + 1],
    'all',
    Array.from({ length: 30_000 }, () => 1),
  ])
    for (const origin of [1, 0, 2, most])
      transactions.push(
        says({ entity: 'journal', row_id: 1, kind: 'erase', before: {}, after: { origin, epoch: 1, seqs } }),
      )
  const ended = { origin: 0, epoch: 1, seq: 1, chain: 'another' }
  transactions.push(says({ entity: 'journal', row_id: 1, kind: 'restore', before: {}, after: { ended } }))
  for (const body of pushesOf(transactions)) {
    const reply = await wire.call('/push', body)
    expect([reply.status, reply.text.slice(0, 300)]).toEqual([200, expect.stringContaining('"acked"')])
  }
  const end = transactions.flat().at(-1)!
  const head = office.database.db.selectFrom('origin_head').select(['seq', 'chain']).where('origin', '=', 1)
  expect(await head.execute()).toEqual([{ seq: end.seq, chain: end.chain }])
  expect((await checkContent(office.database)).findings).toEqual([])
  await packWholeJournal(office.database)
  expect((await checkContent(office.database)).findings).toEqual([])
  expect((await wire.call('/pull', { cursors: { org: NONE, store: NONE } })).status).toBe(200)
})

const NONE = { seq: 0, mark: '' }
