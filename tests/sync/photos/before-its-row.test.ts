import { afterEach, expect, test, vi } from 'vitest'
import { rowsNaming } from '../../../server/sync/photos/named.ts'
import type * as PhotoLines from '../../../server/sync/photos/photo-line.ts'
import { drain, openFleet, takeIn } from '../support/fleet.ts'
import { addPhoto } from './support/sending.ts'

/** A rule by a mistake: `photo before its row`, planted in what a photo's way asks whether ops wait. */

const OPS_WAIT = '../../../db/fleet/unsent.ts'
const WAY = '../../../server/sync/photos/photo-line.ts'

afterEach(() => vi.doUnmock(OPS_WAIT))

/** How often a picture was asked or sent of which head office had no row, and how often one of which it had. */
async function oneDay({ openPhotoLine }: typeof PhotoLines) {
  await using fleet = await openFleet(1)
  const { office, catalogue } = fleet
  const [shop] = fleet.shops as [(typeof fleet.shops)[number]]
  const came = { beforeItsRow: 0, behindIt: 0 }
  const { database, context } = shop
  const { step } = openPhotoLine({
    database,
    room: { config: context.config, run: context.run },
    line: {
      photo: async (sha256, { method }) => {
        const isThere = (await rowsNaming(office.database.db, sha256)).length > 0
        came[isThere ? 'behindIt' : 'beforeItsRow']++
        return isThere && method === 'PUT' ? { is: 'here', bytes: null } : { is: 'none' }
      },
    },
    log: context.log,
    now: context.now,
    isUp: () => true,
    isPushing: () => false,
    onMoved: () => {},
    closing: new AbortController().signal,
  })
  const greeted = { verdict: 'go', incarnation: 'first' } as Parameters<typeof step>[0]
  const { signal } = new AbortController()
  const { order_id } = await takeIn(shop, catalogue.model_id, '0170 5550001')
  for (const colour of ['#c03020', '#00ff00']) {
    await addPhoto(shop, order_id, colour)
    await step(greeted, signal)
    await drain(fleet)
    for (let n = 0; n < 3; n++) {
      shop.clock.pass(60_000)
      await step(greeted, signal)
    }
  }
  return came
}

test('no photo is asked or sent before head office has its row, and the test finds a program that does it', async () => {
  expect(await oneDay((await import(WAY)) as typeof PhotoLines)).toEqual({ beforeItsRow: 0, behindIt: 4 })
  vi.doMock(OPS_WAIT, async (original) => ({ ...(await original<object>()), unsentChain: async () => null }))
  const planted = (await import(`${WAY}?planted`)) as typeof PhotoLines
  const { beforeItsRow } = await oneDay(planted)
  expect(beforeItsRow).toBeGreaterThan(0)
})
