import { expect, test } from 'vitest'
import { insertLocal } from '../../../db/local.ts'
import { runAgent } from '../../../server/sync/agent/run-agent.ts'
import { eventually } from '../../support/eventually.ts'
import { PASSWORD } from '../../support/shop.ts'
import type { Member } from '../support/fleet.ts'
import { hashesAt, openPeople, signInAt } from '../support/people.ts'
import { openBadLine } from './support/bad-line.ts'

/** People who sign in at a terminal whose agent talks to head office over HTTP. */

const BY = { actor: null, device: null, act: 'test' }

/** A shop whose agent runs, and its line. */
async function openRunning() {
  const fleet = await openPeople(1)
  const [shop] = fleet.shops as [Member]
  const line = await openBadLine(fleet.office.url)
  const known = { id: 1, incarnation: 'first', address: line.url, sign_key: null } as const
  await shop.database.write(BY, (trx) => insertLocal(trx, 'head_office', known))
  const { context } = shop
  const agent = await runAgent({ ...context, version: '1', wholeMs: 20_000 })
  context.run.parent.signIn = agent.signIn
  return {
    ...fleet,
    shop,
    line,
    [Symbol.asyncDispose]: async () => {
      await agent.close()
      await line[Symbol.asyncDispose]()
      await fleet[Symbol.asyncDispose]()
    },
  }
}

test('somebody who was hired at head office signs in at once, and once more when the line is gone', async () => {
  await using fleet = await openRunning()
  const { shop, line } = fleet
  const mia = { full_name: 'Mia Bench', phone: '0170 7770001' }
  await fleet.hire(mia, null)
  await fleet.hire({ full_name: 'Lea Late', phone: '0170 7770002' }, null)
  await eventually(async () => {
    expect((await signInAt(shop, mia.phone)).status).toBe(200)
    expect((await shop.counter('GET', '/staff')).body.length).toBe(4)
  })
  line.fate = () => 'request lost'
  line.cut()
  expect((await signInAt(shop, mia.phone)).status).toBe(200)
  expect((await signInAt(shop, '0170 7770002')).body.code).toBe('first-sign-in-needs-line')
})

test('the password of somebody who was hired at the shop goes up, and one that head office gives comes down, by themselves', async () => {
  await using fleet = await openRunning()
  const { shop, office } = fleet
  const body = { full_name: 'New', phone: '0170 7770009', job: 'staff', password: PASSWORD }
  const { id } = (await shop.counter('POST', '/people', body)).body
  await eventually(async () => expect((await hashesAt(office)).get(id)).toBe((await hashesAt(shop)).get(id)))
  const given = await office.counter('POST', `/people/${id}/password`, { password: 'another one 1' })
  expect(given.status).toBe(204)
  await eventually(async () => expect((await hashesAt(shop)).get(id)).toBe((await hashesAt(office)).get(id)))
  expect((await signInAt(shop, body.phone, 'another one 1')).status).toBe(200)
  expect((await signInAt(shop, body.phone)).status).toBe(401)
})
