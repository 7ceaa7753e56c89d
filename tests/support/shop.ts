import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Database } from '../../db/database.ts'
import { openDatabase } from '../../db/open.ts'
import { endpoints, openApp } from '../../server/app.ts'
import { type Config, configFrom } from '../../server/config.ts'
import { type Context, type JoinDesk, newRun } from '../../server/context.ts'
import type { Endpoint } from '../../server/http/endpoint.ts'
import { type ListenerLimits, listenersOf } from '../../server/http/bounds/listener.ts'
import type { Network } from '../../server/http/network/interfaces.ts'
import { openPresence } from '../../server/http/network/presence.ts'
import { openSharing } from '../../server/http/network/sharing.ts'
import { openLog } from '../../server/http/log.ts'
import { keepNetwork, keptNetwork } from '../../server/data-folder.ts'
import { openPasswords, type Passwords, type PendingGuess } from '../../server/http/auth/passwords.ts'
import { openTokens } from '../../server/http/auth/tokens.ts'
import { nodeKeysOf } from '../../server/sync/node-keys.ts'
import { addFirstCatalogue } from '../../server/shop/stock/first-catalogue.ts'
import { createImageWorkers, type ImageWorkers } from '../../server/shop/photos/image-workers.ts'
import { openStripe } from '../../server/shop/card-payments/stripe.ts'
import { freshDatabase, type TestDatabase } from './database.ts'
import { addPerson, type Person, type PersonKind } from './person.ts'

export { PASSWORD, type Person } from './person.ts'

/** One shop with its server, its database and its clock, for one test. */
export type Shop = {
  url: string
  database: Database
  context: Context
  clock: ShopClock
  /** What was logged, line by line. */
  logged: string[]
  call(method: string, path: string, options?: CallOptions): Promise<Reply>
  /** A person with a live session. */
  person(kind: PersonKind, fields?: { full_name?: string; phone?: string; email?: string }): Promise<Person>
  [Symbol.asyncDispose](): Promise<void>
}

/** A clock that stands until it is moved, in ms. */
export type ShopClock = {
  now(): number
  monotonic(): number
  /** Time goes by, and both the clock and the stopwatch show it. */
  pass(ms: number): void
  /** Somebody sets the clock, or it goes wrong: no time goes by. */
  jump(ms: number): void
}

export function shopClock(startsAt: number): ShopClock {
  let [now, measured] = [startsAt, 0]
  return {
    now: () => now,
    monotonic: () => measured,
    pass: (ms) => void ([now, measured] = [now + ms, measured + ms]),
    jump: (ms) => void (now += ms),
  }
}

export type CallOptions = {
  as?: Person | undefined
  token?: string
  body?: unknown
  headers?: Record<string, string>
}
/** `body` is the parsed JSON, undefined when there is none. */
export type Reply = { status: number; body: any; text: string; headers: Headers }

/** `endpoints` are served besides the program's own; `limits` are its connections'; `networks` those
 * that the machine is in, whenever it is asked; `on` is a database that was there before the shop and stays. */
export type ShopOptions = {
  config?: Partial<Config>
  startsAt?: number
  endpoints?: readonly Endpoint[]
  limits?: Partial<ListenerLimits>
  networks?: () => Network[]
  on?: TestDatabase
  /** The signing secret, from which follows by which keys other machines know this one. */
  secret?: string
  /** Aborted when the server is to close. */
  closing?: AbortSignal
  /** Develops photos in processes of its own, which end with it. */
  ownImageWorkers?: boolean
}

/** How long a shop waits for Stripe, in ms. */
const STRIPE_PATIENCE = 1_500

/** Opens a shop on a fresh database: `await using shop = await openShop()`. */
export async function openShop({
  config: changes = {},
  startsAt = Date.UTC(2026, 0, 15, 9),
  endpoints: more = [],
  limits = {},
  networks = () => [],
  on,
  secret = 'a secret of thirty-two characters, or more',
  closing = new AbortController().signal,
  ownImageWorkers = false,
}: ShopOptions = {}): Promise<Shop> {
  const fresh = on ?? (await freshDatabase())
  const clock = shopClock(startsAt)
  const logged: string[] = []
  const log = openLog('info', { write: (line) => void logged.push(line) })
  const config: Config = {
    ...configFrom({ FIXPOINT_DATA: fresh.folder, FIXPOINT_TRIPWIRE: '1' }),
    database: fresh.at,
    bcryptCost: 4,
    ...changes,
  }
  const database = await openDatabase({
    at: fresh.at,
    now: clock.now,
    monotonic: clock.monotonic,
    onError: () => {},
    fillNew: addFirstCatalogue,
    tripwire: config.tripwire,
  })
  const passwords = { ...passwordsOf(config.bcryptCost), pendingGuesses: new Set<PendingGuess>() }
  const tokens = openTokens(secret, database.clock)
  const onChange = () => database.notify([{ entity: 'sharing', id: 1 }])
  const kept = {
    read: () => keptNetwork(config.data),
    write: (network: string | null) => keepNetwork(config.data, network),
  }
  const sharing = openSharing({ host: config.host, log, kept, onChange, networks })
  const context: Context = {
    config,
    database,
    now: database.clock.now,
    log,
    passwords,
    tokens,
    keys: nodeKeysOf(secret),
    stripe: openStripe(config.stripe, STRIPE_PATIENCE),
    run: {
      ...newRun(closing, 'TEST-CODE-2345', {
        sharing,
        presence: openPresence(database.clock.now, onChange),
        joining: NOBODY_JOINS,
      }),
      imageWorkers: ownImageWorkers ? createImageWorkers() : (imageWorkers ??= createImageWorkers()),
    },
  }
  const open = listenersOf(openApp(context, [...endpoints, ...more]), log, limits)
  const server = open().listen(0, '127.0.0.1')
  // On a busy machine neither end hears in time that the other one has closed.
  server.keepAliveTimeout = 60_000
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await sharing.begin(open, port)
  const url = `http://127.0.0.1:${port}`
  let people = 0
  return {
    url,
    database,
    context,
    clock,
    logged,
    call: (method, path, options = {}) => call(url, method, path, options),
    person: (kind, fields = {}) =>
      addPerson(context, kind, { phone: `555-01${String(++people).padStart(2, '0')}`, ...fields }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await sharing.close()
      if (ownImageWorkers) context.run.imageWorkers.close()
      await database.close()
      if (!on) await fresh.remove()
    },
  }
}

/** A shop of a test has no server to open another database under it: tests of that start one. */
const NOBODY_JOINS: JoinDesk = {
  state: () => null,
  isAtWork: () => false,
  begin: async () => {
    throw new Error('This shop stays what it is')
  },
}

/** One for all shops of a test file, like the password thread: a process that is started for each photo takes longer than it. */
let imageWorkers: ImageWorkers | undefined

const threads = new Map<number, Passwords>()

/** One password thread for all shops of a test file: to start one costs as much as all the rest of a shop. */
function passwordsOf(cost: number): Passwords {
  const passwords = threads.get(cost) ?? openPasswords(cost)
  threads.set(cost, passwords)
  return passwords
}

async function call(
  url: string,
  method: string,
  path: string,
  { as, token = as?.token, body, headers = {} }: CallOptions,
): Promise<Reply> {
  const form = body instanceof FormData
  const json = body !== undefined && typeof body !== 'string' && !form
  const reply = await fetch(url + path, {
    method,
    headers: {
      ...(body !== undefined && !form && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: json ? JSON.stringify(body) : (body as string) }),
  })
  const text = await reply.text()
  const isJson = reply.headers.get('content-type')?.startsWith('application/json')
  return { status: reply.status, text, body: isJson && text ? JSON.parse(text) : undefined, headers: reply.headers }
}
