import { request } from 'node:http'
import { expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { openDatabase } from '../../../db/open.ts'
import { insert } from '../../../db/rows.ts'
import { otherNode } from '../../support/other-chain.ts'
import type { Reply, Shop } from '../../support/shop.ts'
import { customerOf, NOTHING_HEARD, openOffice, pushOf, shutOut, type Wire, wireTo } from '../support/wire.ts'

/** Pulls that wait until there is something to hear: a test whose pull is not woken would last as long as it may wait. */

const WAIT = 50
const BY = { actor: null, device: null, act: 'test' }

const addBrand = ({ write }: Pick<Database, 'write'>, name: string) =>
  write(BY, (trx) => insert(trx, 'brand', { name, name_key: name.toLowerCase() }))

/** Cursors at the end of all that a node hears by now. */
async function heardBy(wire: Wire): Promise<unknown> {
  let cursors: unknown = NOTHING_HEARD
  for (let more = true; more;) {
    const { body } = await wire.call('/pull', { cursors })
    cursors = body.cursors
    more = body.more
  }
  return cursors
}

/** Counts who listens to commits: head office does while a pull waits. Before its first call. */
function countListeners({ database }: Shop): () => number {
  const { onCommit } = database
  let listening = 0
  database.onCommit = (listener) => {
    const stop = onCommit(listener)
    listening++
    return () => {
      listening--
      stop()
    }
  }
  return () => listening
}

const isEmpty = ({ status, body }: Reply) => status === 200 && body.org.length === 0 && body.store.length === 0

test('a pull of who has heard everything waits, and hears at once what head office writes then', async () => {
  await using office = await openOffice()
  const listeners = countListeners(office)
  const wire = wireTo(office, 1)
  const cursors = await heardBy(wire)
  const held = wire.call('/pull', { cursors, wait: WAIT })
  await expect.poll(listeners).toBe(1)
  await addBrand(office.database, 'Fairphone')
  const reply = await held
  expect(reply.text).toContain('Fairphone')
  expect(reply.body.cursors.org.seq).toBeGreaterThan((cursors as { org: { seq: number } }).org.seq)
  expect(listeners()).toBe(0)
})

test('what was written between two pulls is answered at once', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const cursors = await heardBy(wire)
  await addBrand(office.database, 'Fairphone')
  expect((await wire.call('/pull', { cursors, wait: WAIT })).text).toContain('Fairphone')
})

test('what one node pushes wakes the nodes of its store, and no others', async () => {
  await using office = await openOffice(2)
  const listeners = countListeners(office)
  const [one, other] = [wireTo(office, 1), wireTo(office, 2)]
  const [heardByOne, heardByOther] = [await heardBy(one), await heardBy(other)]
  let isWoken = false
  const held = one.call('/pull', { cursors: heardByOne, wait: WAIT })
  const heldOther = other.call('/pull', { cursors: heardByOther, wait: WAIT })
  void heldOther.then(() => (isWoken = true))
  await expect.poll(listeners).toBe(1)
  const chain = otherNode(1)
  await one.call('/push', pushOf(chain.says(office.clock.now(), [customerOf(chain, 7)])))
  expect((await held).text).toContain('Customer 7')
  expect(isWoken).toBe(false)
  await addBrand(office.database, 'Fairphone')
  const reply = await heldOther
  expect(reply.text).toContain('Fairphone')
  expect(reply.text).not.toContain('Customer 7')
})

test('a pull hears what another process writes into the same database', async () => {
  await using office = await openOffice()
  const listeners = countListeners(office)
  const wire = wireTo(office, 1)
  const cursors = await heardBy(wire)
  const held = wire.call('/pull', { cursors, wait: WAIT })
  await expect.poll(listeners).toBe(1)
  const beside = await openDatabase({
    at: office.context.config.database,
    now: office.clock.now,
    monotonic: office.clock.monotonic,
    onError: () => {},
  })
  try {
    await addBrand(beside, 'Fairphone')
    expect((await held).text).toContain('Fairphone')
  } finally {
    await beside.close()
  }
})

test('when nothing comes, the answer is empty after the seconds that were asked for', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const cursors = await heardBy(wire)
  const reply = await wire.call('/pull', { cursors, wait: 0.05 })
  expect(isEmpty(reply)).toBe(true)
  expect(reply.body).toMatchObject({ cursors, more: false })
  for (const wait of [-1, 51, '5', null])
    expect(await wire.call('/pull', { cursors, wait })).toMatchObject({ status: 422, body: { error: 'malformed' } })
})

test('a second pull of a node ends its first, which is told to come later', async () => {
  await using office = await openOffice()
  const listeners = countListeners(office)
  const wire = wireTo(office, 1)
  const cursors = await heardBy(wire)
  const first = wire.call('/pull', { cursors, wait: WAIT })
  await expect.poll(listeners).toBe(1)
  const second = wire.call('/pull', { cursors, wait: WAIT })
  const ended = await first
  expect(ended).toMatchObject({ status: 429, body: { error: 'another-pull' } })
  expect(ended.headers.get('retry-after')).toBe('5')
  await addBrand(office.database, 'Fairphone')
  expect((await second).text).toContain('Fairphone')
  await expect.poll(listeners).toBe(0)
})

test('who goes away while their pull waits leaves nothing behind', async () => {
  await using office = await openOffice()
  const listeners = countListeners(office)
  const wire = wireTo(office, 1)
  const cursors = await heardBy(wire)
  const headers = { authorization: `Bearer ${await wire.token()}`, 'content-type': 'application/json' }
  const sending = request(`${office.url}/sync/v1/pull`, { method: 'POST', headers })
  sending.on('error', () => {}) // It is cut off below.
  sending.end(JSON.stringify({ cursors, wait: WAIT }))
  await expect.poll(listeners).toBe(1)
  sending.destroy()
  await expect.poll(listeners).toBe(0)
})

test('a node that is shut out while its pull waits hears so at once', async () => {
  await using office = await openOffice(2)
  const listeners = countListeners(office)
  const wire = wireTo(office, 1)
  const held = wire.call('/pull', { cursors: await heardBy(wire), wait: WAIT })
  await expect.poll(listeners).toBe(1)
  await shutOut(office, 1)
  expect(await held).toMatchObject({ status: 403, body: { error: 'revoked' } })
  expect((await wire.call('/pull', { cursors: NOTHING_HEARD })).status).toBe(403)
})

test('when the server closes, who waits is answered before', async () => {
  const closing = new AbortController()
  await using office = await openOffice(1, { closing: closing.signal })
  const listeners = countListeners(office)
  const wire = wireTo(office, 1)
  const held = wire.call('/pull', { cursors: await heardBy(wire), wait: WAIT })
  await expect.poll(listeners).toBe(1)
  closing.abort()
  expect(isEmpty(await held)).toBe(true)
  const late = await wire.call('/push', {})
  expect(late).toMatchObject({ status: 503, body: { error: 'closing' } })
})

test('a cursor that head office did not give out is answered with where to begin', async () => {
  await using office = await openOffice()
  const wire = wireTo(office, 1)
  const org = { seq: 3, mark: 'not-a-mark' }
  expect(await wire.call('/pull', { cursors: { ...NOTHING_HEARD, org }, wait: WAIT })).toMatchObject({
    status: 409,
    body: { error: 'cursor', expected: { seq: 0, mark: '' } },
  })
})
