import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Express } from 'express'
import type { Logger } from 'pino'
import { openRoom, type RoomSize } from './room.ts'
import { isLoopback } from './sender.ts'

/** How many connections of each address and of all, and how long one may keep everybody waiting, in ms. */
export type ListenerLimits = RoomSize & {
  /** Of trusted proxies, which bring many people. */
  proxies: number
  /** Until the head of a request is there, from the first moment of the connection on. */
  headersMs: number
  /** Until all of a request is there: photos over a slow line. */
  requestMs: number
  /** Without a byte either way: who reads no answer. */
  silenceMs: number
  /** How often it is looked for those that are over. */
  lookMs: number
  /** Whether it comes from this machine, whose own counter always gets in. */
  isHere: (socket: Pick<Socket, 'remoteAddress' | 'localAddress'>) => boolean
}

/**
 * A house with thirty screens, or the web shop's server, is one address. All together they leave a third of the 1,024 files that
 * many systems allow a program: to this machine's own counter, the database and the photos.
 */
const LIMITS: ListenerLimits = {
  each: 200,
  all: 400,
  proxies: 300,
  headersMs: 15_000,
  requestMs: 300_000,
  silenceMs: 300_000,
  lookMs: 5_000,
  isHere: ({ remoteAddress = '', localAddress }) => isLoopback(remoteAddress) || remoteAddress === localAddress,
}

/** How often it is said that connections are refused, in ms. */
const SAID_EVERY_MS = 60_000

/**
 * Makes servers whose connections are bounded together: of each address, of trusted proxies and of the whole network. This
 * machine's own always get in. One too many is closed unheard.
 */
export function listenersOf(app: Express, log: Logger, changes: Partial<ListenerLimits> = {}): () => Server {
  const limits = { ...LIMITS, ...changes }
  const isTrusted = app.get('trust proxy fn') as (address: string, hop: number) => boolean
  const proxies = openRoom({ each: limits.proxies })
  const room = openRoom(limits)
  let saidAt = -Infinity
  const admit = (socket: Socket) => {
    if (limits.isHere(socket)) return
    const { remoteAddress = '' } = socket
    const leave = isTrusted(remoteAddress, 0) ? proxies.enter('') : room.enter(remoteAddress)
    if (typeof leave !== 'string') return void socket.once('close', leave)
    socket.destroy()
    if (performance.now() - saidAt < SAID_EVERY_MS) return
    saidAt = performance.now()
    log.warn({ address: remoteAddress, full: leave }, 'too many connections: some were closed unheard')
  }
  const bounds = {
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.lookMs,
  }
  return () => {
    const server = createServer(bounds, app).setTimeout(limits.silenceMs).prependListener('connection', admit)
    // Whoever opens it hears why it cannot listen. From then on an error is of one connection, as when a network goes.
    return server.once('listening', () =>
      server.on('error', (error) => log.warn({ err: error }, 'a connection could not be accepted')),
    )
  }
}

/** Hears nobody any more; requests at work have `graceMs` to finish. */
export async function closeListener(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearTimeout(cut)
}
