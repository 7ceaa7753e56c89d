import type { Logger } from 'pino'
import type { Comparison, NotNow } from '../../domain/fleet/differences.ts'
import { CannotCompare, type Differences } from '../../shop/fleet/differences.ts'
import { openBell, type Pause } from '../agent/bell.ts'
import { LineError } from '../agent/errors.ts'
import { type Greeting, NotGreeted } from '../agent/greeting.ts'
import { openLane } from '../hub/turns.ts'
import { ParentRefused, ReplyBroken } from '../agent/send.ts'
import type { Sync } from '../take.ts'
import type { Hello, HelloReply } from '../wire.ts'
import { type Comparing, compareOnce, NotComparable, type SendDigests } from './compare.ts'
import { sendDay, takeDay } from './take-day.ts'

/** When a terminal compares its rows with head office's, and what a person does about what differs. */
export type DigestLine = Differences & {
  /** Compares each hour until the signal; throws nothing. */
  run(): Promise<void>
  /** Head office has answered a hello: after one that sends again what was lost, rows are compared as soon as nothing waits. */
  greeted(reply: Pick<HelloReply, 'verdict' | 'incarnation'>): void
  /** What hello says of it. */
  said(): Hello['digest']
}

export type DigestLineParts = {
  sync: Sync
  log: Logger
  now: () => number
  /** From 0 to 1. */
  random: () => number
  pause: Pause
  signal: AbortSignal
  greeting: Pick<Greeting, 'greet'>
  send: SendDigests
  onCompared: (comparison: Comparison) => void
}

/** All in ms. The first time lies some minutes behind the start, so that a fleet that starts at nine does not compare at once. */
const HOUR = 3_600_000
const FIRST = 300_000
/** Something waited, or came meanwhile. */
const AGAIN = 300_000
/** After something that a person did: what follows from it is on its way, which takes some seconds. */
const SOON = 1_000
const SOON_TIMES = 120

export function openDigestLine(parts: DigestLineParts): DigestLine {
  const { sync, log, now, random, signal, send, onCompared } = parts
  const comparing: Comparing = { sync, send, signal }
  /** Ends the comparison that is under way: somebody does something about the last one, and does not wait for it. */
  let ending = new AbortController()
  const bell = openBell(parts.pause)
  // Whoever compares reads what whoever takes writes.
  const lane = openLane(1)
  let known: Comparison = { comparedAt: null, sameAt: null, differs: [], more: false }
  let hurried = 0
  let said: string | null = null
  let incarnation: string | null = null

  const hurry = () => {
    hurried = SOON_TIMES
    bell.ring('news')
  }
  const compare = async () => {
    await expectGood(parts.greeting)
    ending = new AbortController()
    const found = await compareOnce({ ...comparing, signal: AbortSignal.any([signal, ending.signal]) })
    const comparedAt = now()
    const isSame = found.differs.length === 0
    known = { ...found, comparedAt, sameAt: isSame ? comparedAt : known.sameAt }
    onCompared(known)
    const days = found.differs.map(({ entity, day }) => `${entity} ${day}`)
    if (!isSame) log.error({ days }, 'rows are not as head office has them')
  }
  /** Whether it came to an end. */
  const tryToCompare = async (): Promise<boolean> => {
    try {
      await lane(compare)
      said = null
      hurried = 0
      return true
    } catch (error) {
      // Whatever goes wrong with the line is said by those who send and hear.
      const isOrdinary =
        ending.signal.aborted ||
        error instanceof NotComparable ||
        error instanceof NotGreeted ||
        error instanceof LineError
      const { message } = error as Error
      if (!isOrdinary && !signal.aborted && message !== said)
        log.warn({ err: error }, 'rows could not be compared with head office')
      said = message
      return false
    }
  }
  const acting = async <T>(work: () => Promise<T>): Promise<T> => {
    ending.abort()
    try {
      return await lane(async () => {
        await expectGood(parts.greeting)
        return await work()
      })
    } catch (error) {
      const reason = reasonOf(error)
      throw reason ? new CannotCompare(reason, error) : error
    } finally {
      hurry()
    }
  }
  return {
    take: (day, write) => acting(() => takeDay(comparing, day, write)),
    send: (day, write) => acting(() => sendDay(comparing, day, write)),
    greeted: (reply) => {
      const isAnother = incarnation !== null && incarnation !== reply.incarnation
      if (isAnother || reply.verdict === 'resend') hurry()
      incarnation = reply.incarnation
    },
    said: () => (known.comparedAt === null ? null : { same_at: known.sameAt, differs: known.differs.length }),
    run: async () => {
      let ms = FIRST * (0.2 + 0.8 * random())
      while (!signal.aborted) {
        await bell.wait(ms, ['news'], signal)
        if (signal.aborted) return
        const isDone = await tryToCompare()
        if (isDone) ms = HOUR * (0.9 + 0.2 * random())
        else ms = hurried-- > 0 ? SOON : AGAIN * (0.5 + random())
      }
    },
  }
}

/** @throws NotGreeted, NotComparable */
async function expectGood(greeting: Pick<Greeting, 'greet'>): Promise<void> {
  const { verdict, troubles } = await greeting.greet()
  if (verdict !== 'go') throw new NotComparable(`Head office says ${verdict}`)
  if (troubles > 0) throw new NotComparable('Something from here is put aside at head office')
}

function reasonOf(error: unknown): NotNow | null {
  if (error instanceof NotComparable) return 'waiting'
  if (error instanceof NotGreeted || error instanceof ParentRefused || error instanceof ReplyBroken) return 'no-line'
  if (error instanceof LineError) return error.fault === 'busy' ? 'busy' : 'no-line'
  return null
}
