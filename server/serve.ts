import type { Server } from 'node:http'
import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import type { Logger } from 'pino'
import type { ClockSource } from '../db/clock.ts'
import { isDiskFull } from '../db/errors.ts'
import { type Config, StartRefused } from './config.ts'
import type { Context } from './context.ts'
import { keepNetwork, keptNetwork, prepareFolder } from './data-folder.ts'
import { openFront } from './front.ts'
import { closeListener, listenersOf } from './http/bounds/listener.ts'
import { openSharing } from './http/network/sharing.ts'
import { type OpenRun, openRun } from './open-run.ts'
import { newSetupCode } from './shop/people/one-time-code.ts'
import { openJoinDesk } from './sync/enrol/desk.ts'

/**
 * A running server. `setupUrl` carries the one-time code while no admin exists; `context` is that of the database which it serves
 * now.
 */
export type Serving = { url: string; setupUrl: string; readonly context: Context; close(): Promise<void> }

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
  let run: OpenRun | null = null
  const onNetworkChange = () => {
    if (run && !run.context.run.closing.aborted) run.context.database.notify([{ entity: 'sharing', id: 1 }])
  }
  const front = openFront(config.trustedProxies)
  const sharing = openSharing({
    host: config.host,
    log,
    kept: { read: () => keptNetwork(config.data), write: (network) => keepNetwork(config.data, network) },
    onChange: onNetworkChange,
  })
  const closing = new AbortController()
  const joining = openJoinDesk({ log, now: clock.now, signal: closing.signal, current: () => run!.context, replace })
  const parts = { config, log, clock, setupCode: newSetupCode(), sharing, joining, onNetworkChange }
  let server: Server | null = null

  let replacing: Promise<void> = Promise.resolve()

  const reopen = async () => {
    // The next start opens what lies there then.
    if (closing.signal.aborted) return
    try {
      run = await openRun(parts)
    } catch (error) {
      log.fatal({ err: error }, 'the database could not be opened again: Fixpoint has to be started anew')
      front.giveUp()
      throw error
    }
    front.show(run.app)
    run.begin()
  }
  /** Requests wait for the moment in which another database takes the place of this one. */
  function replace(plan: () => void): Promise<void> {
    const exchange = async () => {
      run!.stop()
      try {
        await front.hold(CLOSE_GRACE_MS)
        await run!.close()
      } catch (error) {
        // With this one half closed no other can be opened.
        front.giveUp()
        throw error
      }
      try {
        plan()
      } finally {
        await reopen()
      }
    }
    const done = exchange()
    replacing = done.catch(() => {}) // Whoever asked for it hears of it.
    return done
  }
  const close = async () => {
    closing.abort()
    run?.stop()
    await Promise.all([sharing.close(), server && closeListener(server, CLOSE_GRACE_MS)])
    await replacing
    await run?.close()
  }
  try {
    run = await openRun(parts)
    const open = listenersOf(front.app, log)
    server = open()
    await listen(server, config)
    front.show(run.app)
    await sharing.begin(open, portOf(server))
  } catch (error) {
    await close()
    throw error
  }
  const url = addressOf(server, config.host)
  log.info({ url }, 'listening')
  run.begin()
  return {
    url,
    setupUrl: `${url}/setup#${parts.setupCode}`,
    get context() {
      return run!.context
    },
    close,
  }
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
