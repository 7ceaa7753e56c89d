import { once } from 'node:events'
import { request } from 'node:http'
import { createServer, Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { openPresence } from '../../../server/http/network/presence.ts'
import { freshDatabase } from '../../support/database.ts'
import { openShop, PASSWORD, type ShopOptions } from '../../support/shop.ts'
import { type Counter, openCounter } from '../counter-shop.ts'
import { eventually } from '../../support/eventually.ts'

/** A second address of this machine, which stands for the one that it has in the shop's network. */
const WIFI = { name: 'Wi-Fi', address: '127.0.0.2' }
/** What a tablet's requests look like where a proxy brings them. */
const TABLET = { 'x-forwarded-for': '192.168.1.30', 'user-agent': 'Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X)' }

/** A counter on a machine that is in one network. */
const openShared = (options: ShopOptions = {}) =>
  openCounter({
    networks: () => [WIFI],
    ...options,
    config: { hosts: [WIFI.address], trustedProxies: ['loopback'], ...options.config },
  })

const share = (shop: Counter, network: string | null) =>
  shop.counter('PUT', '/sharing', { network }, { as: shop.admin })
const look = async (shop: Counter) => (await shop.counter('GET', '/sharing', undefined, { as: shop.admin })).body
const onWifi = (shop: Counter) => `http://${WIFI.address}:${new URL(shop.url).port}`

/** Signs in from a tablet; returns the headers that its browser sends. */
async function tabletOf(shop: Counter, person = shop.staff): Promise<Record<string, string>> {
  const reply = await shop.call('POST', '/counter/session', {
    body: { login: person.phone, password: PASSWORD },
    headers: TABLET,
  })
  expect(reply.status).toBe(200)
  const headers = { ...TABLET, cookie: reply.headers.get('set-cookie')!.split(';')[0]! }
  await shop.call('GET', '/counter/session', { headers })
  return headers
}

/** macOS has one address of its own only, unless it is given more. */
const unlessMac = test.skipIf(process.platform === 'darwin')

unlessMac('the server is shared and taken back while it runs', async () => {
  await using shop = await openShared()
  await expect(fetch(`${onWifi(shop)}/health`)).rejects.toThrow('fetch failed')
  expect(await look(shop)).toMatchObject({
    fixed: false,
    network: null,
    address: null,
    networks: [{ name: 'Wi-Fi', address: onWifi(shop) }],
  })
  expect(await share(shop, 'Wi-Fi')).toMatchObject({
    status: 200,
    body: { network: 'Wi-Fi', address: onWifi(shop), trouble: null },
  })
  expect((await fetch(`${onWifi(shop)}/health`)).status).toBe(200)
  expect((await share(shop, 'Wi-Fi')).status).toBe(200)
  expect((await share(shop, null)).body).toMatchObject({ network: null, address: null })
  await expect(fetch(`${onWifi(shop)}/health`)).rejects.toThrow('fetch failed')
  expect((await fetch(`${shop.url}/health`)).status).toBe(200)
})

unlessMac('what guards the server guards it on the network too', async () => {
  await using shop = await openShared()
  await share(shop, 'Wi-Fi')
  const port = Number(new URL(shop.url).port)
  const asked = request({ host: WIFI.address, port, path: '/health', headers: { host: 'evil.example' } }).end()
  const [reply] = await once(asked, 'response')
  expect(reply.resume().statusCode).toBe(421)
  const write = (origin: string) =>
    fetch(`${onWifi(shop)}/counter/session`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify({ login: '555', password: 'is wrong' }),
    })
  expect((await write('https://evil.example')).status).toBe(403)
  const statuses: number[] = []
  for (let i = 0; i < 12; i++) statuses.push((await write(onWifi(shop))).status)
  expect([statuses[0], statuses.at(-1)]).toEqual([401, 429])
})

test('who is connected is listed with device and person, and ended at once', async () => {
  await using shop = await openShared()
  const headers = await tabletOf(shop)
  expect((await look(shop)).connected).toEqual([
    {
      session: expect.any(String),
      person: 'Kim Clerk',
      device: TABLET['user-agent'],
      address: '192.168.1.30',
      seen_at: shop.clock.now(),
      here_now: false,
      own: false,
    },
  ])
  const stream = await fetch(`${shop.url}/counter/events`, { headers })
  shop.clock.pass(60_000)
  const [{ session, seen_at, here_now }] = (await look(shop)).connected
  expect({ seen_at, here_now }).toEqual({ seen_at: shop.clock.now(), here_now: true })
  const end = () => shop.counter('DELETE', `/sharing/connected/${session}`, undefined, { as: shop.admin })
  expect((await end()).status).toBe(204)
  await stream.text() // It ends.
  expect((await shop.call('GET', '/counter/board', { headers })).status).toBe(401)
  expect((await look(shop)).connected).toEqual([])
  expect(await end()).toMatchObject({ status: 404, body: { code: 'connection-ended' } })
})

test('a screen of this machine is no connected device, and its session is not ended from that list', async () => {
  await using shop = await openShared()
  const here = await shop.signIn(shop.staff)
  expect((await look(shop)).connected).toEqual([])
  const { id } = await shop.database.db
    .selectFrom('session')
    .select('id')
    .where('surface', '=', 'counter')
    .where('user_id', '=', shop.staff.id)
    .executeTakeFirstOrThrow()
  expect((await shop.counter('DELETE', `/sharing/connected/${id}`, undefined, { as: shop.admin })).status).toBe(404)
  expect((await shop.counter('GET', '/board', undefined, here)).status).toBe(200)
})

test('the list is told when a device comes and goes', async () => {
  await using shop = await openShared()
  const told: string[] = []
  onTestFinished(shop.database.onCommit((rows) => void told.push(...rows.map(({ entity }) => entity))))
  const times = () => told.filter((entity) => entity === 'sharing').length
  const headers = await tabletOf(shop)
  expect(times()).toBe(1)
  await shop.call('GET', '/counter/board', { headers })
  expect(times()).toBe(1)
  const leave = new AbortController()
  await fetch(`${shop.url}/counter/events`, { headers, signal: leave.signal })
  expect(times()).toBe(2)
  leave.abort()
  await eventually(() => expect(times()).toBe(3))
})

test('customers are no connected devices', async () => {
  await using shop = await openShared()
  for (const as of [shop.customer, shop.staff])
    expect((await shop.call('GET', '/v1/orders', { as, headers: TABLET })).status).toBe(200)
  expect((await look(shop)).connected).toMatchObject([{ person: 'Kim Clerk' }])
})

test('who listens is never forgotten, however many others come, nor miscounted when they leave', () => {
  const presence = openPresence(
    () => 0,
    () => {},
  )
  const from = { ip: '192.168.1.30', socket: new Socket() }
  const see = (id: string) => presence.see({ id, caller: { id: 1, role: 'admin', is_staff: true } }, from)
  see('tablet')
  const leave = presence.stay('tablet')
  see('silent')
  for (let n = 0; n < 600; n++) see(`other ${n}`)
  expect(presence.list().find(({ session }) => session === 'silent')).toBeUndefined()
  expect(presence.list()).toHaveLength(500)
  see('tablet')
  const streams = () => presence.list().find(({ session }) => session === 'tablet')?.streams
  expect(streams()).toBe(1)
  leave()
  expect(streams()).toBe(0)
})

unlessMac('an interface that goes and comes back, or has another address, is followed', async () => {
  let networks = [WIFI]
  await using shop = await openShared({ networks: () => networks })
  await share(shop, 'Wi-Fi')
  networks = []
  await shop.context.run.sharing.look()
  expect(await look(shop)).toMatchObject({ network: 'Wi-Fi', address: null, trouble: 'network-gone' })
  await expect(fetch(`${onWifi(shop)}/health`)).rejects.toThrow('fetch failed')
  networks = [{ ...WIFI, address: '127.0.0.3' }]
  await shop.context.run.sharing.look()
  const address = onWifi(shop).replace('127.0.0.2', '127.0.0.3')
  expect(await look(shop)).toMatchObject({ network: 'Wi-Fi', address, trouble: null })
  expect((await fetch(`${address}/health`)).status).toBe(421) // A name that this server was not given.
})

unlessMac('a network that is not there, and a port that is taken, are refused and change nothing', async () => {
  await using shop = await openShared()
  expect(await share(shop, 'Cable')).toMatchObject({
    status: 409,
    body: { code: 'network-gone', params: { network: 'Cable' } },
  })
  const port = Number(new URL(shop.url).port)
  const other = createServer().listen(port, WIFI.address)
  await once(other, 'listening')
  expect(await share(shop, 'Wi-Fi')).toMatchObject({
    status: 409,
    body: { code: 'network-port-taken', params: { port, address: WIFI.address } },
  })
  expect(await look(shop)).toMatchObject({ network: null, trouble: null })
  other.close()
  await once(other, 'close')
  expect((await share(shop, 'Wi-Fi')).status).toBe(200)
})

unlessMac('a restart shares the server where it was shared, until it is ended', async () => {
  const on = await freshDatabase()
  onTestFinished(() => on.remove())
  const open = (networks = [WIFI]) => openShop({ on, networks: () => networks, config: { hosts: [WIFI.address] } })
  {
    await using before = await open()
    await before.context.run.sharing.share('Wi-Fi')
  }
  {
    await using away = await open([])
    expect(away.context.run.sharing.state()).toMatchObject({ chosen: 'Wi-Fi', trouble: 'network-gone' })
  }
  {
    await using after = await open()
    const { chosen, address } = after.context.run.sharing.state()
    expect(chosen).toBe('Wi-Fi')
    expect((await fetch(`${address}/health`)).status).toBe(200)
    await after.context.run.sharing.stop()
  }
  await using last = await open()
  expect(last.context.run.sharing.state()).toMatchObject({ chosen: null, address: null })
})

unlessMac('an address that cannot be opened at the start is tried again, whatever the reason', async () => {
  const on = await freshDatabase()
  onTestFinished(() => on.remove())
  const open = (networks: () => (typeof WIFI)[]) => openShop({ on, networks, config: { hosts: [WIFI.address] } })
  {
    await using before = await open(() => [WIFI])
    await before.context.run.sharing.share('Wi-Fi')
  }
  // Its name is looked up, and nobody has it: neither taken nor away.
  let address = 'nowhere.invalid'
  await using shop = await open(() => [{ ...WIFI, address }])
  const admin = await shop.person('admin')
  const state = async () => (await shop.call('GET', '/counter/sharing', { as: admin })).body
  expect(await state()).toMatchObject({ network: 'Wi-Fi', address: null, trouble: 'network-refused' })
  const refused = await shop.call('PUT', '/counter/sharing', { as: admin, body: { network: 'Wi-Fi' } })
  expect(refused).toMatchObject({ status: 409, body: { code: 'network-refused' } })
  address = WIFI.address
  await shop.context.run.sharing.look()
  const { address: reached, trouble } = await state()
  expect(trouble).toBeNull()
  expect((await fetch(`${reached}/health`)).status).toBe(200)
})

test('where FIXPOINT_HOST has decided there is nothing to switch', async () => {
  await using shop = await openShared({ config: { host: '0.0.0.0' } })
  expect(await look(shop)).toMatchObject({ fixed: true, network: null, address: onWifi(shop) })
  expect(await share(shop, 'Wi-Fi')).toMatchObject({ status: 409, body: { code: 'network-fixed' } })
})
