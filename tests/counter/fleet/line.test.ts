import { expect, test } from 'vitest'
import { moveOriginHead } from '../../../db/fleet/origin-heads.ts'
import type { Fleet, LineState } from '../../../server/domain/fleet/line-state.ts'
import { becomeRole } from '../../support/other-chain.ts'
import { openCounter } from '../counter-shop.ts'

/** A line as the agent would tell of it, to look at. */
function tellingOf(state: Partial<LineState>): Fleet & { tried: number } {
  const fleet = {
    tried: 0,
    state: () =>
      ({
        line: 'down',
        since: 1_000,
        headOffice: 'https://office.example.com',
        waiting: { ops: 0, oldest_at: null, photos: 0 },
        lastContact: null,
        lastChange: null,
        troubles: { held: 0, quarantined: 0, parked: 0 },
        asideThere: 0,
        needsPerson: null,
        setBackAt: null,
        comparison: { comparedAt: null, sameAt: null, differs: [], more: false },
        ...state,
      }) satisfies LineState,
    tryNow: () => void fleet.tried++,
  }
  return fleet
}

test('a shop without a head office has no line, and nothing waits', async () => {
  await using shop = await openCounter()
  expect((await shop.counter('GET', '/line')).body).toBeNull()
  expect((await shop.counter('GET', '/line/waiting')).body).toEqual([])
  expect((await shop.counter('POST', '/line/attempts')).status).toBe(204)
})

test('the line says since when it is down and what needs a person, and is tried at once when somebody asks', async () => {
  await using shop = await openCounter()
  const fleet = (shop.context.run.fleet = tellingOf({
    waiting: { ops: 3, oldest_at: 900, photos: 2 },
    needsPerson: 'certificate',
    asideThere: 4,
    troubles: { held: 1, quarantined: 2, parked: 0 },
  }))
  expect((await shop.counter('GET', '/line')).body).toEqual({
    line: 'down',
    since: 1_000,
    head_office: 'https://office.example.com',
    waiting: { changes: 3, oldest_at: 900, photos: 2 },
    last_contact: null,
    troubles: { held: 1, quarantined: 2, parked: 0 },
    aside_there: 4,
    needs: 'certificate',
    set_back_at: null,
    same_at: null,
    differs: 0,
  })
  expect((await shop.counter('POST', '/line/attempts')).status).toBe(204)
  expect(fleet.tried).toBe(1)
})

test('what waits is counted by what was done, an intake and a payment once each', async () => {
  await using shop = await openCounter()
  await becomeRole(shop.database, 'terminal')
  shop.context.run.fleet = tellingOf({})
  const { id: node_id, epoch, seq } = await shop.write(async (trx) => trx.act.node)

  await shop.write((trx) => moveOriginHead(trx, { origin: node_id, epoch }, { seq, chain: 'so far' }))
  const { order_id: id } = await shop.takeIn()
  await shop.takeIn()
  expect((await shop.counter('PATCH', `/tickets/${id}`, { cost_cents: 9_000 })).status).toBe(200)
  const paid = await shop.counter('POST', `/tickets/${id}/payments`, { amount_cents: 9_000, method: 'Cash' })
  expect(paid.status).toBe(201)
  expect((await shop.counter('GET', '/line/waiting')).body).toEqual([
    { kind: 'payments', count: 1 },
    { kind: 'repairs', count: 3 },
  ])
})
