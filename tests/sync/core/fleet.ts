import { hash } from 'node:crypto'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { SYNC_RULES, wholeRegisters } from '../../../db/schema/sync-rules.ts'
import { digestOf, GENESIS, type JournalEntry, linkOf } from '../../../server/domain/chain.ts'
import { mintId } from '../../../server/domain/ids.ts'
import { tick } from '../../../server/domain/time/hybrid-clock.ts'
import { refusalOf } from '../../../server/sync/core/authority.ts'
import { entering, type Stream } from '../../../server/sync/core/closure.ts'
import { erase, type RowState, type RowWrite } from '../../../server/sync/core/merge.ts'
import type { Heard } from '../../../server/sync/core/op.ts'
import { type Clock, compareClocks } from '../../../server/domain/time/write-order.ts'
import { type Columns, DELETED, type Fields, pick, type RowOp } from '../../../server/sync/core/registers.ts'
import { clockOfHeard, decide, type Decision, type Here, type RowKey } from '../../../server/sync/core/transaction.ts'
import { type Erasure, type Known, readOp } from '../../../server/sync/core/upgrade.ts'

/** A fleet in memory over the core itself: head office with its streams, and nodes with clocks, journals and rows of their own. */

export const sha256 = (text: string) => hash('sha256', text, 'base64url')

/** What can be planted, each a mistake that some program of this kind has made. */
export type Fault =
  | 'winner by arrival' | 'tie kept local' | 'columns won singly' | 'clamp at receivers' | 'origin not told'
  | 'equal write is no op' | 'held never released' | 'closure forgotten' | 'promoted person not restated'
  | 'unknown field dropped' | 'edit before erasure keeps its text' // oxfmt-ignore

export const HEAD_OFFICE = 0
/** Two nodes of one store, one of another, and head office with a store of its own. */
const STORE_OF = [1, 2, 2, 3]
export const NODES = STORE_OF.length
const OLDER = 1
export const NEWER = 2
/** The program of this node is the older one at first, and does not know this column. */
const OLD_NODE = 3
const NEW_COLUMN = 'note'

const FACTS = { order_event: ['order_id', 'kind', 'text'] }
const USED = ['brand', 'user', 'device', 'repair_order', 'assignment', 'order_event'] as const satisfies SyncedTable[]
export type Used = (typeof USED)[number]

function columnsFor(table: Used): Columns {
  const rules = SYNC_RULES[table]
  const own = 'alone' in rules ? [...(rules.together ?? []).flat(), ...rules.alone] : FACTS.order_event
  const isNumber = (name: string) => /_id$|_at$|_cents$|_by$|_of$|^is_|_date$|^starter$|_since$/.test(name)
  const every = ['id', 'store_id', 'created_at', 'updated_at']
  const all = [...every, DELETED, ...own].map((name) => {
    const type = every.includes(name) || isNumber(name) ? ('int' as const) : ('text' as const)
    return [name, { type, nullable: !every.includes(name) }] as const
  })
  return new Map(all)
}

export const COLUMNS = new Map<SyncedTable, Columns>(USED.map((table) => [table, columnsFor(table)]))
const OLD_COLUMNS = new Map(
  [...COLUMNS].map(([table, columns]) => [table, new Map([...columns].filter(([name]) => name !== NEW_COLUMN))]),
)

export type Node = {
  id: number
  store: number
  /** How far its clock is off, in ms. */
  off: number
  hlc: string
  known: Known
  rows: Map<string, RowState>
  /** The ops about each row that it keeps, with the clocks that they are judged by. */
  ops: Map<string, RowOp[]>
  journal: JournalEntry[]
  acked: number
  minted: number
  erased: Map<string, Clock>
  cursors: Map<Stream, number>
  held: Heard[][]
  parked: Heard[][]
  quarantined: string[]
}

export type Fleet = {
  now: number
  nodes: Node[]
  feed: Map<Stream, Heard[]>
  shared: Map<string, Set<Stream>>
  /** At head office, by origin: the chain, and the stamps that it judged by. */
  chains: Map<number, JournalEntry[]>
  stamps: Map<string, string>
  faults: ReadonlySet<Fault>
  /** Words that were erased: what they were written with is not after the erasure. */
  gone: Set<string>
}

export const nameOf = (entity: string, row_id: number) => `${entity} ${row_id}`
export const hashOf = (node: number) => `000000a${node}`
export const atOf = (fleet: Fleet, node: Node) => Math.max(0, fleet.now + node.off)

export function openFleet(offs: readonly number[], faults: readonly Fault[] = []): Fleet {
  const nodes = STORE_OF.map((store, id): Node => {
    const known = id === OLD_NODE ? { schema: OLDER, columns: OLD_COLUMNS } : { schema: NEWER, columns: COLUMNS }
    const off = id === HEAD_OFFICE ? 0 : (offs[id - 1] ?? 0)
    return {
      id, store, off, hlc: tick(null, 0, hashOf(id)), known: { ...known, steps: [] }, rows: new Map(), ops: new Map(), journal: [],
      acked: 0, minted: 0, erased: new Map(), cursors: new Map(), held: [], parked: [], quarantined: [],
    } // oxfmt-ignore
  })
  const [feed, shared, chains, stamps] = [new Map(), new Map(), new Map(), new Map()]
  return { now: 50_000_000, nodes, feed, shared, chains, stamps, faults: new Set(faults), gone: new Set() }
}

/** One change of a node's own, before it is an entry. */
export type Change = { entity: string; row_id: number; kind: string; before: Fields | null; after: object | null }

/** Writes a transaction at a node, as `db/rows.ts` and the journal do, and applies it there. */
export function write(fleet: Fleet, node: Node, wanted: readonly Change[]): void {
  const changes = wanted.filter(({ kind, after }) => kind !== 'patch' || Object.keys(after!).length > 0)
  if (changes.length === 0) return
  const tx = node.journal.length + 1
  const heard = changes.map(({ entity, row_id, kind, before, after }): Heard => {
    const at = atOf(fleet, node)
    node.hlc = tick(node.hlc, at, hashOf(node.id))
    const seq = node.journal.length + 1
    const header = {
      origin: node.id, epoch: 1, seq, tx, hlc: node.hlc, schema: node.known.schema, at, actor: null, device: null, act: 'test',
      entity, row_id, kind,
    } // oxfmt-ignore
    const body = {
      before: before && JSON.stringify(before),
      after: after && JSON.stringify(after),
      salt: `salt ${seq}`,
    }
    const digest = digestOf(sha256, body.salt, body.before, body.after)
    const chain = linkOf(sha256, node.journal.at(-1)?.chain ?? GENESIS, header, digest)
    node.journal.push({ ...header, ...body, digest, chain })
    return { op: { ...header, ...body, digest: null }, stamp: node.hlc }
  })
  const decision = take(fleet, node, heard)
  if (decision.state !== 'apply')
    throw new Error(`A node refuses what it wrote itself: ${JSON.stringify([decision, changes])}`)
  if (node.id === HEAD_OFFICE) fleet.chains.set(HEAD_OFFICE, node.journal)
}

/** What a patch of some columns says: the whole of their registers. */
export function patchOf(fleet: Fleet, node: Node, entity: Used, row_id: number, changes: Fields): Change {
  const { values } = node.rows.get(nameOf(entity, row_id))!
  const columns = node.known.columns.get(entity)!
  const changed = Object.keys(changes).filter((name) => columns.has(name))
  const whole = fleet.faults.has('columns won singly')
    ? changed.filter((name) => changes[name] !== values[name])
    : wholeRegisters(entity, changed).filter((name) => columns.has(name))
  const names = values[DELETED] === null ? whole : [...whole, DELETED]
  return { entity, row_id, kind: 'patch', before: pick(values, names), after: pick({ ...values, ...changes }, names) }
}

export function putOf(node: Node, entity: Used, values: Fields, store = node.store): Change {
  const columns = node.known.columns.get(entity)!
  const said = Object.entries(values).filter(([name, value]) => value !== null && columns.has(name))
  const kind = SYNC_RULES[entity].class === 'fact' ? 'event' : 'put'
  const after = { store_id: store, ...Object.fromEntries(said) }
  return { entity, row_id: mintId(node.id, ++node.minted), kind, before: null, after }
}

/** Decides one transaction at a node and does what the decision says, as `db/applied.ts` is to. */
export function take(fleet: Fleet, node: Node, heard: readonly Heard[]): Decision {
  const decision = decide(heard, node.known, here(fleet, node, heard[0]!.op.origin))
  if (decision.state === 'hold') node.held.push([...heard])
  if (decision.state === 'quarantine')
    node.quarantined.push(`${decision.seq} of ${heard[0]!.op.origin}: ${decision.reason}`)
  if (decision.state !== 'apply') return decision
  const befores = new Map(
    decision.writes.map(({ entity, row_id }) => [nameOf(entity, row_id), node.rows.get(nameOf(entity, row_id))]),
  )
  for (const change of decision.writes) applyWrite(node, change)
  if (decision.parked.length > 0 && !fleet.faults.has('unknown field dropped')) node.parked.push([...heard])
  for (const one of heard) {
    if (!decision.blank.includes(one.op.seq)) keep(node, one)
    else if (node.id === HEAD_OFFICE) blankAt(fleet.chains.get(one.op.origin)!, one.op.seq)
  }
  for (const { clock, erasure } of decision.erasures) hearErasure(fleet, node, clock, erasure)
  if (node.id === HEAD_OFFICE) publish(fleet, node, heard, decision.blank, befores)
  // What somebody wrote anew of what was erased, not knowing, head office erases again.
  if (node.id === HEAD_OFFICE) for (const { row_id } of decision.revived) eraseUser(fleet, node, row_id)
  return decision
}

/** Erases a person at head office: the bodies go, and a put states what is left. */
export function eraseUser(fleet: Fleet, node: Node, row_id: number): void {
  const { values } = node.rows.get(nameOf('user', row_id))!
  const left = Object.entries({ ...values, full_name: 'erased' }).filter(
    ([name, value]) => value !== null && name !== 'updated_at',
  )
  write(fleet, node, [
    { entity: 'user', row_id, kind: 'erase', before: null, after: { rows: { user: [row_id] } } },
    { entity: 'user', row_id, kind: 'put', before: null, after: Object.fromEntries(left) },
  ])
}

/** As the database keeps it: no clock of the put of a row that nobody has stated anew. */
function applyWrite(node: Node, { entity, row_id, isNew, values, clocks, conflicts, settled }: RowWrite) {
  const name = nameOf(entity, row_id)
  const row = node.rows.get(name)
  if (isNew !== !row) throw new Error(`${name} is ${row ? '' : 'not '}here`)
  const was = row ?? {
    values: {},
    clocks: { put: null, registers: {} },
    conflicts: [],
    erased: node.erased.get(name) ?? null,
  }
  const registers = { ...was.clocks.registers }
  for (const [register, clock] of Object.entries(clocks.registers))
    if (clock) registers[register] = clock
    else delete registers[register]
  const isOne = (a: RowState['conflicts'][number]) => (b: typeof a) =>
    a.register === b.register && compareClocks(a.lost.clock, b.lost.clock) === 0
  const kept = was.conflicts.filter((one) => ![...conflicts, ...settled].some(isOne(one)))
  const next = { put: clocks.put ?? was.clocks.put, registers }
  node.rows.set(name, {
    ...was,
    values: { ...was.values, ...values },
    clocks: next,
    conflicts: [...kept, ...conflicts],
  })
}

export function rowOpOf(node: Node, heard: Heard): RowOp | null {
  const reading = readOp(heard, node.known)
  return reading.state === 'row' ? reading.op : null
}

export function keep(node: Node, heard: Heard) {
  const op = rowOpOf(node, heard)
  if (!op) return
  const ops = opsOf(node, op.entity, op.row_id)
  if (!ops.some(({ clock }) => compareClocks(clock, op.clock) === 0))
    node.ops.set(nameOf(op.entity, op.row_id), [...ops, op])
}

export const opsOf = (node: Node, entity: string, row_id: number) => node.ops.get(nameOf(entity, row_id)) ?? []

function here(fleet: Fleet, node: Node, origin: number): Here {
  const row: Here['row'] = (entity, id) => node.rows.get(nameOf(entity, id)) ?? null
  const keepsText = fleet.faults.has('edit before erasure keeps its text')
  return {
    row,
    erased: (entity, id) => (keepsText ? null : (node.erased.get(nameOf(entity, id)) ?? null)),
    history: (entity, id) => opsOf(node, entity, id),
    refusal: (subject, current) => {
      if (node.id !== HEAD_OFFICE || origin === HEAD_OFFICE) return null
      const isIn = (stream: Stream, entity: string, id: number) =>
        fleet.shared.get(nameOf(entity, id))?.has(stream) ?? false
      return refusalOf(
        subject,
        { node: origin, store: STORE_OF[origin]! },
        {
          row: current,
          ownerOf: (id) => id,
          isShared: (store, entity, id) => isIn(`store:${store}`, entity, id),
          isHeard: (store, entity, id) => isIn(`store:${store}`, entity, id) || isIn('org', entity, id),
        },
      )
    },
  }
}

export function blankAt(chain: JournalEntry[], seq: number) {
  chain[seq - 1] = { ...chain[seq - 1]!, before: null, after: null, salt: null }
}

/** Blanks what was said of these rows before: in rows' conflicts, in what is kept, held and parked, and in every chain. */
function hearErasure(fleet: Fleet, node: Node, clock: Clock, erasure: Erasure) {
  if (!('rows' in erasure)) return
  for (const [entity, ids] of Object.entries(erasure.rows))
    for (const id of ids) {
      const name = nameOf(entity, id)
      const isBefore = (one: { clock: Clock }) => compareClocks(one.clock, clock) < 0
      node.erased.set(name, clock)
      const row = node.rows.get(name)
      if (row && !fleet.faults.has('edit before erasure keeps its text')) node.rows.set(name, erase(row, clock))
      const [gone, kept] = [
        opsOf(node, entity, id).filter(isBefore),
        opsOf(node, entity, id).filter((op) => !isBefore(op)),
      ]
      node.ops.set(name, kept)
      for (const op of gone) {
        if (op.origin === node.id) blankAt(node.journal, op.clock.seq)
        if (node.id === HEAD_OFFICE) blankAt(fleet.chains.get(op.origin)!, op.clock.seq)
        const said = op.kind === 'del' ? [] : Object.values(op.after)
        for (const word of said) if (typeof word === 'string' && word.startsWith('name ')) fleet.gone.add(word)
      }
      const blanked = (one: Heard): Heard =>
        nameOf(one.op.entity, one.op.row_id) === name && compareClocks(clockOfHeard(one), clock) < 0
          ? { ...one, op: { ...one.op, before: null, after: null, salt: null, digest: 'gone' } }
          : one
      node.held = node.held.map((tx) => tx.map(blanked))
      node.parked = node.parked.map((tx) => tx.map(blanked))
      if (node.id === HEAD_OFFICE) for (const [stream, list] of fleet.feed) fleet.feed.set(stream, list.map(blanked))
    }
}

/** Head office puts what it applied into the streams, with what belongs in front. */
function publish(
  fleet: Fleet,
  root: Node,
  heard: readonly Heard[],
  blank: readonly number[],
  befores: ReadonlyMap<string, RowState | undefined>,
) {
  const values = new Map([...befores].map(([name, row]) => [name, row?.values ?? null]))
  for (const one of heard) {
    if (blank.includes(one.op.seq)) continue
    if (one.op.kind === 'erase') append(fleet, 'org', one)
    const op = rowOpOf(root, one)
    if (!op) continue
    const name = nameOf(op.entity, op.row_id)
    const before = values.get(name) ?? (values.has(name) || op.kind === 'put' ? null : root.rows.get(name)!.values)
    values.set(name, root.rows.get(name)!.values)
    const sharedIn = (entity: string, id: number) => [...(fleet.shared.get(nameOf(entity, id)) ?? [])]
    const streams = {
      row: (e: string, id: number) => root.rows.get(nameOf(e, id)) ?? null,
      sharedIn,
      opsOf: (e: string, id: number) => opsOf(root, e, id),
    }
    for (const { stream, inFront, shared } of entering(op, before, streams)) {
      for (const key of inFront) bring(fleet, root, stream, key, one)
      for (const key of shared) share(fleet, key, stream)
      append(fleet, stream, one)
    }
  }
}

function bring(fleet: Fleet, root: Node, stream: Stream, key: RowKey, before: Heard) {
  const isOwn = key.entity === before.op.entity && key.row_id === before.op.row_id
  if (fleet.faults.has(isOwn ? 'promoted person not restated' : 'closure forgotten')) return
  for (const { clock } of opsOf(root, key.entity, key.row_id)) {
    if (compareClocks(clock, clockOfHeard(before)) === 0) continue
    const { chain: _, ...op } = fleet.chains.get(clock.origin)![clock.seq - 1]!
    append(fleet, stream, { op: { ...op, digest: op.salt === null ? op.digest : null }, stamp: clock.stamp })
  }
}

const append = (fleet: Fleet, stream: Stream, one: Heard) =>
  fleet.feed.set(stream, [...(fleet.feed.get(stream) ?? []), one])

function share(fleet: Fleet, { entity, row_id }: RowKey, stream: Stream) {
  const name = nameOf(entity, row_id)
  fleet.shared.set(name, new Set([...(fleet.shared.get(name) ?? []), stream]))
}

/** Tries what is held again, for as long as something of it can be applied. */
export function release(fleet: Fleet, node: Node) {
  if (fleet.faults.has('held never released')) return
  for (let before = -1; before !== node.held.length;) {
    before = node.held.length
    for (const tx of node.held.splice(0)) take(fleet, node, tx)
  }
}
