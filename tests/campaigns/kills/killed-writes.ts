import { setTimeout as pause } from 'node:timers/promises'
import { allEntries } from '../../../db/journal/entries.ts'
import { parseDocumentNumber } from '../../../server/domain/numbers.ts'
import type { Figure } from '../../bench/report.ts'
import { verifyFailure, inspectDatabase, type Opened, type ShopFiles, serve } from '../shop-files.ts'
import { type Random, randomFrom } from '../random.ts'
import { actOf, addGoods, marks } from './acts.ts'
import { type Callers, type Step, type Stock, type Work, WORK } from './work.ts'

/** People who work at the same time. */
const WORKERS = 4
/** How many kills one customer is there for: nobody may have pick-ups, devices and orders open without end. */
const KILLS_PER_CUSTOMER = 40

/** An acknowledged write: which endpoint took it, and what proves that it is there. */
type Acknowledged = { act: string; proof: string | number }

/**
 * R1: a server that is killed again and again while people work through every kind of write, and what is there afterwards.
 * People work for 20 to `longest` ms before each kill. `env`, which the server is given, may plant a fault; `beforeCounting`
 * may spoil the database while no server is at it: what it takes away must be counted as lost.
 */
export async function killedWrites(
  files: ShopFiles,
  {
    kills,
    seed,
    longest = 900,
    env = {},
    beforeCounting = () => {},
  }: {
    kills: number
    seed: number
    longest?: number
    env?: NodeJS.ProcessEnv
    beforeCounting?: () => Promise<void> | void
  },
): Promise<Figure[]> {
  const random = randomFrom(seed)
  const shops = await inspectDatabase(files, (opened) => prepare(opened, 1 + Math.floor(kills / KILLS_PER_CUSTOMER)))
  const mark = marks(seed)
  const acknowledged: Acknowledged[] = []
  const refused: string[] = []
  const ready: number[] = []
  const start = async () => {
    const begun = performance.now()
    const server = await serve(files, env)
    ready.push(performance.now() - begun)
    return server
  }

  const first = await start()
  for (const begin of Object.values(WORK)) {
    const { callers, stock } = shops[0]!
    await workOn(first.url, callers, begin(stock, mark), acknowledged, refused)
  }
  const kinds = new Set(acknowledged.map(({ act }) => act)).size
  await first.stop('SIGKILL')
  const next = inTurn(random, Object.values(WORK))
  for (let n = 0; n < kills; n++) {
    const server = await start()
    const { callers, stock } = shops[Math.floor(n / KILLS_PER_CUSTOMER)]!
    let alive = true
    const worker = async () => {
      while (alive) {
        await workOn(server.url, callers, next()(stock, mark), acknowledged, refused)
      }
    }
    const workers = Array.from({ length: WORKERS }, worker)
    await pause(random.between(20, longest))
    alive = false
    await server.stop('SIGKILL')
    await Promise.all(workers)
  }
  await (await start()).stop('SIGTERM')
  await beforeCounting()
  const journal = await inspectDatabase(files, readJournal)
  return figuresOf({ acknowledged, refused, kinds, ready, kills, journal, verified: await verifyFailure(files) })
}

/** All of them, one after the other in an order of chance, and then again in another one. */
function inTurn<T>(random: Random, all: readonly T[]): () => T {
  let left: T[] = []
  return () => {
    if (left.length === 0) left = random.shuffled(all)
    return left.pop()!
  }
}

/** Goes through a piece of work until it ends, is refused, or the server is gone. */
async function workOn(url: string, callers: Callers, work: Work, acknowledged: Acknowledged[], refused: string[]) {
  for (let step = work.next(); !step.done;) {
    const reply = await send(url, callers, step.value).catch(() => null)
    if (!reply) return
    const act = actOf(step.value)
    if (reply.status >= 300) {
      // A server that is being killed may still say so.
      if (reply.status !== 503) refused.push(`${act}: ${reply.status} ${reply.text}`)
      return
    }
    const { proof } = step.value
    if (proof !== null) acknowledged.push({ act, proof })
    step = work.next(reply.text === '' ? undefined : JSON.parse(reply.text))
  }
}

async function send(url: string, callers: Callers, { as, method, path, body }: Step) {
  const json = body !== undefined && !(body instanceof FormData)
  const reply = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${callers[as].token}`, ...(json && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: json ? JSON.stringify(body) : (body as FormData) }),
  })
  return { status: reply.status, text: await reply.text() }
}

/** Who works and with what, once for each of so many customers. */
async function prepare({ database, person }: Opened, customers: number): Promise<{ callers: Callers; stock: Stock }[]> {
  const desk = { staff: await person('staff'), admin: await person('admin') }
  const stock = await database.write({ actor: desk.admin.id, device: null, act: 'campaign' }, addGoods)
  const shops: { callers: Callers; stock: Stock }[] = []
  while (shops.length < customers) {
    const customer = await person('customer')
    const ids = { customer_id: customer.id, staff_id: desk.staff.id }
    shops.push({ callers: { ...desk, customer }, stock: { ...stock, ...ids } })
  }
  return shops
}

type Journal = {
  /** What each act wrote: the marks in its texts and the ids of its rows. */
  proofs: Map<string, Set<string | number>>
  /** Entities that each transaction of an intake wrote to. */
  intakes: string[][]
  numbers: string[]
}

async function readJournal({ database: { db } }: Pick<Opened, 'database'>): Promise<Journal> {
  const proofs = new Map<string, Set<string | number>>()
  const intakes = new Map<number, string[]>()
  for await (const { act, tx, entity, row_id, before, after } of allEntries(db)) {
    const found = proofs.get(act) ?? proofs.set(act, new Set()).get(act)!
    found.add(row_id)
    for (const [text] of `${before} ${after}`.matchAll(/mark\d+x\d+\./g)) found.add(text)
    for (const [, id] of `${before} ${after}`.matchAll(/"(?:user_id|product_id)":(\d+)/g)) found.add(Number(id))
    if (act === 'POST /counter/intakes') intakes.set(tx, [...(intakes.get(tx) ?? []), entity])
  }
  const orders = await db.selectFrom('repair_order').select('ticket_number').execute()
  return { proofs, intakes: [...intakes.values()], numbers: orders.map(({ ticket_number }) => ticket_number) }
}

type Found = {
  acknowledged: Acknowledged[]
  refused: string[]
  kinds: number
  ready: number[]
  kills: number
  journal: Journal
  verified: string | null
}

function figuresOf({ acknowledged, refused, kinds, ready, kills, journal, verified }: Found): Figure[] {
  const lost = acknowledged.filter(({ act, proof }) => !journal.proofs.get(act)?.has(proof))
  const half = journal.intakes.filter(
    (entities) => !['intake', 'repair_order', 'device'].every((e) => entities.includes(e)),
  )
  const gaps = gapsIn(journal.numbers)
  const slowest = Math.round(Math.max(...ready))
  const figure = (what: string, result: number, goal = 0) =>
    ({ name: 'R1', what, goal: String(goal), result: String(result), reached: result === goal }) satisfies Figure
  return [
    figure(`of ${acknowledged.length} acknowledged writes of ${kinds} kinds, lost over ${kills} kills`, lost.length),
    figure(`of ${journal.intakes.length} intakes, half written`, half.length),
    figure(`of ${journal.numbers.length} ticket numbers, missing or doubled`, gaps),
    figure('requests refused that should be taken', refused.length),
    ...examples(refused, 'refused'),
    ...examples(
      lost.map(({ act, proof }) => `${act} (${proof})`),
      'lost',
    ),
    { name: 'R1', what: 'slowest start', goal: '≤ 2 s', result: `${slowest} ms`, reached: slowest <= READY_MS },
    { name: 'R1', what: 'verify', goal: 'all is well', result: verified ?? 'all is well', reached: verified === null },
  ]
}

const READY_MS = 2_000

/** The first of what went wrong, by name. */
const examples = (texts: string[], result: string): Figure[] =>
  texts.slice(0, 5).map((what) => ({ name: 'R1', what, goal: 'none', result, reached: false }))

/** How many numbers of a dense series are missing or there twice. */
function gapsIn(numbers: readonly string[]): number {
  const counted = numbers.map((number) => parseDocumentNumber(number)?.n ?? 0).toSorted((a, b) => a - b)
  return counted.filter((n, index) => n !== index + 1).length
}
