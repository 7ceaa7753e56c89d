import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { forgetPastAfter, keepPastCursor, pastCursors, thinned } from '../../../db/fleet/cursor-past.ts'
import { readCursor, saveCursor, streamHead } from '../../../db/fleet/feed.ts'
import { QUERY } from '../../../db/handle.ts'
import { insert } from '../../../db/rows.ts'
import { pullOnce } from '../../../server/sync/agent/pull.ts'
import type { Send } from '../../../server/sync/agent/send.ts'
import { drain, type Fleet, type Member, openFleet } from '../support/fleet.ts'

/** A head office that does not know the cursors of its nodes any more. */

const addBrand = (member: Member, n: number) =>
  member.write((trx) => insert(trx, 'brand', { name: `Brand ${n}`, name_key: `brand ${n}` }))

/** Head office writes as often, and the shops hear each time. */
async function days({ office, shops }: Fleet, count: number, from = 0) {
  for (let n = from; n < from + count; n++) {
    await addBrand(office, n)
    await drain({ shops })
  }
}

/** Takes the last ops out of the stream of head office, as a database does that was put back, or whose last commits were lost. */
async function lose(office: Member, count: number): Promise<void> {
  const { seq } = await streamHead(office.database.db, 'org')
  await office.write(async (trx) => {
    await sql`delete from feed where stream = 'org' and seq > ${seq - count}`.execute(trx[QUERY])
    const last = await trx
      .selectFrom('feed')
      .select(['seq', 'mark'])
      .where('seq', '=', seq - count)
      .executeTakeFirstOrThrow()
    await saveCursor(trx, 'stream_head', 'org', last)
  })
}

/** A member's way to head office, which counts the ops that come down. */
function counted(member: Member): { send: Send; ops: () => number } {
  let count = 0
  return {
    send: async (call, body) => {
      const reply = await member.send(call, body)
      const { org = [] } = reply as { org?: { ops: unknown[] }[] }
      count += org.reduce((sum, { ops }) => sum + ops.length, 0)
      return reply
    },
    ops: () => count,
  }
}

test('a node goes on from the last cursor that both know, and hears little twice', async () => {
  await using fleet = await openFleet(1)
  const [north] = fleet.shops as [Member]
  await days(fleet, 40)
  await lose(fleet.office, 3)
  await addBrand(fleet.office, 100)
  const { send, ops } = counted(north)
  while ((await pullOnce(north.sync, send)).more);
  expect(ops()).toBeLessThanOrEqual(10)
  const { db } = north.database
  expect(await readCursor(db, 'cursor', 'org')).toEqual(await streamHead(fleet.office.database.db, 'org'))
  const names = (await db.selectFrom('brand').select('name').execute()).map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['Brand 39', 'Brand 100']))
  // What it has had since is of the present past alone.
  for (const { seq, mark } of await pastCursors(db, 'org'))
    expect(
      await fleet.office.database.db
        .selectFrom('feed')
        .select('mark')
        .where('stream', '=', 'org')
        .where('seq', '=', seq)
        .executeTakeFirst(),
    ).toEqual({ mark })
})

test('where nothing is common, or a parent says nothing of it, all is heard again', async () => {
  await using fleet = await openFleet(1)
  const [north] = fleet.shops as [Member]
  await days(fleet, 3)
  const { db } = north.database
  const whole = (await streamHead(fleet.office.database.db, 'org')).seq
  for (const forget of ['past', 'answer'] as const) {
    await north.write(async (trx) => {
      await saveCursor(trx, 'cursor', 'org', { seq: whole, mark: 'of another past' })
      if (forget === 'past') await forgetPastAfter(trx, 'org', 0)
    })
    const { send, ops } = counted(north)
    const older: Send = async (call, body) => {
      const { cursors: _, ...reply } = (await send(call, body)) as { cursors?: unknown; error?: string }
      return reply.error ? reply : { ...reply, cursors: _ }
    }
    while ((await pullOnce(north.sync, forget === 'answer' ? older : send)).more);
    expect(ops()).toBe(whole)
    expect(await readCursor(db, 'cursor', 'org')).toMatchObject({ seq: whole })
  }
})

test('of the cursors that a node has had it keeps few, and one near whatever number is the last in common', async () => {
  await using fleet = await openFleet(1)
  const { write, database } = fleet.shops[0]!
  const LAST = 3_000
  await write(async (trx) => {
    for (let seq = 1; seq <= LAST; seq += 1 + (seq % 7)) await keepPastCursor(trx, 'a stream', { seq, mark: `${seq}` })
  })
  const kept = (await pastCursors(database.db, 'a stream')).map(({ seq }) => seq)
  expect(kept.length).toBeLessThan(25)
  for (let back = 16; back < LAST - 10; back += 13) {
    const common = kept.find((seq) => seq <= LAST - back)
    expect(LAST - common!, `${back} back`).toBeLessThanOrEqual(4 * back)
  }
  expect(thinned([100, 99, 98, 97, 96])).toEqual([98])
})
