import { Agent, request } from 'node:http'
import { expect, test } from 'vitest'
import { openShop, type Shop } from '../support/shop.ts'

/** The status, and whether the connection stays open. */
function send(shop: Shop, agent: Agent, method: string, path: string, body?: Buffer, headers = {}) {
  return new Promise<[number, string | undefined]>((resolve, reject) => {
    const sent = request(shop.url + path, { method, agent, headers }, (reply) => {
      reply.resume().on('end', () => resolve([reply.statusCode!, reply.headers.connection]))
    })
    sent.on('error', reject).end(body)
  })
}

test('who is refused while sending hears why, and the connection serves on', async () => {
  await using shop = await openShop()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const body = Buffer.alloc(8_000_000, 'x')
  for (const [method, path, sent, status] of [
    ['POST', '/v1/orders', body, 401],
    ['POST', '/v1/nowhere', body, 404],
    ['POST', '/v1/auth/login', body, 413],
    ['GET', '/v1/orders', undefined, 401],
    ['GET', '/health', undefined, 200],
  ] as const)
    expect([path, ...(await send(shop, agent, method, path, sent))]).toEqual([path, status, 'keep-alive'])
  agent.destroy()
})

test('a body without an end is not waited for', async () => {
  await using shop = await openShop()
  const agent = new Agent()
  const endless = { 'transfer-encoding': 'chunked' }
  expect(await send(shop, agent, 'POST', '/v1/orders', Buffer.from('{}'), endless)).toEqual([401, 'close'])
})
