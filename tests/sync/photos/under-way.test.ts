import { expect, test } from 'vitest'
import { eraseBodies } from '../../../db/journal/erase.ts'
import { erasePerson } from '../../../server/shop/erasure/erase-customer.ts'
import { dropPhotoFiles } from '../../../server/sync/photos/drop-files.ts'
import { openPhotoLine } from '../../../server/sync/photos/photo-line.ts'
import { formOf } from '../../api/pictures.ts'
import { eventually } from '../../support/eventually.ts'
import { drain, openFleet, takeIn } from '../support/fleet.ts'
import { photoFiles, pictureOfOurs } from './support/pictures.ts'
import { addPhoto, type Carried, openSenders, until } from './support/sending.ts'

const BY = { actor: null, device: null, act: 'test' }

test('photos of an evaluation that is under way at a terminal go with their person, wherever they are', async () => {
  await using fleet = await openFleet(1)
  const { office, catalogue } = fleet
  const [shop] = fleet.shops as [(typeof fleet.shops)[number]]
  const { order_id, customer_id } = await takeIn(shop, catalogue.model_id, '0170 5550001')
  await shop.counter('PATCH', `/tickets/${order_id}`, { status: 'Cancelled' })
  const { body: draft } = await shop.counter('POST', '/buy-ins', { order_id })
  const { bytes } = await pictureOfOurs()
  const added = await shop.counter('POST', `/buy-ins/${draft.id}/photos`, formOf({}, [['a.jpg', bytes]]))
  expect([added.status, added.text]).toEqual([201, added.text])
  await eventually(() => expect(photoFiles(shop)).toHaveLength(2))
  await drain(fleet)
  const rows = await office.database.write(BY, (trx) => erasePerson(trx, customer_id))
  await eraseBodies(office.database, BY, rows)
  await drain(fleet)
  await dropPhotoFiles(shop.context)
  expect(photoFiles(shop)).toEqual([])
  for (const { database } of fleet.all) {
    const photos = database.db.selectFrom('photo').select('id').where('deleted_at', 'is', null)
    expect(await photos.execute()).toEqual([])
  }
})

test('a photo that is under way without an end holds up neither ops nor what comes', async () => {
  await using fleet = await openSenders(1)
  const { office, catalogue } = fleet
  const [one] = fleet.senders as [Carried]
  one.line.fate = (name) => (name.startsWith('photos/') ? 'silent' : 'good')
  const first = await takeIn(one.shop, catalogue.model_id, '0170 5550001')
  await addPhoto(one.shop, first.order_id, '#c03020')
  await until(one, () => expect(one.line.happened.get('silent')).toBeGreaterThan(0))
  const { order_id } = await takeIn(one.shop, catalogue.model_id, '0170 5550002')
  await until(one, async () => {
    const there = office.database.db.selectFrom('repair_order').select('id').where('id', '=', order_id)
    expect(await there.execute()).toHaveLength(1)
  })
  await until(one, () => expect(one.agent.state()).toMatchObject({ line: 'up', waiting: { ops: 0, photos: 1 } }))
})

test('a photo that is under way waits between two pieces while ops are sent', async () => {
  await using fleet = await openFleet(1)
  const [shop] = fleet.shops as [(typeof fleet.shops)[number]]
  const { database, context } = shop
  let isPushing = true
  const sent: string[] = []
  const { step } = openPhotoLine({
    database,
    room: { config: context.config, run: context.run },
    line: {
      photo: async (_sha256, asked) => {
        if (asked.method !== 'PUT') return { is: 'none' }
        const turn = asked.turn().then(() => sent.push('a piece of the photo'))
        await new Promise((resolve) => setTimeout(resolve, 1))
        sent.push('ops')
        isPushing = false
        await turn
        return { is: 'here', bytes: null }
      },
    },
    log: context.log,
    now: context.now,
    isUp: () => true,
    isPushing: () => isPushing,
    onMoved: () => {},
    closing: new AbortController().signal,
  })
  const { order_id } = await takeIn(shop, fleet.catalogue.model_id, '0170 5550001')
  await addPhoto(shop, order_id, '#c03020')
  await drain(fleet)
  await step({ verdict: 'go', incarnation: 'first' } as Parameters<typeof step>[0], new AbortController().signal)
  expect(sent).toEqual(['ops', 'a piece of the photo'])
})
