import { once } from 'node:events'
import { type Agent, createServer, type IncomingMessage, request as open, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** What becomes of a request and its reply on the way. */
export const FATES = [
  'good', 'request lost', 'reply lost', 'request cut', 'reply cut', 'doubled', 'nonsense', 'busy', 'away', 'silent', 'late',
] as const // oxfmt-ignore
export type Fate = (typeof FATES)[number]

/** A line to head office that a test makes bad. */
export type BadLine = {
  url: string
  /** Where head office is by now. What is under way breaks off. */
  leadTo(url: string): void
  /** What becomes of the next requests. */
  fate: (name: string) => Fate
  /** How often each has happened. */
  happened: Map<Fate, number>
  /** Breaks everything off that is under way. */
  cut(): void
  [Symbol.asyncDispose](): Promise<void>
}

export async function openBadLine(to: string): Promise<BadLine> {
  let target = new URL(to)
  const sockets = new Set<Socket>()
  const happened = new Map<Fate, number>()
  const server = createServer((request, response) => {
    const fate = line.fate(request.url!.replace('/sync/v1/', ''))
    happened.set(fate, (happened.get(fate) ?? 0) + 1)
    carry(fate, request, response).catch(() => response.destroy()) // Either end has gone.
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const cut = () => sockets.forEach((socket) => socket.destroy())

  const ask = async ({ headers, url, method }: IncomingMessage, body: Buffer, gone: AbortSignal) => {
    const { hostname, port } = target
    const options = { hostname, port, path: url, method, headers: { ...headers, host: target.host }, signal: gone }
    const asked = open({ ...options, agent: false as unknown as Agent })
    asked.end(body)
    const [reply] = (await once(asked, 'response')) as [IncomingMessage]
    return { reply, bytes: await buffer(reply) }
  }
  const carry = async (fate: Fate, request: IncomingMessage, response: ServerResponse) => {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    if (fate === 'request cut') return void setImmediate(() => request.socket.destroy())
    const body = await buffer(request)
    if (fate === 'request lost' || fate === 'silent') return fate === 'silent' ? undefined : void response.destroy()
    if (fate === 'nonsense')
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome to our Wi-Fi')
    if (fate === 'away') return void response.writeHead(502).end('Bad Gateway')
    if (fate === 'busy') return void response.writeHead(429, { 'retry-after': '2' }).end('')
    if (fate === 'late') await new Promise((resolve) => setTimeout(resolve, 50))
    if (fate === 'doubled') void ask(request, body, gone.signal).catch(() => {}) // Nobody hears of this one.
    // The reply is lost on the way back: head office has done what was asked.
    const { reply, bytes } = await ask(request, body, fate === 'reply lost' ? NEVER : gone.signal)
    if (fate === 'reply lost') return void response.destroy()
    response.writeHead(reply.statusCode!, reply.headers)
    if (fate !== 'reply cut') return void response.end(bytes)
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)))
    setImmediate(() => response.destroy())
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const line: BadLine = {
    url: `http://127.0.0.1:${port}`,
    leadTo: (url) => {
      target = new URL(url)
      cut()
    },
    fate: () => 'good',
    happened,
    cut,
    [Symbol.asyncDispose]: async () => {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
  return line
}

const NEVER = new AbortController().signal
