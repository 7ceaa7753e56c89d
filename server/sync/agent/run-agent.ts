import { setTimeout as systemPause } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Database } from '../../../db/database.ts'
import { DatabaseDamaged } from '../../../db/errors.ts'
import type { Fleet } from '../../domain/fleet/line-state.ts'
import type { Differences } from '../../shop/fleet/differences.ts'
import { type AskParent, NoLine } from '../../shop/people/passwords/parent.ts'
import { openDigestLine } from '../digests/digest-line.ts'
import type { NodeKeys } from '../node-keys.ts'
import { openPeopleLine } from '../people/people-line.ts'
import type { PhotoRoom } from '../../shop/photos/received-photos.ts'
import type { Looking } from '../photos/looking.ts'
import { openPhotoLine } from '../photos/photo-line.ts'
import { openSync } from '../take.ts'
import { type HelloReply, LONGEST_WAIT_S, type Verdict } from '../wire.ts'
import { openBell, type Pause } from './bell.ts'
import { type Progress, runDirection, type Step } from './direction.ts'
import { type Failure, failureOf, Stopped } from './errors.ts'
import { NotGreeted, openGreeting } from './greeting.ts'
import { giveBack } from './give-back.ts'
import { openLine } from './line.ts'
import { openLives } from './lives.ts'
import { readPosition } from './position.ts'
import { pullOnce } from './pull.ts'
import { pushOnce } from './push.ts'
import { ParentRefused } from './send.ts'
import { openState, type Part } from './state.ts'

/**
 * What runs in the server of a terminal: it says hello, sends what is written here, and hears what is written elsewhere. Sending
 * and hearing know nothing of each other: what ends one of them, for a while or until somebody comes, holds up nothing of the
 * other. Neither waits for the next write here: whatever failed is tried again by itself.
 */

export type AgentParts = {
  database: Database
  keys: NodeKeys
  version: string
  log: Logger
  /** ms since 1970, by the clock that is believed here. */
  now: () => number
  /** A stopwatch in ms. */
  monotonic?: () => number
  /** From 0 to 1. */
  random?: () => number
  pause?: Pause
  /** How long all of a request may take, in ms: 90,000 by the wire. */
  wholeMs?: number | undefined
  /** Where photos are kept; without it none come or go. */
  photos?: Omit<PhotoRoom, 'db'> | undefined
}

export type Agent = Fleet & {
  /** Asks head office about a password. */
  signIn: AskParent
  /** Has a picture fetched that somebody looks at; null where none come or go. */
  look: Looking | null
  /** What a person does about rows that are not as head office has them. */
  differences: Differences
  /** Ends what is under way and waits for that. */
  close(): Promise<void>
}

/** All in ms: how long nothing may come of a direction, how often that is looked at, and how long an end is waited for. */
const NO_PROGRESS = 60_000
const WATCH_EVERY = 10_000
const END_WITHIN = 5_000
/** How far what is shown may be behind what was written. */
const SHOWN_WITHIN = 1_000
/** How often it is looked whether anything waits although nobody has said so. */
const LOOK_EVERY = 30_000

/** Ops of one pull: what they come to is read and checked in one go, and nobody else has a turn meanwhile. */
const MOST_HEARD = 1_000
/** For how long head office may keep a pull, in seconds: from here to the longest, so that a fleet does not ask in step. */
const SHORTEST_WAIT_S = 25
/** A reply without anything that came sooner was not kept, in ms: the next one is not asked for at once. */
const KEPT_AT_LEAST = 5_000
const LONGEST_REST = 60_000

const pauseBySystem: Pause = (ms, signal) => systemPause(ms, undefined, { signal, ref: false }).catch(() => {}) // Whoever waits sees what has ended it.

/** Starts the agent of a terminal. */
export async function runAgent(parts: AgentParts): Promise<Agent> {
  const { database, log, now, keys, version, wholeMs } = parts
  const { monotonic = () => performance.now(), random = Math.random, pause = pauseBySystem } = parts
  const sync = await openSync(database)
  const closing = new AbortController()
  const bells = { push: openBell(pause), pull: openBell(pause), shown: openBell(pause), photos: openBell(pause) }
  const progress: Record<'push' | 'pull', Progress> = { push: IDLE, pull: IDLE }
  const state = openState(now, () => database.notify([{ entity: FLEET, id: 1 }]))
  const notes = openNotes(log, state.failed, () => closing.signal.aborted)

  const well = (part: Part) => {
    notes.well(part)
    state.well(part)
  }
  const address = async () => {
    const row = await database.db.selectFrom('head_office').select('address').executeTakeFirst()
    state.address(row?.address ?? null)
    return row?.address ?? null
  }
  const identity = async () => {
    const own = database.db.selectFrom('self').select(['node_id as node', 'epoch'])
    return await own.executeTakeFirstOrThrow()
  }
  const line = openLine({ address, identity, keys, now, monotonic, wholeMs })
  const lives = openLives(sync, log)
  const greeting = openGreeting({
    sync, line, log, version, now, monotonic, signal: closing.signal, lives,
    digest: () => digests.said(),
    onGreeted: (reply) => {
      const { verdict, troubles } = reply
      digests.greeted(reply)
      state.contact()
      state.aside(troubles)
      well('hello')
      if (hearsNothing(verdict)) notes.failed('verdict', new Stopped(verdict))
      else well('verdict')
      for (const part of LINES) bells[part].ring('line')
    },
    onFailure: (error) => void notes.failed('hello', error),
  }) // oxfmt-ignore

  const people = openPeopleLine({
    database, log, now, monotonic, keys,
    send: (call, body, signal) => line.send(call, body, { signal, onBytes: () => {} }),
  }) // oxfmt-ignore

  const digests = openDigestLine({
    sync, log, now, random, pause, signal: closing.signal, greeting,
    send: (body) => line.send('digests', body, { signal: closing.signal, onBytes: () => {} }),
    onCompared: state.compared,
  }) // oxfmt-ignore

  const sendFor =
    (part: 'push' | 'pull', signal: AbortSignal): SendAny =>
    async (call, body) => {
      const of = progress[part]
      const onBytes = () => void (of.progressAt = Math.max(of.progressAt, monotonic()))
      const reply = await line.send(call, body, { signal, onBytes })
      onBytes()
      state.contact()
      return reply
    }

  let givenBackTo: string | null = null
  /** Before what was done here, which may lean on it. */
  const giveBackOnce = async ({ office, incarnation }: HelloReply, send: SendAny) => {
    if (givenBackTo === incarnation || !office) return
    try {
      const taken = await giveBack(sync, send, office)
      if (taken > 0)
        log.warn({ ops: taken }, 'head office had lost what it had said itself, and has it from here again')
    } catch (error) {
      if (!(error instanceof ParentRefused)) throw error
      log.warn({ reason: error.message }, 'head office does not take back what it had said itself')
    }
    givenBackTo = incarnation
  }
  const push: Step = async (reply, signal) => {
    if (database.damage() !== null) throw new DatabaseDamaged()
    const spread = greeting.pushesFrom() - monotonic()
    if (spread > 0) return spread
    const send = sendFor('push', signal)
    const { verdict } = reply
    if (verdict !== 'revoked') await giveBackOnce(reply, send)
    const { sent, aside, more } = await pushOnce(sync, send)
    if (sent > 0) state.changed()
    // The next hello counts them anew.
    if (aside > 0) state.aside(state.read().asideThere + aside)
    bells.shown.ring('news')
    if (more) return 0
    if (verdict !== 'revoked') await people.exchange(signal)
    return LOOK_EVERY
  }
  let inVain = 0
  const pull: Step = async ({ verdict }, signal) => {
    if (hearsNothing(verdict)) throw new NotGreeted('Nothing comes down', { cause: new Stopped(verdict) })
    if (database.damage() !== null) throw new DatabaseDamaged()
    const wait = Math.round(SHORTEST_WAIT_S + random() * (LONGEST_WAIT_S - SHORTEST_WAIT_S))
    const of = progress.pull
    const began = monotonic()
    of.progressAt = began + wait * 1000
    const onApplied = () => void (of.progressAt = Math.max(of.progressAt, monotonic()))
    const { heard, more } = await pullOnce(sync, sendFor('pull', signal), { most: MOST_HEARD, wait, onApplied })
    if (heard > 0) state.changed()
    bells.shown.ring('news')
    inVain = heard > 0 || monotonic() - began >= KEPT_AT_LEAST ? 0 : inVain + 1
    const isSaidToGoOn = more && inVain === 1
    return inVain === 0 || isSaidToGoOn ? 0 : Math.min(LONGEST_REST, 1000 * 2 ** (inVain - 1))
  }

  const look = async () => {
    try {
      state.position(await readPosition(database.db))
    } catch (error) {
      notes.failed('shown', error)
    }
  }
  const show = async () => {
    while (!closing.signal.aborted) {
      await pause(SHOWN_WITHIN, closing.signal)
      await bells.shown.wait(LOOK_EVERY, ['news'], closing.signal)
      await look()
    }
  }

  /** Both directions from one start to the next. */
  const start = () => {
    const turn = new AbortController()
    const signal = AbortSignal.any([closing.signal, turn.signal])
    const ended = (['push', 'pull'] as const).map((part) => {
      progress[part] = { ...IDLE }
      const onWell = () => well(part)
      const onFailure = (error: unknown) => {
        const failure = notes.failed(part, error)
        if (failure.isLine) greeting.lose()
        return failure
      }
      const step = part === 'push' ? push : pull
      const tools = {
        step,
        bell: bells[part],
        greeting,
        progress: progress[part],
        monotonic,
        random,
        onWell,
        onFailure,
      }
      return runDirection(tools, signal)
    })
    return { end: () => turn.abort(), ended: Promise.all(ended) }
  }
  await look()
  let running = start()
  const watch = async () => {
    for (; !closing.signal.aborted; await pause(WATCH_EVERY, closing.signal)) {
      const began = monotonic()
      const isStuck = Object.values(progress).some((of) => of.isAtWork && began - of.progressAt > NO_PROGRESS)
      if (!isStuck) continue
      // Where head office is not reached, that is why.
      const isReached = await greeting.greet(began).then(() => true, () => false) // oxfmt-ignore
      if (!isReached || closing.signal.aborted) continue
      log.warn('nothing comes of what is sent to head office or asked of it, though it answers: both begin anew')
      running.end()
      running = start()
    }
  }
  const photos =
    parts.photos &&
    openPhotoLine({
      database, room: parts.photos, line, log, now, closing: closing.signal,
      isUp: () => state.read().line === 'up',
      isPushing: () => progress.push.isAtWork,
      onMoved: () => bells.shown.ring('news'),
    }) // oxfmt-ignore
  const carryPhotos = async ({ step }: { step: Step }) => {
    const onWell = () => notes.well('photos')
    const onFailure = (error: unknown) => notes.failed('photos', error)
    const tools = { step, bell: bells.photos, greeting, progress: { ...IDLE }, monotonic, random, onWell, onFailure }
    await runDirection(tools, closing.signal)
  }
  const others = [show(), watch(), digests.run(), ...(photos ? [carryPhotos(photos)] : [])]
  const stopListening = database.onCommit((rows) => {
    if (rows.every(({ entity }) => entity === FLEET)) return
    people.notice(rows)
    for (const part of ['push', 'shown', 'photos'] as const) bells[part].ring('news')
  })
  return {
    state: state.read,
    differences: digests,
    signIn: async (...asked) => {
      if (await lives.isInDoubt())
        throw new NoLine('Whether another machine goes on with these data is being looked at')
      return await people.signIn(...asked)
    },
    look: photos?.look ?? null,
    tryNow: () => {
      for (const part of LINES) bells[part].ring('person')
    },
    close: async () => {
      stopListening()
      closing.abort()
      line.close()
      const late = new AbortController()
      await Promise.race([Promise.all([running.ended, ...others]), pauseBySystem(END_WITHIN, late.signal)])
      late.abort()
    },
  }
}

/** What goes over the line. */
const LINES = ['push', 'pull', 'photos'] as const

/** Nothing comes down, though what is written here is taken. */
const hearsNothing = (verdict: Verdict) => verdict === 'too-old' || verdict === 'revoked'
type SendAny = (call: 'push' | 'pull' | 'returned', body: unknown) => Promise<unknown>

/** What pages are told has changed, beside tables. */
const FLEET = 'fleet'
const IDLE: Progress = { isAtWork: false, progressAt: 0 }

/** Says each trouble in the log once, and again only after something else. */
function openNotes(log: Logger, onFailure: (part: Part, failure: Failure) => void, isClosed: () => boolean) {
  const said = new Map<string, string>()
  return {
    well: (part: Part | 'photos') => {
      if (said.delete(part)) log.info({ part }, 'head office: goes well again')
    },
    failed: (part: Part | 'shown' | 'photos', thrown: unknown): Failure => {
      // What hello met was said there.
      if (thrown instanceof NotGreeted) return failureOf(thrown.cause)
      const failure = failureOf(thrown)
      if (isClosed()) return failure
      if (part !== 'shown' && part !== 'photos') onFailure(part, failure)
      const { message } = thrown as Error
      const details = failure.needs === 'trouble' ? { err: thrown } : { reason: message, needs: failure.needs }
      if (said.get(part) !== message) log.warn({ part, ...details }, 'head office: not in step')
      said.set(part, message)
      return failure
    },
  }
}
