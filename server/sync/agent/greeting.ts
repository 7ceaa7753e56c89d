import type { Logger } from 'pino'
import type { ChainKey } from '../../../db/fleet/origin-heads.ts'
import { chainsBetween } from '../../../db/journal/ops.ts'
import { sentChains } from '../../../db/fleet/unsent.ts'
import { updateLocal } from '../../../db/local.ts'
import { GENESIS } from '../../domain/chain.ts'
import type { Sync } from '../take.ts'
import type { HelloReply } from '../wire.ts'
import { failureOf } from './errors.ts'
import type { Line } from './line.ts'
import type { Lives } from './lives.ts'
import { readCursors, readPosition } from './position.ts'
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
}

/** All in ms. What hello may ask a terminal to wait before it sends is bounded. */
const HELLO_EVERY = 300_000
const LONGEST_SPREAD = 300_000

export function openGreeting(parts: GreetingParts): Greeting {
  const { monotonic, onGreeted, onFailure } = parts
  let greeted: { reply: HelloReply; at: number } | null = null
  let greeting: Promise<HelloReply> | null = null
  let [from, wasLost] = [0, true]
  const lose = () => {
    greeted = null
    wasLost = true
  }
  const say = async (): Promise<HelloReply> => {
    try {
      const reply = await sayHello(parts)
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

/** How often hello is said anew where what was written and sent meanwhile made another past of it. */
const MOST_HELLOS = 3

async function sayHello(parts: GreetingParts): Promise<HelloReply> {
  const { sync, log, lives } = parts
  await lives.expectUnlocked()
  for (let times = 1; ; times++) {
    const { key, seq, reply } = await sayOnce(parts)
    const { verdict, acked, incarnation } = reply
    if (verdict === 'fork' || (await isOfAnotherPast(sync, key, seq, acked))) {
      const hasOvertaken = acked.epoch === key.epoch && acked.seq > seq && times < MOST_HELLOS
      if (hasOvertaken && (await readPosition(sync.database.db)).seq >= acked.seq) continue
      await lives.beginAnew(reply)
      continue
    }
    lives.well()
    if (verdict === 'resend' && acked.epoch === key.epoch) await resend(sync, key, acked)
    await resendFormer(sync, reply)
    await noteIncarnation(sync, log, incarnation)
    return reply
  }
}

/** Whether head office has entries of this chain that are not those that are here: its copy ends in the middle of this one. */
async function isOfAnotherPast({ database }: Sync, key: ChainKey, seq: number, acked: HelloReply['acked']) {
  if (acked.epoch !== key.epoch || acked.seq === 0 || acked.seq > seq) return false
  return (await chainsBetween(database.db, key, acked.seq, acked.seq)).get(acked.seq) !== acked.chain
}

/** Of chains that restores of this machine have ended head office may have lost the end too. */
async function resendFormer(sync: Sync, { former }: HelloReply): Promise<void> {
  for (const { origin, epoch } of (await sentChains(sync.database.db)).slice(0, -1)) {
    const head = former.find((one) => one.epoch === epoch) ?? { seq: 0, chain: GENESIS }
    await resend(sync, { origin, epoch }, head)
  }
}

async function sayOnce({ sync, line, version, now, signal }: GreetingParts) {
  const { database, known } = sync
  const { node, waiting, troubles, setBackAt: _, ...chain } = await readPosition(database.db)
  const { cursors } = await readCursors(database.db)
  const { held, quarantined, parked } = troubles
  const body = { ...chain, cursors, waiting, troubles: held + quarantined + parked, schema: known.schema, version }
  const reply = await line.hello({ ...body, clock: now() }, { signal, onBytes: () => {} })
  return { key: { origin: node, epoch: chain.epoch }, seq: chain.seq, reply }
}

/** Another one than before: what head office acknowledged may be gone there, which its verdict tells. */
async function noteIncarnation({ database }: Sync, log: Logger, incarnation: string) {
  const known = await database.db.selectFrom('head_office').select('incarnation').executeTakeFirst()
  if (!known || known.incarnation === incarnation) return
  log.warn({ before: known.incarnation, now: incarnation }, 'head office goes on from another database than before')
  await database.write(BY, (trx) => updateLocal(trx, 'head_office', { id: 1 }, { incarnation }))
}
