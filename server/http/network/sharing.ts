import { once } from 'node:events'
import type { Server } from 'node:http'
import type { Logger } from 'pino'
import { kindOfInterface, type NetworkKind } from '../../domain/network-kind.ts'
import { closeListener } from '../bounds/listener.ts'
import { isLoopback } from '../bounds/sender.ts'
import { conflict, HttpError } from '../errors.ts'
import { type Network, readNetworks, urlOf } from './interfaces.ts'

/** What the shop's network is told of this server, beside what FIXPOINT_HOST says. */
export type SharingState = {
  /** Whether FIXPOINT_HOST opens the server to the network: there is nothing to switch then. */
  fixed: boolean
  /** The network that was chosen; null while the server is this machine's alone. */
  chosen: string | null
  /** Where it is reached there; null while it is not. */
  address: string | null
  /** Why it is not reached although a network is chosen. */
  trouble: Trouble | null
  port: number
  /** The networks that may be chosen, with the address that the server has or would have there. */
  networks: (Network & { kind: NetworkKind })[]
}

/** What a network may be refused for. */
export type Trouble = (typeof TROUBLES)[number]
const TROUBLES = ['network-gone', 'network-port-taken', 'network-refused'] as const

/** A second listener on the address of a chosen network, opened and closed while the server runs. */
export type Sharing = {
  /** Shares the server again where it was shared before. `open` makes a listener, `port` is the one that the first has. */
  begin(open: () => Server, port: number): Promise<void>
  /** @throws 409 when FIXPOINT_HOST has decided, the network is not there, or the port cannot be opened there */
  share(network: string): Promise<void>
  stop(): Promise<void>
  /** Follows an interface that went, came back or has another address. */
  look(): Promise<void>
  state(): SharingState
  /** Ends with the server; what was chosen stays. */
  close(): Promise<void>
}

export type SharingOptions = {
  host: string
  log: Logger
  /** The network that this machine remembers. */
  kept: { read(): string | null; write(network: string | null): void }
  onChange: () => void
  networks?: () => Network[]
}

type Listening = { server: Server; address: string }

/** How often it is looked whether the interface is as it was, in ms. */
const LOOK_MS = 5_000

/** How long requests at work may take when sharing ends, in ms: streams of changes never end by themselves. */
const GRACE_MS = 1_000

export function openSharing({ host, log, kept, onChange, networks = readNetworks }: SharingOptions): Sharing {
  const fixed = !(host === 'localhost' || isLoopback(host))
  const ending = new Set<Promise<void>>()
  let source: { open: () => Server; port: number } | null = null
  let chosen: string | null = null
  let listening: Listening | null = null
  let trouble: Trouble | null = null
  let looking: ReturnType<typeof setInterval> | undefined
  let last: Promise<unknown> = Promise.resolve()
  /** One after the other: who opens sees what who closed has left. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work, work)
    last = done.catch(() => {})
    return done
  }
  const addressOf = (network: string) => networks().find(({ name }) => name === network)?.address

  const listen = async (network: string): Promise<Listening> => {
    const address = addressOf(network)
    const { open, port } = source!
    if (address === undefined) throw gone(network)
    const server = open().listen(port, address)
    try {
      await once(server, 'listening')
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'EADDRINUSE')
        throw conflict('network-port-taken', `Port ${port} of ${address} is taken by another program`, {
          port,
          address,
        })
      if (code === 'EADDRNOTAVAIL') throw gone(network)
      throw conflict('network-refused', `This computer does not open port ${port} of ${address} (${code ?? message})`, {
        port,
        address,
      })
    }
    log.info({ url: urlOf(address, port), network }, 'shared on the network')
    return { server, address }
  }

  const end = ({ server, address }: Listening) => {
    log.info({ address }, 'no longer shared on the network')
    const closed = closeListener(server, GRACE_MS).finally(() => ending.delete(closed))
    ending.add(closed)
  }

  const put = (network: string | null, next: Listening | null, why: Trouble | null) => {
    if (listening && listening !== next) end(listening)
    ;[chosen, listening, trouble] = [network, next, why]
    clearInterval(looking)
    if (network !== null) looking = setInterval(() => void look(), LOOK_MS).unref()
    onChange()
  }

  /** Listens where the chosen network is now, or says why not. */
  const follow = async (network: string) => {
    const address = addressOf(network)
    if (listening && listening.address === address) return
    if (listening) put(network, null, trouble)
    try {
      put(network, await listen(network), null)
    } catch (error) {
      if (!isTrouble(error)) throw error
      if (error.code === trouble) return
      log.warn({ network, reason: error.message }, 'not shared on the network')
      put(network, null, error.code)
    }
  }

  const look = () =>
    inTurn(async () => {
      if (chosen !== null && source) await follow(chosen)
    }).catch((error: unknown) => log.warn({ err: error }, 'not shared on the network'))

  return {
    look,
    begin: (open, port) =>
      inTurn(async () => {
        source = { open, port }
        const network = fixed ? null : kept.read()
        if (network !== null) await follow(network)
      }).catch((error: unknown) => log.warn({ err: error }, 'not shared on the network')),
    share: (network) =>
      inTurn(async () => {
        if (fixed) throw conflict('network-fixed', 'FIXPOINT_HOST says already where this server is reached')
        if (network === chosen && listening && listening.address === addressOf(network)) return
        const next = await listen(network)
        try {
          kept.write(network)
        } catch (error) {
          end(next)
          throw error
        }
        put(network, next, null)
      }),
    stop: () =>
      inTurn(async () => {
        if (chosen === null) return
        kept.write(null)
        put(null, null, null)
      }),
    state: () => {
      const port = source?.port ?? 0
      const reached = fixed ? networks().find(({ address }) => isEvery(host) || address === host)?.address : null
      const address = listening?.address ?? reached ?? (fixed && !isEvery(host) ? host : null)
      return {
        fixed,
        chosen,
        address: address === null ? null : urlOf(address, port),
        trouble,
        port,
        networks: networks().map((one) => ({
          ...one,
          kind: kindOfInterface(one.name),
          address: urlOf(one.address, port),
        })),
      }
    },
    close: () =>
      inTurn(async () => {
        clearInterval(looking)
        if (listening) end(listening)
        ;[source, listening] = [null, null]
        await Promise.all(ending)
      }),
  }
}

const isTrouble = (error: unknown): error is HttpError & { code: Trouble } =>
  error instanceof HttpError && TROUBLES.some((trouble) => trouble === error.code)

const isEvery = (host: string) => host === '0.0.0.0' || host === '::'

const gone = (network: string) =>
  conflict('network-gone', `This computer is not in the network ${network} now`, { network })
