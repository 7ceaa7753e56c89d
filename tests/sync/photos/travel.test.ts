import { rmSync, statfsSync, truncateSync } from 'node:fs'
import { join as pathOf } from 'node:path'
import { expect, test } from 'vitest'
import { eraseBodies } from '../../../db/journal/erase.ts'
import { updateLocal } from '../../../db/local.ts'
import { erasePerson } from '../../../server/shop/erasure/erase-customer.ts'
import { findPhoto } from '../../../server/shop/photos/photo-files.ts'
import { sweepPhotos } from '../../../server/shop/photos/photos.ts'
import { dropPhotoFiles } from '../../../server/sync/photos/drop-files.ts'
import { eventually } from '../../support/eventually.ts'
import { type Member, takeIn } from '../support/fleet.ts'
import { backUp, folderOfTest, restoreAt } from '../line/support/put-back.ts'
import { hasFiles, photoFiles } from './support/pictures.ts'
import { addPhoto, type Carried, openSenders, until } from './support/sending.ts'

/** Pictures between head office and terminals whose agents carry them. */

const SECOND = 1_000
const BY = { actor: null, device: null, act: 'test' }

const isPhoto = (name: string) => name.startsWith('photos/')
const needsOf = async ({ database: { db } }: Member) =>
  (await db.selectFrom('photo_need').select(['direction', 'sha256']).execute()).map(
    ({ direction, sha256 }) => `${direction} ${sha256}`,
  )

/** Looks at the first photo of a ticket at a member's counter. */
async function lookAt(member: Member, order_id: number, size = 'full') {
  const { body } = await member.counter('GET', `/tickets/${order_id}`)
  const path = `/counter/tickets/${order_id}/photos/${body.photos[0].id}?size=${size}`
  const reply = await fetch(member.url + path, { headers: { authorization: `Bearer ${member.clerk.token}` } })
  const bytes = Buffer.from(await reply.arrayBuffer())
  return { status: reply.status, bytes, code: reply.status === 200 ? null : JSON.parse(String(bytes)).code }
}

const erase = async ({ database }: Member, id: number) =>
  await eraseBodies(database, BY, await database.write(BY, (trx) => erasePerson(trx, id)))

test('a photo goes to head office behind the ops that name it, and to the other counter by itself while the repair is open', async () => {
  await using fleet = await openSenders(2, { oneStore: true })
  const [one, other] = fleet.senders as [Carried, Carried]
  const told: string[] = []
  other.shop.database.onCommit((rows) => void told.push(...rows.map(({ entity }) => entity)))
  // Nothing goes while ops cannot, whatever waits.
  one.line.fate = (name) => (name === 'push' ? 'away' : (one.asked.push(name), 'good'))
  const { order_id } = await takeIn(one.shop, fleet.catalogue.model_id, '0170 5550001')
  const sha256 = await addPhoto(one.shop, order_id, '#c03020')
  await until(one, () => expect(one.agent.state().waiting).toMatchObject({ photos: 1 }))
  for (let n = 0; n < 5; n++) {
    one.hands.pass(30 * SECOND)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  expect(one.asked.filter(isPhoto)).toEqual([])
  one.line.fate = (name) => (one.asked.push(name), 'good')
  await until(one, () => expect(hasFiles(fleet.office, sha256)).toBe(true))
  expect(one.asked.findIndex(isPhoto)).toBeGreaterThan(one.asked.indexOf('push'))
  await until(one, () => expect(one.agent.state().waiting).toMatchObject({ ops: 0, photos: 0 }))
  await until(other, () => expect(hasFiles(other.shop, sha256)).toBe(true))
  await until(other, async () => expect(await needsOf(other.shop)).toEqual([]))
  expect(told).toContain('photo')
  const [here, there] = [await lookAt(one.shop, order_id), await lookAt(other.shop, order_id)]
  expect([here.status, there.status, here.bytes.equals(there.bytes)]).toEqual([200, 200, true])
  expect((await lookAt(other.shop, order_id, 'thumbnail')).status).toBe(200)
})

test('a photo of a repair that is over is fetched when somebody looks at it, and until it is here it is said to be on its way', async () => {
  await using fleet = await openSenders(2, { oneStore: true })
  const [one, other] = fleet.senders as [Carried, Carried]
  const { order_id } = await takeIn(one.shop, fleet.catalogue.model_id, '0170 5550001')
  const sha256 = await addPhoto(one.shop, order_id, '#c03020')
  await one.shop.counter('PATCH', `/tickets/${order_id}`, { status: 'Cancelled' })
  other.line.fate = (name) => (isPhoto(name) ? 'away' : 'good')
  await until(other, async () => expect((await other.shop.counter('GET', `/tickets/${order_id}`)).body.photos).toHaveLength(1)) // oxfmt-ignore
  expect(await lookAt(other.shop, order_id)).toMatchObject({ status: 404, code: 'photo-on-its-way' })
  await until(one, () => expect(hasFiles(fleet.office, sha256)).toBe(true))
  await until(other, async () => expect(await needsOf(other.shop)).toEqual([]))
  expect(hasFiles(other.shop, sha256)).toBe(false)
  other.line.fate = () => 'good'
  await eventually(async () => expect(await lookAt(other.shop, order_id)).toMatchObject({ status: 200 }))
  expect(hasFiles(other.shop, sha256)).toBe(true)
})

test('a line that cuts, loses and lies keeps nothing half and takes nothing for sent; in the end the photo is there', async () => {
  await using fleet = await openSenders(1)
  const [one] = fleet.senders as [Carried]
  const fates = ['nonsense', 'nonsense', 'request cut', 'reply lost', 'reply cut', 'away', 'busy', 'doubled'] as const
  let [tried, lied] = [0, 0]
  one.line.fate = (name) => {
    if (!isPhoto(name)) return 'good'
    // Every other time, so that what follows a good answer has its turn too.
    const fate = tried++ % 2 === 0 ? fates[tried >> 1] : 'good'
    if (fate === 'nonsense') lied++
    return fate ?? 'good'
  }
  const { order_id } = await takeIn(one.shop, fleet.catalogue.model_id, '0170 5550001')
  const sha256 = await addPhoto(one.shop, order_id, '#c03020')
  await until(one, async () => expect(await needsOf(one.shop)).toEqual([]), 30 * SECOND)
  expect(hasFiles(fleet.office, sha256)).toBe(true)
  await eventually(() => expect(photoFiles(fleet.office)).toHaveLength(2))
  expect(lied).toBeGreaterThan(0)
  // Photos that fail make no other of the line.
  await until(one, () => expect(one.agent.state()).toMatchObject({ needsPerson: null, waiting: { ops: 0, photos: 0 } }))
})

test('a terminal whose photos find no room at head office still fetches what others have sent, and lets go of what is there', async () => {
  await using fleet = await openSenders(2, { oneStore: true })
  const { office, catalogue } = fleet
  const [one, other] = fleet.senders as [Carried, Carried]
  const [mine, theirs] = [
    await takeIn(one.shop, catalogue.model_id, '0170 5550001'),
    await takeIn(other.shop, catalogue.model_id, '0170 5550002'),
  ]
  const past = await addPhoto(one.shop, mine.order_id, '#0000ff')
  await one.shop.counter('PATCH', `/tickets/${mine.order_id}`, { status: 'Cancelled' })
  await until(one, () => expect(hasFiles(office, past)).toBe(true))
  // The other one's is there before the disk is full; its row has not been heard yet.
  one.line.fate = (name) => (name === 'pull' ? 'away' : 'good')
  const shown = await addPhoto(other.shop, theirs.order_id, '#00ff00')
  await until(other, () => expect(hasFiles(office, shown)).toBe(true))
  const { bavail, bsize } = statfsSync(office.context.config.data)
  office.context.config.photoReserve = bavail * bsize * 2
  const { order_id } = await takeIn(one.shop, catalogue.model_id, '0170 5550003')
  await addPhoto(one.shop, order_id, '#c03020')
  one.line.fate = () => 'good'
  await until(one, () => expect(hasFiles(one.shop, shown)).toBe(true))
  one.shop.context.config.photoReserve = (bavail * bsize) / 1.2
  await until(one, () => expect(hasFiles(one.shop, past)).toBe(false), 30 * SECOND)
  expect(await needsOf(one.shop)).toEqual([expect.stringMatching(/^send /)])
  expect(photoFiles(office)).toHaveLength(4)
})

test('head office whose disk is short is asked again later, and work goes on meanwhile', async () => {
  await using fleet = await openSenders(1)
  const [one] = fleet.senders as [Carried]
  const { config } = fleet.office.context
  const { bavail, bsize } = statfsSync(config.data)
  config.photoReserve = bavail * bsize * 2
  const { order_id } = await takeIn(one.shop, fleet.catalogue.model_id, '0170 5550001')
  const sha256 = await addPhoto(one.shop, order_id, '#c03020')
  await until(one, () => expect(one.asked.filter(isPhoto).length).toBeGreaterThan(1))
  await takeIn(one.shop, fleet.catalogue.model_id, '0170 5550002')
  await until(one, () => expect(one.agent.state()).toMatchObject({ line: 'up', waiting: { ops: 0, photos: 1 } }))
  expect(photoFiles(fleet.office)).toEqual([])
  config.photoReserve = 0
  await until(one, () => expect(hasFiles(fleet.office, sha256)).toBe(true), 60 * SECOND)
})

test('what head office erases goes at every machine that has it, also what waits to be sent and what comes late', async () => {
  await using fleet = await openSenders(2, { oneStore: true })
  const { office, catalogue } = fleet
  const [one, other] = fleet.senders as [Carried, Carried]
  const { order_id, customer_id } = await takeIn(one.shop, catalogue.model_id, '0170 5550001')
  const kept = await addPhoto(one.shop, order_id, '#c03020')
  await until(one, () => expect(hasFiles(office, kept)).toBe(true))
  await until(other, () => expect(hasFiles(other.shop, kept)).toBe(true))
  // The second one never gets through, though its row does.
  one.line.fate = (name) => (isPhoto(name) ? 'request cut' : 'good')
  const waiting = await addPhoto(one.shop, order_id, '#00ff00')
  await one.shop.counter('PATCH', `/tickets/${order_id}`, { status: 'Cancelled' })
  await until(one, () => expect(one.agent.state().waiting).toMatchObject({ ops: 0, photos: 1 }))
  await erase(office, customer_id)
  for (const sender of [one, other])
    await until(sender, async () => {
      const left = sender.shop.database.db.selectFrom('photo').select('id').where('deleted_at', 'is', null)
      expect(await left.execute()).toEqual([])
    })
  for (const { context } of [one.shop, other.shop]) await dropPhotoFiles(context)
  one.line.fate = () => 'good'
  await until(one, async () => expect(await needsOf(one.shop)).toEqual([]))
  for (const { shop } of [one, other]) expect(photoFiles(shop)).toEqual([])
  expect(hasFiles(office, waiting)).toBe(false)
  expect(one.agent.state().waiting.photos).toBe(0)
})

test('a restored terminal fetches what its open tickets show, and head office restored without its files is sent them again', async () => {
  await using fleet = await openSenders(1)
  const { office, catalogue } = fleet
  const [one] = fleet.senders as [Carried]
  using backups = folderOfTest()
  using machine = folderOfTest()
  const [open, closed] = [
    await takeIn(one.shop, catalogue.model_id, '0170 5550001'),
    await takeIn(one.shop, catalogue.model_id, '0170 5550002'),
  ]
  const path = await backUp(one.shop, backups.folder)
  const shown = await addPhoto(one.shop, open.order_id, '#c03020')
  const past = await addPhoto(one.shop, closed.order_id, '#00ff00')
  await one.shop.counter('PATCH', `/tickets/${closed.order_id}`, { status: 'Cancelled' })
  await until(one, () => expect([shown, past].map((sha256) => hasFiles(office, sha256))).toEqual([true, true]))
  await until(one, () => expect(one.agent.state().waiting).toMatchObject({ ops: 0, photos: 0 }))
  await one.agent.close()
  await restoreAt(one.shop, path, machine.folder)
  await one.run()
  await until(one, () => expect(hasFiles(one.shop, shown)).toBe(true))
  await until(one, async () => expect(await needsOf(one.shop)).toEqual([]))
  expect(hasFiles(one.shop, past)).toBe(false)
  // Another life of head office, whose photos a disk has lost.
  rmSync(pathOf(office.context.config.data, 'photos'), { recursive: true })
  await office.database.write(BY, (trx) => updateLocal(trx, 'head_office', { id: 1 }, { incarnation: 'another' }))
  await one.agent.close()
  await one.run()
  await until(one, () => expect(hasFiles(office, shown)).toBe(true))
  expect(hasFiles(office, past)).toBe(false)
})

test('a terminal whose disk is short lets go of photos of closed repairs that head office has, and of no others', async () => {
  await using fleet = await openSenders(1)
  const { office, catalogue } = fleet
  const [one] = fleet.senders as [Carried]
  const orders = []
  for (const n of [1, 2, 3, 4]) orders.push((await takeIn(one.shop, catalogue.model_id, `0170 555000${n}`)).order_id)
  const [old, unknown, open, half] = orders as [number, number, number, number]
  const sent = await addPhoto(one.shop, old, '#c03020')
  const stays = await addPhoto(one.shop, open, '#00ff00')
  const lost = await addPhoto(one.shop, unknown, '#0000ff')
  const cut = await addPhoto(one.shop, half, '#ff00ff')
  for (const id of [old, unknown, half]) await one.shop.counter('PATCH', `/tickets/${id}`, { status: 'Cancelled' })
  await until(one, async () => expect(await needsOf(one.shop)).toEqual([]))
  rmSync(pathOf(office.context.config.data, 'photos', lost.slice(0, 2)), { recursive: true })
  truncateSync((await findPhoto(office.context.config.data, cut))!.path, 10)
  const { config } = one.shop.context
  const { bavail, bsize } = statfsSync(config.data)
  config.photoReserve = (bavail * bsize) / 1.2
  await until(one, () => expect(hasFiles(one.shop, sent)).toBe(false), 30 * SECOND)
  expect([stays, lost, cut].map((sha256) => hasFiles(one.shop, sha256))).toEqual([true, true, true])
  expect((await lookAt(one.shop, old)).status).toBe(200)
})

test('a machine that is ended while a photo comes has all of it afterwards, or nothing', async () => {
  await using fleet = await openSenders(1)
  const { office, catalogue } = fleet
  const [one] = fleet.senders as [Carried]
  const { order_id } = await takeIn(one.shop, catalogue.model_id, '0170 5550001')
  const { run } = office.context
  const real = run.imageWorkers
  // It ends between the file and whatever follows: nothing more is done, as after a kill.
  run.imageWorkers = { ...real, check: () => new Promise(() => {}) }
  const sha256 = await addPhoto(one.shop, order_id, '#c03020')
  await until(one, () => expect(photoFiles(office)).toHaveLength(1))
  expect(hasFiles(office, sha256)).toBe(false)
  await one.agent.close()
  run.imageWorkers = real
  await sweepPhotos(office.context)
  expect(photoFiles(office)).toEqual([])
  await one.run()
  await until(one, () => expect(hasFiles(office, sha256)).toBe(true))
  await until(one, () => expect(one.agent.state().waiting.photos).toBe(0))
})
