import type { Server } from 'node:http'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import type { Logger } from 'pino'
import type { ClockSource } from '../db/clock.ts'
import { isDiskFull } from '../db/errors.ts'
import { openToServe } from '../db/file/open-file.ts'
import { openApp } from './app.ts'
import { type Config, StartRefused } from './config.ts'
import { type Context, newRun } from './context.ts'
import { closeListener, listenersOf } from './http/bounds/listener.ts'
import { endCutOff } from './http/idempotency.ts'
import { openPresence } from './http/network/presence.ts'
import { openSharing } from './http/network/sharing.ts'
import { openPasswords } from './http/auth/passwords.ts'
import { openTokens } from './http/auth/tokens.ts'
import { addFirstCatalogue } from './shop/stock/first-catalogue.ts'
import { runCleanup } from './cleanup.ts'
import { checkDaily } from './checks/check-daily.ts'
import type { RunningCheck } from './checks/running-check.ts'
import { followClock, lookAtClock } from './follow-clock.ts'
import { reconcileByTheMinute } from './shop/card-payments/reconcile.ts'
import { sweepPhotos } from './shop/photos/photos.ts'
import { newSetupCode } from './shop/people/one-time-code.ts'
import { packWhenIdle } from './pack-journal.ts'
import { forgetHeardWhenIdle } from './sync/history/retention.ts'
import { runUpkeep } from './upkeep.ts'
import { openStripe } from './shop/card-payments/stripe.ts'
import { setupIsOpen } from './shop/people/staff.ts'
import { keepNetwork, keepSetupCode, keptNetwork, prepareFolder, signingSecret } from './data-folder.ts'
import { keepSecret } from './keep-secret.ts'
import { followBatches } from './sync/after/follow-batches.ts'
import { startAgent } from './sync/agent/start-agent.ts'
import { becomeHeadOffice } from './sync/enrol/become-head-office.ts'
import { nodeKeysOf } from './sync/node-keys.ts'

/** A running server. `setupUrl` carries the one-time code while no admin exists. */
export type Serving = { url: string; setupUrl: string; context: Context; close(): Promise<void> }

/** The check of the file waits until the first screens are there: it reads all of it. In ms. */
const FILE_CHECK_DELAY_MS = 10_000

/**
 * By how many percent what lives may grow before it is collected. V8 lets it grow fourfold, for which it needs another 70 MB;
 * how far young objects may spread only the command line can say: `--max-semi-space-size` in package.json.
 */
const HEAP_GROWING_PERCENT = 30

/** The clock and the stopwatch of this machine. */
const MACHINE_CLOCK: ClockSource = { now: Date.now, monotonic: () => performance.now() }

/** How long requests at work may take to finish when the server closes, in ms. */
const CLOSE_GRACE_MS = 5_000

/**
 * Opens the data folder and the database and listens.
 * @throws DatabaseRefused when the database cannot be served, StartRefused when the address cannot or the disk lacks the
 * room for it, with the reason
 */
export async function serve(config: Config, log: Logger, clock: ClockSource = MACHINE_CLOCK): Promise<Serving> {
  try {
    return await start(config, log, clock)
  } catch (error) {
    if (!isDiskFull(error)) throw error
    throw new StartRefused(
      `The disk of ${config.data} is full: Fixpoint cannot begin there. Free a few megabytes and start again; nothing is lost.`,
    )
  }
}

async function start(config: Config, log: Logger, clock: ClockSource): Promise<Serving> {
  // Electron's V8 may refuse to be told once it runs, which would end the server.
  if (!process.versions['electron']) setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`)
  prepareFolder(config.data)
  const database = await openToServe({
    at: config.database,
    ...clock,
    onError: (error) => log.warn({ err: error }, 'trouble with the database'),
    fillNew: addFirstCatalogue,
    tripwire: config.tripwire,
  })
  const closing = new AbortController()
  const secret = await secretOf(config, database)
  const onNetworkChange = () => {
    if (!closing.signal.aborted) database.notify([{ entity: 'sharing', id: 1 }])
  }
  const sharing = openSharing({
    host: config.host,
    log,
    kept: { read: () => keptNetwork(config.data), write: (network) => keepNetwork(config.data, network) },
    onChange: onNetworkChange,
  })
  const context: Context = {
    config,
    database,
    now: database.clock.now,
    log,
    passwords: openPasswords(config.bcryptCost),
    tokens: openTokens(secret, database.clock),
    keys: nodeKeysOf(secret),
    stripe: openStripe(config.stripe),
    run: newRun(closing.signal, newSetupCode(), {
      sharing,
      presence: openPresence(database.clock.now, onNetworkChange),
    }),
  }
  let server: Server | null = null
  let check: RunningCheck | null = null
  let agentEnded = async () => {}
  const close = async () => {
    closing.abort()
    await Promise.all([sharing.close(), server && closeListener(server, CLOSE_GRACE_MS)])
    await check?.close()
    await agentEnded()
    context.run.imageWorkers.close()
    context.stripe?.unrefSockets()
    await context.passwords.close()
    await database.close()
  }
  let forgetCode: () => void
  try {
    const open = listenersOf(openApp(context), log)
    server = open()
    await lookAtClock(context)() // Nobody is answered by a clock that was contradicted and has been set right.
    await sweepPhotos(context)
    await endCutOff(database)
    if (config.headOffice && (await becomeHeadOffice(database, context.keys))) log.info('this is head office now')
    check = await checkDaily(context)
    forgetCode = await layCode(context)
    await listen(server, config)
    await sharing.begin(open, portOf(server))
  } catch (error) {
    await close()
    throw error
  }
  const url = addressOf(server, config.host)
  log.info({ url }, 'listening')
  const watch = () =>
    database.watch((damage) => log.fatal({ damage }, 'the database file is damaged: nothing is saved any more'))
  pause(FILE_CHECK_DELAY_MS, undefined, { signal: closing.signal, ref: false }).then(watch, () => {}) // Closed before: nothing to watch.
  void followClock(context)
  void runCleanup(context)
  void runUpkeep(context)
  void packWhenIdle(context)
  void forgetHeardWhenIdle(context)
  void keepSecret(context, secret)
  void reconcileByTheMinute(context)
  void followBatches(context)
  agentEnded = startAgent(context)
  const end = async () => {
    forgetCode()
    await close()
  }
  return { url, setupUrl: `${url}/setup#${context.run.setupCode}`, context, close: end }
}

async function secretOf({ secret, data }: Config, database: { close(): Promise<void> }): Promise<string> {
  try {
    return secret ?? signingSecret(data)
  } catch (error) {
    await database.close()
    throw error
  }
}

/** Lays the set-up code out while there is something to set up; returns how to take it away. */
async function layCode({ config: { data }, database, run, log }: Context): Promise<() => void> {
  const lay = (code: string | null) => {
    try {
      keepSetupCode(data, code)
    } catch (error) {
      log.warn({ err: error }, 'the set-up code could not be kept')
    }
  }
  lay((await setupIsOpen(database.db)) ? run.setupCode : null)
  return () => lay(null)
}

async function listen(server: Server, { port, host }: Config) {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new StartRefused(`Port ${port} of ${host} is taken by another program. Choose one with --port.`)
    if (code === 'EACCES') throw new StartRefused(`Port ${port} may not be opened. Choose one above 1023 with --port.`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new StartRefused(`${host} is no address of this machine. Choose one with --host.`)
    throw error
  }
}

function addressOf(server: Server, host: string): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${portOf(server)}`
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}
