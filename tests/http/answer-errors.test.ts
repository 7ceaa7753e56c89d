import { once } from 'node:events'
import { Agent, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { answerErrors } from '../../server/http/answer-errors.ts'
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

/** The answer to a request that failed with `error`, while the database says of its `damage`. */
async function answerTo(error: Error, damage: string | null) {
  const app = express()
  app.use(
    () => {
      throw error
    },
    answerErrors(pino({ level: 'silent' }), { damage: () => damage }),
  )
  const server: Server = app.listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const reply = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  const { code } = (await reply.json()) as { code: string }
  return [reply.status, code, reply.headers.get('retry-after')]
}

test('who meets a broken search index is told to try again while it is made anew, and of damage where that stops writes', async () => {
  const broken = Object.assign(new Error('malformed'), { code: 'SQLITE_CORRUPT_VTAB' })
  expect(await answerTo(broken, null)).toEqual([503, 'database-busy', '1'])
  expect(await answerTo(broken, 'a page cannot be read')).toEqual([503, 'database-damaged', null])
  const page = Object.assign(new Error('malformed'), { code: 'SQLITE_CORRUPT' })
  expect(await answerTo(page, null)).toEqual([503, 'database-damaged', null])
})
