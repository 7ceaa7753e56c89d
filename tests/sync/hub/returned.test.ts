import { expect, test } from 'vitest'
import { insert } from '../../../db/rows.ts'
import { NOTHING_HEARD, openOffice, wireTo } from '../support/wire.ts'

/** What nodes give back to a head office that was restored: only what bears its seal is its own word. */

const BY = { actor: null, device: null, act: 'test' }

/** Head office has said something, and a node has heard it. */
async function openHeard() {
  const office = await openOffice(2)
  await office.database.write(BY, (trx) => insert(trx, 'brand', { name: 'Acme', name_key: 'acme' }))
  const wire = wireTo(office, 1)
  const { org, seals } = (await wire.call('/pull', { cursors: NOTHING_HEARD })).body
  const runs = org as { origin: number; epoch: number; ops: unknown[][] }[]
  expect(runs.every(({ origin }) => origin === 0)).toBe(true)
  expect(seals.of).toHaveLength(runs.reduce((sum, run) => sum + run.ops.length, 0))
  // The last of them are enough.
  const last = runs.at(-1)!
  return {
    office,
    wire,
    ops: [{ ...last, ops: last.ops.slice(-3) }],
    seals: (seals.of as string[]).slice(-last.ops.length).slice(-3),
  }
}

test('each op of head office’s own goes down with a seal, and what it has still is not taken again', async () => {
  const { office, wire, ops, seals } = await openHeard()
  await using _ = office
  const before = await office.database.db.selectFrom('self').select('seq').executeTakeFirst()
  const given = { ops, seals }
  expect(await wire.call('/returned', given)).toMatchObject({ status: 200, body: { taken: 0 } })
  expect(await office.database.db.selectFrom('self').select('seq').executeTakeFirst()).toEqual(before)
  expect(await office.database.db.selectFrom('heard').select('seq').execute()).toEqual([])
})

test('words that head office has not said are refused, whatever they look like', async () => {
  const { office, wire, ops, seals } = await openHeard()
  await using _ = office
  const forged = (change: (op: unknown[]) => void) => {
    const runs = structuredClone(ops)
    change(runs.at(-1)!.ops.at(-1)!)
    return { ops: runs, seals }
  }
  for (const body of [
    forged((op) => void (op[11] = JSON.stringify({ name: 'Mine', name_key: 'mine' }))),
    forged((op) => void (op[0] = 9_999)),
    forged((op) => void (op[8] = 9_999)),
    { ops: ops.map((run) => ({ ...run, epoch: 7 })), seals },
    { ops: ops.map((run) => ({ ...run, origin: 2 })), seals },
    { ops, seals: seals.toReversed() },
    { ops, seals: seals.map(() => 'AAAAAAAAAAAAAAAAAAAAAA') },
    { ops, seals: seals.map(() => '') },
  ])
    expect(await wire.call('/returned', body)).toMatchObject({ status: 422, body: { error: 'seal' } })
  for (const body of [
    null,
    [],
    {},
    { ops: [], seals },
    { ops: 'all', seals: [] },
    { ops, seals: 'all' },
    { ops, seals: seals.slice(1) },
  ])
    expect((await wire.call('/returned', body)).status).toBe(422)
  expect((await office.call('POST', '/sync/v1/returned', { body: { ops, seals } })).status).toBe(401)
  expect(await office.database.db.selectFrom('heard').select('seq').execute()).toEqual([])
})
