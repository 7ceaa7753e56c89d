import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { troublesOf } from '../../../db/fleet/waiting.ts'
import { insert, insertMany, patch } from '../../../db/rows.ts'
import { openApp } from '../../../server/app.ts'
import { listenersOf } from '../../../server/http/bounds/listener.ts'
import { eventually } from '../../support/eventually.ts'
import { type Member, START, takeIn } from '../support/fleet.ts'
import { type Fate, FATES } from './support/bad-line.ts'
import { comeTogether, expectTheSame, type Joined, openJoined, restart } from './support/joined.ts'

/** Head office and terminals whose agents talk with it over HTTP, over lines that a test makes bad. */

const SECOND = 1_000
const BY = { actor: null, device: null, act: 'test' }

/** Numbers below `most` that are the same in each run. */
function drawn(seed: number): (most: number) => number {
  let state = seed
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * most)
  }
}

const addBrand = ({ database }: Member, name: string) =>
  database.write(BY, (trx) => insert(trx, 'brand', { name, name_key: name.toLowerCase() }))

/** Head office answers at another port. */
async function moveOffice({ context }: Member) {
  const server = listenersOf(openApp(context), context.log)().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

test('what is written at a terminal is at head office, and what is written there is here, without anybody asking', async () => {
  await using fleet = await openJoined(1)
  const [{ shop, agent, hands }] = fleet.joined as [Joined]
  await takeIn(shop, fleet.catalogue.model_id, '0170 5550001')
  await comeTogether(fleet)
  const name = 'Head Office Brand'
  await addBrand(fleet.office, name)
  // The pull is held: it is answered as soon as there is something, and no time has to go by for that.
  await eventually(async () => {
    const found = shop.database.db.selectFrom('brand').select('id').where('name', '=', name)
    expect(await found.executeTakeFirst()).toBeDefined()
  })
  await eventually(() => {
    hands.pass(SECOND)
    expect(agent.state()).toMatchObject({ line: 'up', waiting: { ops: 0 }, needsPerson: null })
  })
  await expectTheSame(fleet)
})

test.each([1, 2, 3])(
  'over lines that cut, lose, double and lie, all that was acknowledged is on both sides once (%i)',
  async (seed) => {
    await using fleet = await openJoined(2)
    const { office, joined, catalogue } = fleet
    const draw = drawn(seed)
    let broken = 0
    // Each in its turn, and good ones between them, in an order of this seed.
    for (const { line } of joined) line.fate = () => (draw(5) < 2 ? 'good' : FATES[broken++ % FATES.length]!)
    const acknowledged = new Map(joined.map(({ shop }) => [shop, [] as string[]]))
    const brands: string[] = []
    await using other = await moveOffice(office)
    for (let round = 0; round < 40; round++) {
      const one = joined[draw(2)]!
      const phone = `0170 5${seed}${one.shop.node}${String(round).padStart(4, '0')}`
      await takeIn(one.shop, catalogue.model_id, phone)
      acknowledged.get(one.shop)!.push(`Customer ${phone}`)
      if (draw(4) === 0) {
        brands.push(`Brand ${round}`)
        await addBrand(draw(2) === 0 ? office : one.shop, `Brand ${round}`)
      }
      for (let step = 0; step < 3; step++) {
        for (const { hands } of joined) hands.pass(draw(70) * SECOND)
        await new Promise((resolve) => setTimeout(resolve, draw(20)))
      }
      if (draw(12) === 0) await restart(one)
      if (draw(8) === 0) one.line.cut()
      if (draw(8) === 0) one.line.leadTo(draw(2) === 0 ? other.url : office.url)
      // Tokens end, and the clocks are apart.
      if (draw(6) === 0) office.clock.pass(16 * 60 * SECOND)
    }
    await comeTogether(fleet)
    for (const { shop } of joined) {
      const customers = office.database.db.selectFrom('user').select('full_name').where('store_id', '=', shop.store)
      const names = (await customers.where('role', '=', 'customer').orderBy('full_name').execute()).map(
        (row) => row.full_name,
      )
      expect(names).toEqual(acknowledged.get(shop)!.toSorted())
      const here = await shop.database.db.selectFrom('brand').select('name').where('name', 'like', 'Brand %').execute()
      expect(here.map(({ name }) => name).toSorted()).toEqual(brands.toSorted())
    }
    await expectTheSame(fleet)
    const fates = new Set(joined.flatMap(({ line }) => [...line.happened.keys()]))
    expect([...fates].toSorted()).toEqual(FATES.toSorted())
  },
)

test('a terminal that is ended in the middle of a push goes on after its start, and nothing is twice', async () => {
  await using fleet = await openJoined(1)
  const [one] = fleet.joined as [Joined]
  const { shop, line } = one
  await comeTogether(fleet)
  let fate: Fate = 'reply lost'
  line.fate = (name) => (name === 'push' ? fate : 'good')
  for (const n of [1, 2, 3]) await takeIn(shop, fleet.catalogue.model_id, `0170 555000${n}`)
  await eventually(() => expect(line.happened.get('reply lost')).toBeGreaterThan(0))
  fate = 'silent'
  await restart(one)
  await takeIn(shop, fleet.catalogue.model_id, '0170 5550004')
  await eventually(() => {
    one.hands.pass(SECOND)
    expect(line.happened.get('silent')).toBeGreaterThan(0)
  })
  await restart(one)
  await comeTogether(fleet)
  await expectTheSame(fleet)
})

test('a terminal whose clock is a year off is in step', async () => {
  await using fleet = await openJoined(1)
  const [one] = fleet.joined as [Joined]
  await one.agent.close()
  await one.run({ now: () => START + 365 * 86_400 * SECOND })
  await takeIn(one.shop, fleet.catalogue.model_id, '0170 5550001')
  await comeTogether(fleet)
  await expectTheSame(fleet)
})

test('a terminal that head office shuts out says so, and what it still sends is put aside there', async () => {
  await using fleet = await openJoined(1)
  const [{ shop, agent, hands }] = fleet.joined as [Joined]
  await comeTogether(fleet)
  await fleet.office.database.write(BY, (trx) => patch(trx, 'node', shop.node, { revoked_at: START }))
  await eventually(() => {
    hands.pass(SECOND)
    expect(agent.state()).toMatchObject({ line: 'up', needsPerson: 'revoked' })
  })
  await takeIn(shop, fleet.catalogue.model_id, '0170 5550009')
  await eventually(() => {
    hands.pass(SECOND)
    expect(agent.state().waiting.ops).toBe(0)
  })
  const aside = await troublesOf(fleet.office.database.db)
  expect(new Set(aside.map(({ origin, reason }) => `${origin} ${reason}`))).toEqual(new Set([`${shop.node} revoked`]))
})

test('the counter goes on while much comes down', async () => {
  await using fleet = await openJoined(1)
  const [{ shop, agent, run }] = fleet.joined as [Joined]
  await comeTogether(fleet)
  await agent.close()
  for (let n = 0; n < 40; n++) {
    const brands = Array.from({ length: 50 }, (_, m) => ({ name: `Brand ${n} ${m}`, name_key: `brand ${n} ${m}` }))
    await fleet.office.database.write(BY, (trx) => insertMany(trx, 'brand', brands))
  }
  const heard = async () => {
    const brands = shop.database.db.selectFrom('brand').where('name', 'like', 'Brand %')
    return (await brands.select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n
  }
  const first = new Promise<void>((resolve) =>
    shop.database.onCommit((rows) => rows[0]?.entity === 'brand' && resolve()),
  )
  await run()
  await first
  // One intake and one list after the other until all has come: the first ones are there before.
  const seen: number[] = []
  for (let n = 0; seen.at(-1) !== 2_000; n++) {
    await takeIn(shop, fleet.catalogue.model_id, `0170 555${String(n).padStart(4, '0')}`)
    expect((await shop.counter('GET', '/repairs')).status).toBe(200)
    seen.push(await heard())
    expect(n).toBeLessThan(1_000)
  }
  expect(seen[0]).toBeLessThan(2_000)
  await comeTogether(fleet)
  await expectTheSame(fleet)
})
