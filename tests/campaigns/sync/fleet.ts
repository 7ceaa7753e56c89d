import type { Logger } from 'pino'
import { openPrepared } from '../../../db/open.ts'
import { LineError } from '../../../server/sync/agent/errors.ts'
import { type Greeting, openGreeting } from '../../../server/sync/agent/greeting.ts'
import { openLives } from '../../../server/sync/agent/lives.ts'
import type { Send } from '../../../server/sync/agent/send.ts'
import { answerHello } from '../../../server/sync/hub/answer-hello.ts'
import { answerPull } from '../../../server/sync/hub/answer-pull.ts'
import { takePush } from '../../../server/sync/hub/take-push.ts'
import type { Sync } from '../../../server/sync/take.ts'
import { decideAllAnew } from '../../../server/sync/waiting/again.ts'
import { Crashed, type Memory, WriteFailed } from './memory.ts'
import { type FirstDay, OFFICE, START, STORES } from './machines.ts'
import type { Schedule, Weather } from './schedule.ts'

/** A fleet of one schedule: its machines with their programs, the lines between them, and what was promised to whom. */

export type Machine = {
  node: number
  store: number
  memory: Memory
  /** The program that runs on it now; another one after it stopped. */
  sync: Sync
  greeting: Greeting
  clerk: number
  /** How far its clock is off, in minutes. */
  off: number
  /** A spare one has not joined yet; one that was shut out is not asked any more. */
  state: 'spare' | 'works' | 'shut out'
  /** Pushes as they went out. */
  sent: string[]
  weather: { up: Weather; down: Weather }
  known: Sync['known']
  /** How far its own chain was when it was copied; null without a copy. */
  copied: number | null
}

export type Fleet = {
  day: FirstDay
  /** Minutes since the first day began. */
  minutes: number
  machines: Machine[]
  office: Machine
  terminals: readonly Machine[]
  /** Words of people, by the person: what they were called, and where they are erased. */
  words: Map<number, string[]>
  erased: Set<number>
  halfErased: Set<number>
  named: number
  /** Whom head office has hired. */
  hired: Set<number>
  /** By payment, the amounts that somebody has said it to be. */
  stated: Map<number, Set<number>>
  /** Pieces and cents as they came and went where it happened. */
  pieces: number
  cents: number
  /** Password hashes, by whose they are, the newest last. */
  hashes: Map<number, string[]>
  /** What was wrong before the end. */
  midway: string[]
}

const MINUTE = 60_000
export const LOG = new Proxy({}, { get: () => () => {} }) as Logger

/** What a program of before lacks. */
const NEW_COLUMN = 'profile_picture'

const olderThan = ({ schema, columns, steps }: Sync['known']): Sync['known'] => ({
  schema: schema - 1,
  columns: new Map(
    [...columns].map(([table, own]) => [
      table,
      new Map([...own].filter(([name]) => table !== 'user' || name !== NEW_COLUMN)),
    ]),
  ),
  steps,
})

export async function openFleet(day: FirstDay, { clocks, older }: Pick<Schedule, 'clocks' | 'older'>): Promise<Fleet> {
  Object.assign(globalThis, { planted: {} })
  const { words, pieces, cents, minutes } = day.begun
  const fleet = {
    day, minutes, machines: [], words: new Map(words), erased: new Set(), halfErased: new Set(), hired: new Set(), stated: new Map(), pieces, cents,
    hashes: new Map(), midway: [], named: words.size,
  } as unknown as Fleet // oxfmt-ignore
  for (const [node, memory] of day.memories.entries()) {
    memory.raw.exec('begin')
    const state = node === day.memories.length - 1 ? ('spare' as const) : ('works' as const)
    const machine = {
      node, store: STORES[node]!, memory, clerk: day.clerks[node]!, off: clocks[node]!, state, sent: [],
      weather: { up: 'good', down: 'good' }, copied: null, known: node === older ? olderThan(day.known) : day.known,
    } as unknown as Machine // oxfmt-ignore
    fleet.machines.push(machine)
    // An older program writes down that it has decided by what it knows.
    await start(fleet, machine, node === older ? 'anew' : 'as it stood')
  }
  fleet.office = fleet.machines[OFFICE]!
  fleet.terminals = fleet.machines.slice(1)
  return fleet
}

/** Everything that the schedule wrote is gone, unless it is to be kept. */
export async function closeFleet(fleet: Fleet, end: 'rollback' | 'commit' = 'rollback'): Promise<void> {
  for (const { memory, sync } of fleet.machines) {
    memory.fault = null
    await sync.database.close()
    memory.raw.exec(end)
  }
}

const right = (fleet: Fleet) => START + fleet.minutes * MINUTE

/** Starts the program of a machine, as after it stopped; `as it stood` leaves what waits there for later. */
export async function start(fleet: Fleet, machine: Machine, how: 'anew' | 'as it stood' = 'anew'): Promise<void> {
  const { memory } = machine
  memory.fault = null
  const now = () => Math.max(0, Math.floor(right(fleet) + machine.off * MINUTE))
  const monotonic = () => fleet.minutes * MINUTE
  const database = await openPrepared(memory.begin(), { now, monotonic, onError: failed })
  machine.sync = { database, known: machine.known }
  if (machine.state === 'works' && how === 'anew') await decideAllAnew(machine.sync)
  machine.greeting = openGreeting({
    sync: machine.sync, lives: openLives(machine.sync, LOG), log: LOG, version: '1', now, monotonic, signal: new AbortController().signal,
    line: { hello: (body) => asked(fleet, machine, 'hello', body) as ReturnType<Parameters<typeof openGreeting>[0]['line']['hello']> },
    onGreeted: () => {}, onFailure: () => {},
  }) // oxfmt-ignore
}

const failed = (error: Error) => {
  throw error
}

type Head = { epoch: number; seq: number; acked: number }

/** How far a machine's own chain is, and how much of it head office is known to have. */
export const headOf = ({ node, memory }: Pick<Machine, 'node' | 'memory'>): Head =>
  memory.rows<Head>(
    `select epoch, seq, coalesce((select seq from origin_head where origin = ${node} and epoch = self.epoch), 0) as acked from self`,
  )[0]!

/** A write that failed leaves no trace, in the program's memory neither: the next one begins with the clock that is saved. */
export async function expectNoTrace(fleet: Fleet, { node, memory, sync }: Machine): Promise<void> {
  const next = await sync.database.write({ actor: null, device: null, act: 'look' }, async (trx) => trx.act.node.hlc)
  const [saved] = memory.rows<{ hlc: string }>('select hlc from self')
  if (next !== saved!.hlc) fleet.midway.push(`a write that failed has moved the clock of ${node}`)
}

/** The way of a terminal to head office. */
export const lineOf =
  (fleet: Fleet, machine: Machine): Send =>
  (call, body) =>
    asked(fleet, machine, call, body)

async function asked(fleet: Fleet, machine: Machine, call: 'hello' | 'push' | 'pull', body: unknown): Promise<unknown> {
  const text = JSON.stringify(body)
  if (call === 'push') machine.sent.push(text)
  const weather = call === 'pull' ? machine.weather.down : machine.weather.up
  if (weather === 'request lost') throw new LineError('no-line', 'The line is down')
  const replies: string[] = []
  for (let times = weather === 'doubled' ? 2 : 1; times > 0; times--)
    replies.push(JSON.stringify(await arrived(fleet, machine.node, call, text)))
  if (weather === 'reply lost') throw new LineError('no-line', 'The line is down')
  if (weather === 'reply cut') throw new LineError('broken', 'The reply was cut off')
  return JSON.parse(replies[0]!)
}

/** What a request comes to that arrives at head office; a machine that stops there answers nobody, and starts again. */
export async function arrived(
  fleet: Fleet,
  node: number,
  call: 'hello' | 'push' | 'pull',
  text: string,
): Promise<unknown> {
  const { office } = fleet
  const { sync } = office
  const row = sync.database.db
    .selectFrom('node')
    .select(['id', 'store_id', 'sign_key', 'revoked_at'])
    .where('id', '=', node)
  try {
    const known = await row.executeTakeFirst()
    if (!known) throw new LineError('not-trusted', 'Head office does not know this node')
    if (known.revoked_at !== null) throw new LineError('revoked', 'This node was shut out')
    const body = JSON.parse(text)
    if (call === 'hello') return await answerHello(sync, known, body, { waitMs: 0, othersAt: null })
    return await (call === 'push' ? takePush(sync, node, body) : answerPull(sync, node, body))
  } catch (error) {
    if (error instanceof WriteFailed) {
      await expectNoTrace(fleet, office)
      throw new LineError('busy', 'Head office cannot write', 1_000)
    }
    if (!(error instanceof Crashed)) throw error
    await start(fleet, office)
    throw new LineError('away', 'Head office has stopped')
  }
}
