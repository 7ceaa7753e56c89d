import { z } from 'zod'
import { digestOf, GENESIS, type JournalEntry, type JournalHeader, linkOf, type Sha256 } from '../../domain/chain.ts'

/** An op as it travels: an entry of the journal without what the receiver works out itself. */

/** `digest` is null but for an op whose body was erased: there it stands for the body, and the three before it are null. */
export type Op = JournalHeader & {
  before: string | null
  after: string | null
  salt: string | null
  digest: string | null
}

/** What one push brings: ops of one chain and one schema, gapless from `from` on. */
export type Push = {
  epoch: number
  schema: number
  from: number
  chain_before: string
  ops: readonly Op[]
  chain: string
}

/** Ops of one push, of the one transaction that a push of more has, of one pull; bytes of either, unzipped. */
export const MOST_UP = 500
export const MOST_OF_TRANSACTION = 20_000
export const MOST_DOWN = 5_000
export const MOST_BYTES = 8 * 1024 * 1024

/** Why a body is refused whole: nothing of it is taken. */
export type Malformed = 'malformed' | 'too-many' | 'out-of-order' | 'split-transaction'
export type Read<T> = { ok: true; value: T } | { ok: false; reason: Malformed; detail: string }

const refuse = (reason: Malformed, detail: string) => ({ ok: false as const, reason, detail })

/** PostgreSQL takes no NUL, and half a surrogate pair comes back from no database as it went in. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0') && value.isWellFormed())
const count = z.int().min(0)
const HASH = text(100)
const BODY = text(MOST_BYTES).nullable()

const HEADER = [
  z.int().min(1),
  z.int().min(1),
  z.string().regex(/^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{8}$/),
  count,
  count.nullable(),
  text(500).nullable(),
  text(500),
  text(100),
  count,
  // A block is how a journal keeps several entries: no node writes one.
  text(20).refine((kind) => kind !== 'block'),
] as const
const WHOLE = z.tuple([...HEADER, BODY, BODY, text(100)])
const ERASED = z.tuple([...HEADER, HASH])

const RUN = { epoch: z.int().min(1), schema: count, ops: z.array(z.unknown()).min(1) }
const PUSH = z.object({ ...RUN, from: z.int().min(1), chain_before: HASH, chain: HASH })
const DOWN = z.object({ ...RUN, origin: count, stamp: HEADER[2].optional() })

/** The array of an op: `[seq, tx, hlc, at, actor, device, act, entity, row_id, kind, before, after, salt]`, or `[…, kind, digest]`. */
export function printOp(op: Op): unknown[] {
  const { seq, tx, hlc, at, actor, device, act, entity, row_id, kind, before, after, salt, digest } = op
  const header = [seq, tx, hlc, at, actor, device, act, entity, row_id, kind]
  return salt === null ? [...header, digest] : [...header, before, after, salt]
}

function readOp(item: unknown, run: Pick<Op, 'origin' | 'epoch' | 'schema'>): Op | null {
  const isErased = Array.isArray(item) && item.length === ERASED.def.items.length
  const read = (isErased ? ERASED : WHOLE).safeParse(item)
  if (!read.success) return null
  const [seq, tx, hlc, at, actor, device, act, entity, row_id, kind, ...body] = read.data
  const { origin, epoch, schema } = run
  const header = { origin, epoch, seq, tx, hlc, schema, at, actor, device, act, entity, row_id, kind }
  if (body.length === 1) return { ...header, before: null, after: null, salt: null, digest: body[0] }
  const [before, after, salt] = body
  return { ...header, before, after, salt, digest: null }
}

/** Work that a server does in parts, with others in between: it stops after each. */
type InParts<T> = Generator<void, T>

/** Ops of one part: some 10 ms. */
const PART = 200

function whole<T>(work: InParts<T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}

function* readingOps(items: readonly unknown[], run: Pick<Op, 'origin' | 'epoch' | 'schema'>): InParts<Read<Op[]>> {
  const ops: Op[] = []
  for (const [index, item] of items.entries()) {
    if (index % PART === PART - 1) yield
    const op = readOp(item, run)
    if (!op) return refuse('malformed', `Op ${index} of the body is none`)
    ops.push(op)
  }
  return { ok: true, value: ops }
}

const readOps = (...asked: Parameters<typeof readingOps>): Read<Op[]> => whole(readingOps(...asked))

/**
 * Reads what a node pushed of its own chain, in parts. `origin` is who signed in, never what the body says. A transaction begins
 * with its first op: what begins within one, or has a gap, is refused. Throws nothing, whatever `body` is.
 */
export function* readingPush(origin: number, body: unknown): InParts<Read<Push>> {
  const read = PUSH.safeParse(body)
  if (!read.success) return refuse('malformed', 'The body is no push')
  const { epoch, schema, from, chain_before, chain, ops: items } = read.data
  if (items.length > MOST_OF_TRANSACTION) return refuse('too-many', `${items.length} ops`)
  const ops = yield* readingOps(items, { origin, epoch, schema })
  if (!ops.ok) return ops
  const fault = faultOfOrder(ops.value, from)
  return fault ?? { ok: true, value: { epoch, schema, from, chain_before, ops: ops.value, chain } }
}

function faultOfOrder(ops: readonly Op[], from: number) {
  let tx = from
  for (const [index, op] of ops.entries()) {
    if (op.seq !== from + index) return refuse('out-of-order', `${op.seq} stands where ${from + index} belongs`)
    if (op.tx !== tx && op.tx !== op.seq)
      return refuse('split-transaction', `${op.seq} is of a transaction from ${op.tx}`)
    tx = op.tx
  }
  if (ops.length > MOST_UP && tx !== from) return refuse('too-many', `${ops.length} ops of several transactions`)
  return null
}

/** The entries that a push stands for, in parts; null where they do not come to its chain: a body, header or order is another. */
export function* linkingPush(sha256: Sha256, { ops, chain_before, chain }: Push): InParts<JournalEntry[] | null> {
  let link = chain_before
  const entries: JournalEntry[] = []
  for (const [index, op] of ops.entries()) {
    if (index % PART === PART - 1) yield
    const digest = op.salt === null ? op.digest! : digestOf(sha256, op.salt, op.before, op.after)
    link = linkOf(sha256, link, op, digest)
    entries.push({ ...op, digest, chain: link })
  }
  return link === chain ? entries : null
}

/** Where a chain ends: `{ seq: 0, chain: GENESIS }` for one of which nothing is here. */
export type ChainHead = { seq: number; chain: string }

/**
 * What of a push is new to a parent whose copy of that chain ends at `head`: `news` goes on exactly there. A `gap` is answered
 * with the head, and so is a `fork`: another chain than the parent has, which is refused whole. `chainAt` says the chain after
 * an entry that the parent has.
 */
export function placePush(
  head: ChainHead,
  push: Pick<Push, 'from' | 'chain_before'>,
  entries: readonly JournalEntry[],
  chainAt: (seq: number) => string | undefined,
): { state: 'news'; entries: readonly JournalEntry[] } | { state: 'gap' | 'fork' } {
  if (push.from > head.seq + 1) return { state: 'gap' }
  const at = (seq: number) => (seq === head.seq ? head.chain : chainAt(seq))
  const isSame = (push.from === 1 ? GENESIS : at(push.from - 1)) === push.chain_before
  const known = entries.slice(0, head.seq + 1 - push.from)
  if (!isSame || known.some(({ seq, chain }) => at(seq) !== chain)) return { state: 'fork' }
  return { state: 'news', entries: entries.slice(known.length) }
}

/** The push of `entries`, of one schema and at least one, that follow `chain_before`. */
export function printPush(chain_before: string, entries: readonly JournalEntry[]): Record<keyof Push, unknown> {
  const [{ epoch, schema, seq }, { chain }] = [entries[0]!, entries.at(-1)!]
  return { epoch, schema, from: seq, chain_before, ops: entries.map(sent), chain }
}

const sent = (entry: JournalEntry) => printOp(entry.salt === null ? entry : { ...entry, digest: null })

/**
 * An op on its way down, with the stamp that the root judged it by where that is not its own. `seal`: by which head office knows one
 * of its own again (`office-seal.ts`).
 */
export type Heard = { op: Op; stamp: string; seal?: string | null }

/** Ops on their way down: origin, epoch, schema and a stamp that is not the op's own stand once for all that follow each other. */
export function printRuns(heard: readonly Heard[]): z.input<typeof DOWN>[] {
  const runs: z.input<typeof DOWN>[] = []
  for (const { op, stamp } of heard) {
    const { origin, epoch, schema, hlc } = op
    const head = { origin, epoch, schema, stamp: stamp === hlc ? undefined : stamp }
    const last = runs.at(-1)
    const goesOn = last && Object.entries(head).every(([name, value]) => last[name as keyof typeof head] === value)
    if (goesOn) last.ops.push(printOp(op))
    else runs.push({ ...head, ops: [printOp(op)] })
  }
  return runs
}

/** Reads the ops of a stream in a reply. Throws nothing. */
export function readRuns(body: unknown): Read<Heard[]> {
  const runs = z.array(DOWN).safeParse(body)
  if (!runs.success) return refuse('malformed', 'This is no list of runs')
  const heard: Heard[] = []
  for (const { ops: items, stamp, ...run } of runs.data) {
    if (heard.length + items.length > MOST_OF_TRANSACTION) return refuse('too-many', 'More than a reply has')
    const ops = readOps(items, run)
    if (!ops.ok) return ops
    for (const op of ops.value) heard.push({ op, stamp: stamp ?? op.hlc })
  }
  return { ok: true, value: heard }
}

type Placed = Pick<JournalHeader, 'origin' | 'epoch' | 'tx' | 'schema'>

/**
 * How many of `ops`, which end with a transaction, go into one body: whole transactions of together at most `most` ops and
 * `MOST_BYTES`, or the first alone. `bytes` says how long an op is. Up, a body has one schema.
 * @throws RangeError for a first transaction that no body takes
 */
export function cut(
  ops: readonly Placed[],
  most: number,
  bytes: (index: number) => number,
  schemas: 'of one schema' | 'of all schemas' = 'of one schema',
): number {
  let [end, size] = [0, 0]
  while (end < ops.length && (schemas === 'of all schemas' || ops[end]!.schema === ops[0]!.schema)) {
    let next = end
    for (; next < ops.length && isOfOne(ops[end]!, ops[next]!); next++) size += bytes(next) + 1
    const isFirst = end === 0
    if (next > (isFirst ? MOST_OF_TRANSACTION : most) || size > MOST_BYTES - ROOM) {
      if (isFirst) throw new RangeError(`A transaction of ${next} ops, ${size} bytes, goes into no body`)
      return end
    }
    end = next
  }
  return end
}

/** What stands around the ops of a body, in bytes. */
const ROOM = 4096

const isOfOne = (a: Placed, b: Placed) => a.tx === b.tx && a.epoch === b.epoch && a.origin === b.origin
