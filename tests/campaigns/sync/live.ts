import { beginEpoch } from '../../../db/journal/begin-epoch.ts'
import { nextNodeId } from '../../../db/fleet/node-ids.ts'
import { troublesOf } from '../../../db/fleet/waiting.ts'
import { insertMany } from '../../../db/rows.ts'
import { inStore } from '../../../db/handle.ts'
import { failureOf } from '../../../server/sync/agent/errors.ts'
import { NotGreeted } from '../../../server/sync/agent/greeting.ts'
import { drop, sayAnew } from '../../../server/sync/waiting/person.ts'
import { pullOnce } from '../../../server/sync/agent/pull.ts'
import { pushOnce } from '../../../server/sync/agent/push.ts'
import { afterBatch } from '../../../server/sync/after/after-batch.ts'
import { revokeNode } from '../../../server/shop/fleet/nodes.ts'
import { wrongMidway } from './check.ts'
import { doAt, erase } from './deeds.ts'
import { countNews, movedBy, type Moved, sumsOf } from './doing.ts'
import { leftAlone } from './agents.ts'
import { arrived, expectNoTrace, type Fleet, headOf, lineOf, type Machine, start } from './fleet.ts'
import { beginAt, JOINS_LATER, OFFICE } from './machines.ts'
import { Crashed, WriteFailed } from './memory.ts'
import type { Step } from './schedule.ts'

/** Has a fleet live through a schedule, and then through the quiet after it. */

const BY = { actor: null, device: 'desk', act: 'head office' }

export async function take(fleet: Fleet, step: Step): Promise<void> {
  // Many a thing is done at two machines in one and the same minute.
  if (step.does !== 'deed' || step.b % 3 === 0) fleet.minutes++
  if (step.does === 'wait') fleet.minutes += step.minutes
  if (step.does === 'join') return await guarded(fleet, fleet.office, () => joinAnother(fleet))
  if (!('node' in step)) return
  const machine = fleet.machines[step.node]!
  // Who is shut out may go on working: nobody else will hear of it.
  if (machine.state !== 'works') return
  if (step.does === 'copy') return copy(machine)
  if (step.does === 'put back') return await putBack(fleet, machine, step.how)
  if (step.does === 'pry') return await pry(fleet, machine, step.a)
  if (step.does === 'fail') machine.memory.fault = { writes: step.writes, kind: step.kind }
  if (step.does === 'restart') return await restart(fleet, machine)
  if (step.does === 'clock') machine.off = step.minutes
  if (step.does === 'revoke') return await guarded(fleet, fleet.office, () => shutOut(fleet, machine))
  if (step.does === 'deed') return await guarded(fleet, machine, () => doAt(fleet, machine, step.what, step.a, step.b))
  if (step.does === 'follow') return await guarded(fleet, machine, () => follow(fleet, machine))
  if (step.does === 'replay') return await replay(fleet, machine, step.a)
  if (step.does === 'talk') {
    machine.weather = { up: step.up, down: step.down }
    await talk(fleet, machine, step.most)
    if (machine.state === 'works' && machine !== fleet.office) fleet.midway.push(...wrongMidway(fleet, machine))
    machine.weather = { up: 'good', down: 'good' }
  }
}

/** A machine that stops starts again; a write that fails is one that somebody repeats another day. */
async function guarded(fleet: Fleet, machine: Machine, run: () => Promise<unknown>): Promise<void> {
  try {
    await run()
  } catch (error) {
    if (error instanceof Crashed) await start(fleet, machine)
    else if (error instanceof WriteFailed) await expectNoTrace(fleet, machine)
    else throw error
  }
}

async function restart(fleet: Fleet, machine: Machine): Promise<void> {
  await machine.sync.database.close()
  await start(fleet, machine)
}

/** `isMore`: there is more to send or to hear, or it is to be tried again; `moved`: something was sent or heard. */
type Talked = { isMore: boolean; moved: boolean }

/** One try of each direction, as the agent makes it: what ends the one is nothing to the other. */
async function talk(fleet: Fleet, machine: Machine, most = 500): Promise<Talked> {
  const talked: Talked = { isMore: false, moved: false }
  if (machine.state !== 'works' || machine.node === OFFICE) return talked
  const send = lineOf(fleet, machine)
  const ways = [
    async () => {
      const { sent, more } = await pushOnce(machine.sync, send)
      return { more, count: sent }
    },
    async () => {
      const { heard, more } = await pullOnce(machine.sync, send, { most })
      return { more, count: heard }
    },
  ]
  for (const way of ways) {
    try {
      await machine.greeting.greet()
      const { more, count } = await way()
      talked.isMore ||= more
      talked.moved ||= count > 0
    } catch (thrown) {
      const error = thrown instanceof NotGreeted ? thrown.cause : thrown
      if (error instanceof Crashed) {
        await start(fleet, machine)
        continue
      }
      if (error instanceof WriteFailed) {
        await expectNoTrace(fleet, machine)
        continue
      }
      const { isLine, needs } = failureOf(error)
      if (isLine) machine.greeting.lose()
      if (needs === 'revoked') machine.state = 'shut out'
      else if (needs !== null) throw error
      talked.isMore = true
    }
  }
  return talked
}

async function replay(fleet: Fleet, machine: Machine, a: number): Promise<void> {
  const text = machine.sent[a % Math.max(1, machine.sent.length)]
  if (text === undefined) return
  try {
    await arrived(fleet, machine.node, 'push', text)
  } catch (error) {
    if (failureOf(error).needs === 'trouble') throw error
  }
}

/** A new terminal of the third store, as one that joins by a code. */
async function joinAnother(fleet: Fleet): Promise<void> {
  const machine = fleet.machines[JOINS_LATER]!
  if (machine.state !== 'spare') return
  const { sync } = fleet.office
  const row = { name: 'Terminal 2', terminal: 'T2', enrolled_at: fleet.minutes }
  await sync.database.write(BY, async (trx) => {
    const id = await nextNodeId(trx)
    // After a restore numbers leap, and the spare one was made for the next.
    if (id === machine.node) await insertMany(inStore(trx, machine.store), 'node', [row], [id])
  })
  const isIn = sync.database.db.selectFrom('node').select('id').where('id', '=', machine.node)
  if (!(await isIn.executeTakeFirst())) return
  await beginAt(sync, machine.sync.database, machine.node)
  machine.state = 'works'
  await restart(fleet, machine)
}

async function shutOut(fleet: Fleet, machine: Machine): Promise<void> {
  if (machine.state !== 'works') return
  // What it has not sent is on paper: here it is sent before.
  await sendAll(fleet, machine)
  const heir = machine.node === 2 ? 1 : undefined
  await fleet.office.sync.database.write(BY, (trx) => revokeNode(trx, machine.node, heir))
  machine.state = 'shut out'
}

/** Says whether anything was sent or heard. */
async function sendAll(fleet: Fleet, machine: Machine): Promise<boolean> {
  let hasMoved = false
  for (let tries = 0; tries < 60; tries++) {
    const { isMore, moved } = await talk(fleet, machine)
    hasMoved ||= moved
    if (!isMore) return hasMoved
  }
  throw new Error(`Machine ${machine.node} is never done`)
}

async function follow(fleet: Fleet, machine: Machine): Promise<void> {
  const before = sumsOf(machine)
  try {
    await afterBatch(machine.sync)
  } finally {
    countNews(fleet, machine, before)
  }
}

/** The copy that a machine may be put back to; the last one counts. */
function copy(machine: Machine): void {
  const { memory, copied } = machine
  if (copied !== null) memory.raw.exec('release copy')
  memory.raw.exec('savepoint copy')
  machine.copied = headOf(machine).seq
}

/**
 * A machine is restored from its copy, or set back behind the program's back, which it finds out by itself. Head office's own writes
 * are sent nowhere but down: it is put back only where it has written nothing since the copy, for nobody gives it back yet.
 */
async function putBack(fleet: Fleet, machine: Machine, how: 'restored' | 'set back'): Promise<void> {
  const { node, memory, copied } = machine
  if (copied === null || (node === OFFICE && copied !== headOf(machine).seq)) return
  await machine.sync.database.close()
  const moved = movedBy(machine)
  memory.raw.exec('rollback to copy')
  memory.raw.exec('release copy')
  machine.copied = null
  // What was still on its way is lost with the rest: its numbers are on paper.
  machine.sent = []
  if (node !== OFFICE) forgetLost(fleet, machine, moved)
  await start(fleet, machine)
  if (how === 'set back' && node !== OFFICE) {
    // For two minutes it waits whether another machine calls under its number.
    fleet.minutes += 3
    return void (await talk(fleet, machine))
  }
  const epoch = headOf(machine).epoch + 1
  await machine.sync.database.write(BY, (trx) => beginEpoch(trx, { epoch, backup_at: null }))
  machine.greeting.lose()
}

/** What a terminal had not sent when it was put back, and its copy does not have, is gone, and on paper only. */
function forgetLost(fleet: Fleet, machine: Machine, moved: Moved[]): void {
  const known = new Set(
    [...movedBy(machine), ...movedBy({ ...fleet.office, node: machine.node })].map(({ name }) => name),
  )
  for (const { name, pieces, cents } of moved)
    if (!known.has(name)) {
      fleet.pieces -= pieces
      fleet.cents -= cents
    }
}

/** A terminal asks for the stream of another store: it gets its own, or nothing. */
async function pry(fleet: Fleet, machine: Machine, a: number): Promise<void> {
  const start = { seq: 0, mark: '' }
  const body = { cursors: { org: start, store: start } }
  const ask = (more: object) => arrived(fleet, machine.node, 'pull', JSON.stringify({ ...body, ...more }))
  try {
    const [own, pried] = [await ask({}), await ask({ store: 1 + (a % 3), store_id: 1 + (a % 3) })]
    if (JSON.stringify(own) !== JSON.stringify(pried))
      fleet.midway.push(`${machine.node} is told what is of another store`)
  } catch (error) {
    if (failureOf(error).needs === 'trouble') throw error
  }
}

/** Good lines until nobody has anything to say, and whatever follows is seen to. */
export async function quiet(fleet: Fleet, { alone = false } = {}): Promise<void> {
  fleet.minutes += 5
  for (const machine of fleet.machines) {
    machine.memory.fault = null
    if (machine.known === fleet.day.known) continue
    machine.known = fleet.day.known
    await restart(fleet, machine)
  }
  for (const id of fleet.halfErased) await erase(fleet, fleet.office, id)
  if (alone) fleet.midway.push(...(await leftAlone(fleet)))
  for (let round = 0, isMoving = true; isMoving; round++) {
    isMoving = round < 2
    for (const machine of fleet.terminals) isMoving = (await sendAll(fleet, machine)) || isMoving
    if (round > MOST_ROUNDS) throw new Error('The fleet never comes to rest')
    for (const machine of fleet.machines) if (machine.state === 'works') await follow(fleet, machine)
    isMoving = (await decideOnTroubles(fleet)) || isMoving
    if (round === 1) await eraseRevived(fleet)
  }
}

/** In what follows from what was heard others hear something again, and so on, but not for ever. */
const MOST_ROUNDS = 12

/** Somebody at head office takes what a shop has proposed, or drops it; nobody becomes an admin so. Says whether anything waited. */
async function decideOnTroubles({ office, day }: Fleet): Promise<boolean> {
  const by = { actor: day.clerks[OFFICE]!, device: 'desk', act: 'decide' }
  const waiting = (await troublesOf(office.sync.database.db)).filter(({ state }) => state === 'quarantined')
  for (const { reason, ...key } of waiting)
    await (reason === 'rights' || key.tx % 2 === 0 ? drop(office.sync, key, by) : sayAnew(office.sync, key, by))
  return waiting.length > 0
}

/** Of whom somebody wrote on who did not know of the erasure, head office erases again. */
async function eraseRevived(fleet: Fleet): Promise<void> {
  const { office } = fleet
  const revived = office.memory.raw
    .prepare(`select row_id from erased where entity = 'user' and revived_at is not null`)
    .pluck()
    .all() as number[]
  for (const id of revived) await erase(fleet, office, id)
}
