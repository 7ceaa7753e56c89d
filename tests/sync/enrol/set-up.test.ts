import { expect, onTestFinished, test } from 'vitest'
import { configFrom } from '../../../server/config.ts'
import { openLog } from '../../../server/http/log.ts'
import { serve, type Serving } from '../../../server/serve.ts'
import { codeFor, newFolder, type Office, openOffice } from './office.ts'

/** A server on an empty folder, as somebody starts it for the first time. */
async function newServer() {
  const { folder, remove } = newFolder()
  onTestFinished(remove)
  const logged: string[] = []
  const log = openLog('info', { write: (line) => void logged.push(line) })
  const config = { ...configFrom({ FIXPOINT_DATA: folder, FIXPOINT_TRIPWIRE: '1' }), port: 0, bcryptCost: 4 }
  const server = await serve(config, log)
  onTestFinished(server.close)
  return { server, folder, logged, code: server.setupUrl.split('#')[1]! }
}

async function call({ url }: Pick<Serving, 'url'>, method: string, path: string, body?: unknown) {
  const reply = await fetch(`${url}/counter${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  return { status: reply.status, body: (await reply.json()) as any }
}

const wait = (server: Serving) =>
  expect.poll(async () => (await call(server, 'GET', '/session')).body.setup_open, { timeout: 60_000 }).toBe(false)

const invitation = async (office: Office, terminal = 'T2') => ({
  address: office.url,
  enrolment_code: await codeFor(office, terminal),
})

test('a server that was never set up joins head office while it serves, at the same address', async () => {
  await using office = await openOffice({ startsAt: Date.now() })
  const { server, code, logged } = await newServer()
  const stream = await fetch(`${server.url}/health`)
  expect(await stream.json()).toMatchObject({ role: 'alone' })
  const begun = await call(server, 'POST', '/setup/joining', {
    code,
    ...(await invitation(office)),
    name: 'Window desk',
  })
  expect(begun).toMatchObject({ status: 202, body: { step: expect.stringMatching(/asking|hearing|checking|placing/) } })
  expect(await call(server, 'POST', '/setup/joining', { code, ...(await invitation(office, 'T3')) })).toMatchObject({
    status: expect.toSatisfy((status: number) => status === 409 || status === 403),
  })
  await wait(server)
  expect((await call(server, 'GET', '/session')).body).toMatchObject({
    user: null, terminal: 'T2', shop: { code: 'S1', name: 'Corner Repairs' },
  }) // oxfmt-ignore
  expect(await (await fetch(`${server.url}/health`)).json()).toMatchObject({ role: 'terminal', status: 'healthy' })
  expect((await call(server, 'GET', '/setup/joining')).body).toBeNull()
  expect(
    logged.filter((line) => line.includes('"level":50')),
    logged.join(''),
  ).toEqual([])
  const { nodes } = (await office.counter('GET', '/fleet')).body
  expect(nodes).toMatchObject([{ id: 0 }, { id: 1, name: 'Window desk' }])
})

test('a wrong code, of this server or of head office, is told at once, and set-up goes on', async () => {
  await using office = await openOffice({ startsAt: Date.now() })
  const { server, code } = await newServer()
  const wanted = { address: office.url, enrolment_code: 'AAAA-BBBB-CCCC' }
  expect(await call(server, 'POST', '/setup/joining', { ...wanted, code: 'WRONG' })).toMatchObject({
    status: 403,
    body: { code: 'setup-code-wrong' },
  })
  expect(await call(server, 'POST', '/setup/joining', { ...wanted, code })).toMatchObject({
    status: 403,
    body: { code: 'enrolment-code-wrong' },
  })
  expect(
    await call(server, 'POST', '/setup/joining', { code, address: 'http://127.0.0.1:9', enrolment_code: 'A' }),
  ).toMatchObject({
    status: 409,
    body: { code: 'head-office-out-of-reach' },
  })
  expect((await call(server, 'GET', '/setup/joining')).body).toBeNull()
  const shop = { name: 'Own shop', currency: 'EUR', time_zone: 'Europe/Berlin', tax_mode: 'included', tax_rate: 1900 }
  const owner = { full_name: 'Olga Owner', phone: '0170 5550100', password: 'correct horse' }
  expect((await call(server, 'POST', '/setup', { code, shop, owner })).status).toBe(201)
  expect(await call(server, 'POST', '/setup/joining', { ...(await invitation(office)), code })).toMatchObject({
    status: 403,
    body: { code: 'setup-closed' },
  })
})
