import { setTimeout as pause } from 'node:timers/promises'
import type { Express } from 'express'
import type { Logger } from 'pino'
import type { ClockSource } from '../db/clock.ts'
import { openToServe } from '../db/file/open-file.ts'
import { ownRole } from '../db/self.ts'
import { openApp } from './app.ts'
import { checkDaily } from './checks/check-daily.ts'
import type { RunningCheck } from './checks/running-check.ts'
import { runCleanup } from './cleanup.ts'
import type { Config } from './config.ts'
import { type Context, type JoinDesk, newRun } from './context.ts'
import { keepSetupCode, signingSecret } from './data-folder.ts'
import { followClock, lookAtClock } from './follow-clock.ts'
import { openPasswords } from './http/auth/passwords.ts'
import { openTokens } from './http/auth/tokens.ts'
import { endCutOff } from './http/idempotency.ts'
import { openPresence } from './http/network/presence.ts'
import type { Sharing } from './http/network/sharing.ts'
import { keepSecret } from './keep-secret.ts'
import { packWhenIdle } from './pack-journal.ts'
import { reconcileByTheMinute } from './shop/card-payments/reconcile.ts'
import { openStripe } from './shop/card-payments/stripe.ts'
import { setupIsOpen } from './shop/people/staff.ts'
import { sweepPhotos } from './shop/photos/photos.ts'
import { addFirstCatalogue } from './shop/stock/first-catalogue.ts'
import { followBatches } from './sync/after/follow-batches.ts'
import { startAgent } from './sync/agent/start-agent.ts'
import { becomeHeadOffice } from './sync/enrol/become-head-office.ts'
import { forgetHeardWhenIdle } from './sync/history/retention.ts'
import { publishAll } from './sync/hub/publish-all.ts'
import { followDroppedPhotos } from './sync/photos/drop-files.ts'
import { nodeKeysOf } from './sync/node-keys.ts'
import { openSync } from './sync/take.ts'
import { runUpkeep } from './upkeep.ts'

/** The program over one database. A server that joins head office has one after the other. */
export type OpenRun = {
  context: Context
  app: Express
  /** Begins what goes on by itself, once requests are heard. */
  begin(): void
  /** Ends what never ends by itself: streams of changes, and requests that wait. */
  stop(): void
  /** Closes the database, once no request is at work any more. May be called again. */
  close(): Promise<void>
}

/** What lives as long as the server. */
export type RunParts = {
  config: Config
  log: Logger
  clock: ClockSource
  setupCode: string
  sharing: Sharing
  joining: JoinDesk
  onNetworkChange: () => void
}

/** The check of the file waits until the first screens are there: it reads all of it. In ms. */
const FILE_CHECK_DELAY_MS = 10_000

/** Opens the database and all that works on it. @throws DatabaseRefused when it cannot be served */
export async function openRun(parts: RunParts): Promise<OpenRun> {
  const { config, log, clock, setupCode, sharing, joining, onNetworkChange } = parts
  const database = await openToServe({
    at: config.database,
    ...clock,
    onError: (error) => log.warn({ err: error }, 'trouble with the database'),
    fillNew: addFirstCatalogue,
    tripwire: config.tripwire,
  })
  const closing = new AbortController()
  const secret = await secretOf(config, database)
  const presence = openPresence(database.clock.now, onNetworkChange)
  const context: Context = {
    config,
    database,
    now: database.clock.now,
    log,
    passwords: openPasswords(config.bcryptCost),
    tokens: openTokens(secret, database.clock),
    keys: nodeKeysOf(secret),
    stripe: openStripe(config.stripe),
    run: newRun(closing.signal, setupCode, { sharing, presence, joining }),
  }
  let check: RunningCheck | null = null
  let agentEnded = async () => {}
  let forgetCode = () => {}
  let closed: Promise<void> | null = null
  const close = async () => {
    closing.abort()
    forgetCode()
    await check?.close()
    await agentEnded()
    context.run.imageWorkers.close()
    context.stripe?.unrefSockets()
    await context.passwords.close()
    await database.close()
  }
  try {
    await lookAtClock(context)() // Nobody is answered by a clock that was contradicted and has been set right.
    await sweepPhotos(context)
    await endCutOff(database)
    if (config.headOffice && (await becomeHeadOffice(database, context.keys))) log.info('this is head office now')
    check = await checkDaily(context)
    forgetCode = await layCode(context)
  } catch (error) {
    await close()
    throw error
  }
  const watch = () =>
    database.watch((damage) => log.fatal({ damage }, 'the database file is damaged: nothing is saved any more'))
  return {
    context,
    app: openApp(context),
    begin: () => {
      pause(FILE_CHECK_DELAY_MS, undefined, { signal: closing.signal, ref: false }).then(watch, () => {}) // Closed before: nothing to watch.
      void followClock(context)
      void runCleanup(context)
      void runUpkeep(context)
      void packWhenIdle(context)
      void forgetHeardWhenIdle(context)
      void keepSecret(context, secret)
      void reconcileByTheMinute(context)
      void followBatches(context)
      followDroppedPhotos(context)
      void publishPast(context)
      agentEnded = startAgent(context)
    },
    stop: () => closing.abort(),
    close: () => (closed ??= close()),
  }
}

/** What head office had written before anybody heard it goes into the streams before somebody waits for it. */
async function publishPast({ database, log, run }: Context): Promise<void> {
  try {
    if ((await ownRole(database.db)) === 'head-office') await publishAll(await openSync(database))
  } catch (error) {
    if (!run.closing.aborted) log.warn({ err: error }, 'the streams of head office could not be filled ahead')
  }
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
