import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'

/** What answers where head office should be, as a test has it answer. */

export type Asked = { name: string; body: any; headers: IncomingMessage['headers'] }
/** A status and body, or whatever the test does to the response itself. */
export type Answer =
  | { status?: number; headers?: Record<string, string>; body?: unknown }
  | ((response: ServerResponse) => void)

export type ScriptedOffice = {
  url: string
  asked: Asked[]
  /** What was asked by this name, in order. */
  of(name: string): Asked[]
  /** Goes by another script from now on. */
  answer(script: Script): void
  [Symbol.asyncDispose](): Promise<void>
}
export type Script = (asked: Asked) => Answer | Promise<Answer>

export async function openScriptedOffice(script: Script): Promise<ScriptedOffice> {
  let current = script
  const asked: Asked[] = []
  const server = createServer((request, response) => void answer(request, response))
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      const bytes = await buffer(request)
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
      const name = request.url!.replace('/sync/v1/', '')
      const one = { name, body: JSON.parse(String(text)), headers: request.headers }
      asked.push(one)
      const said = await current(one)
      if (typeof said === 'function') return said(response)
      const { status = 200, headers = {}, body = {} } = said
      response.writeHead(status, { 'content-type': 'application/json', 'content-encoding': 'gzip', ...headers })
      response.end(gzipSync(JSON.stringify(body)))
    } catch {
      response.destroy() // The one who asked has gone.
    }
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    of: (name) => asked.filter((one) => one.name === name),
    answer: (next) => void (current = next),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export const tokenOf = (n: number, server_time = 0) => ({ body: { token: `token-${n}`, good_for: 900, server_time } })
