import type { Logger } from 'pino'
import type { ChainHead, ChainKey } from '../../../db/fleet/origin-heads.ts'
import { ownChains } from '../../../db/journal/begin-epoch.ts'
import { chainsBetween } from '../../../db/journal/ops.ts'
import { sendAgain, sentChains } from '../../../db/fleet/unsent.ts'
import { updateLocal } from '../../../db/local.ts'
import { GENESIS } from '../../domain/chain.ts'
import type { Sync } from '../take.ts'
import type { Hello, HelloReply } from '../wire.ts'
import { failureOf, LineError } from './errors.ts'
import type { Line } from './line.ts'
import type { Lives } from './lives.ts'
import { type Position, readCursors, readPosition } from './position.ts'
import { resend } from './push.ts'
import { BY } from './send.ts'

/** Hello comes first, and again whenever the line comes back: by it both sides know where they are. */

export type Greeting = {
  /**
   * What head office answered; says hello where it was not said since the line went or since `since` by the stopwatch, and every
   * five minutes. Whoever asks at the same moment shares the answer.
   * @throws NotGreeted
   */
  greet(since?: number): Promise<HelloReply>
  /** The line has gone. */
  lose(): void
  /** From when on entries may be sent, by the stopwatch: a fleet that comes back at once is spread by head office. */
  pushesFrom(): number
}

/** Head office could not be greeted, or has no use for what was to follow; `cause` says why, and who greets has said so already. */
export class NotGreeted extends Error {}

export type GreetingParts = {
  sync: Sync
  lives: Lives
  line: Pick<Line, 'hello'>
  log: Logger
  version: string
  now: () => number
  monotonic: () => number
  signal: AbortSignal
  onGreeted: (reply: HelloReply) => void
  onFailure: (error: unknown) => void
  /** How rows here compared with head office's; left out by who does not compare. */
  digest?: () => Hello['digest']
}

/** All in ms. What hello may ask a terminal to wait before it sends is bounded. */
const HELLO_EVERY = 300_000
const LONGEST_SPREAD = 300_000

export function openGreeting(parts: GreetingParts): Greeting {
  const { monotonic, onGreeted, onFailure } = parts
  let greeted: { reply: HelloReply; at: number } | null = null
  let greeting: Promise<HelloReply> | null = null
  let [from, wasLost] = [0, true]
  const named: Named = { end: null }
  const lose = () => {
    greeted = null
    wasLost = true
  }
  const say = async (): Promise<HelloReply> => {
    try {
      const reply = await sayHello(parts, named)
      const at = monotonic()
      greeted = { reply, at }
      // Who says hello as every five minutes has not come back with a fleet.
      if (wasLost) from = at + Math.min(reply.wait_ms, LONGEST_SPREAD)
      wasLost = false
      onGreeted(reply)
      return reply
    } catch (error) {
      if (failureOf(error).isLine) lose()
      onFailure(error)
      throw new NotGreeted('Head office could not be greeted', { cause: error })
    }
  }
  return {
    greet: async (since = -Infinity) => {
      if (greeted && greeted.at >= Math.max(since, monotonic() - HELLO_EVERY)) return greeted.reply
      greeting ??= say().finally(() => void (greeting = null))
      return await greeting
    },
    lose,
    pushesFrom: () => from,
  }
}

/** How often hello is said anew where head office did not know everything when it answered. */
const MOST_HELLOS = 3

/**
 * What is here of the chain where head office said last that its copy ends, and its copy is another. From then on hello says it as the
 * last that is known there: head office sees the two pasts too, and does not take this machine for well.
 */
type Named = { end: (ChainHead & Pick<ChainKey, 'epoch'>) | null }

async function sayHello(parts: GreetingParts, named: Named): Promise<HelloReply> {
  const { sync, log, lives } = parts
  await lives.expectUnlocked()
  for (let times = 1; ; times++) {
    const { said, key, reply } = await sayOnce(parts, named)
    const { verdict, acked, incarnation, latest_epoch = 0 } = reply
    const own = await ownAt(sync, key, acked)
    const isOfAnotherPast = own !== undefined && own !== acked.chain
    if (verdict !== 'fork' && !isOfAnotherPast) {
      named.end = null
      lives.well()
      if (verdict === 'resend' && acked.epoch === key.epoch) await resend(sync, key, acked)
      await resendFormer(sync, reply)
      await noteIncarnation(sync, log, incarnation)
      return reply
    }
    if (isOfAnotherPast) named.end = { epoch: key.epoch, seq: acked.seq, chain: own }
    // Either head office does not know it yet, or it has what was written here, and sent, after hello was said.
    const isUnknown = verdict !== 'fork'
    const isOvertaken = own === acked.chain && acked.seq > said.seq && latest_epoch <= key.epoch
    if (!isUnknown && !isOvertaken) await lives.beginAnew(reply, said)
    if (times >= MOST_HELLOS) throw new LineError('busy', 'What is written here overtakes what head office answers')
  }
}

/** What is here by now of the chain where head office's copy of it ends; undefined where this one is shorter, or that is none. */
async function ownAt(
  { database }: Sync,
  key: ChainKey,
  { epoch, seq }: HelloReply['acked'],
): Promise<string | undefined> {
  if (epoch !== key.epoch || seq === 0) return undefined
  return (await chainsBetween(database.db, key, seq, seq)).get(seq)
}

/** Of chains that restores of this machine have ended head office may have lost the end too. */
async function resendFormer(sync: Sync, { former }: HelloReply): Promise<void> {
  if (!former) return // An older head office does not say.
  for (const { origin, epoch } of (await sentChains(sync.database.db)).slice(0, -1)) {
    const head = former.find((one) => one.epoch === epoch) ?? { seq: 0, chain: GENESIS }
    await resend(sync, { origin, epoch }, head)
  }
}

async function sayOnce({ sync, line, version, now, signal, digest }: GreetingParts, { end }: Named) {
  const { database, known } = sync
  const { node, waiting, troubles, setBackAt: _, keptBack: __, ...chain } = await readPosition(database.db)
  const { cursors } = await readCursors(database.db)
  const { held, quarantined, parked } = troubles
  const body = { ...chain, cursors, waiting, troubles: held + quarantined + parked, schema: known.schema, version }
  const acked = end?.epoch === chain.epoch ? { seq: end.seq, chain: end.chain } : chain.acked
  const reply = await line.hello({ ...body, acked, clock: now(), digest: digest?.() }, { signal, onBytes: () => {} })
  const said: Pick<Position, 'epoch' | 'seq' | 'chain'> = chain
  return { said, key: { origin: node, epoch: chain.epoch }, reply }
}

/** Another one than before: what head office acknowledged may be gone there, which its verdict tells. */
async function noteIncarnation({ database }: Sync, log: Logger, incarnation: string) {
  const known = await database.db.selectFrom('head_office').select('incarnation').executeTakeFirst()
  if (!known || known.incarnation === incarnation) return
  log.warn({ before: known.incarnation, now: incarnation }, 'head office goes on from another database than before')
  await database.write(BY, async (trx) => {
    await updateLocal(trx, 'head_office', { id: 1 }, { incarnation })
    // What the other one had in place of these it may not have.
    for (const former of (await ownChains(trx)).slice(0, -1)) await sendAgain(trx, former)
  })
}
