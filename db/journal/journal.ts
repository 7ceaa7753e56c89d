import { hash, randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { digestOf, linkOf } from '../../server/domain/chain.ts'
import { tick } from '../../server/domain/time/hybrid-clock.ts'
import { followOwnWrite } from '../clocks.ts'
import { followOwnErasure } from '../fleet/erased.ts'
import { executeNoResult } from '../engines/direct.ts'
import { type Act, type EngineName, type NodeHead, type Op, QUERY, type SavedClock, type Trx } from '../handle.ts'
import type { JournalTable, Schema } from '../schema/schema.ts'
import type { HeadPlace } from '../self.ts'
import { chunksOf, insertSql, parametersOf, run } from '../engines/sql-text.ts'

export const sha256 = (text: string) => hash('sha256', text, 'base64url')

/** What the clock of a node ties by: a restored database has another epoch, so its stamps never meet its former ones. */
export const clockId = ({ id, epoch }: Pick<NodeHead, 'id' | 'epoch'>) => hash('sha256', `${id}:${epoch}`).slice(0, 8)

/** A stamp that no other write of this machine has: that of the first entry of this one. */
export const stampOf = ({ act: { node, now } }: Trx): string => tick(node.hlc, now, clockId(node))

/** What differs between the entries of one transaction, and what does not. */
const ENTRY_COLUMNS = [
  'seq', 'hlc', 'entity', 'row_id', 'kind', 'before', 'after', 'salt', 'digest', 'chain',
] as const satisfies readonly (keyof JournalTable)[] // oxfmt-ignore
const TRANSACTION_COLUMNS = [
  'origin', 'epoch', 'tx', 'schema', 'at', 'actor', 'device', 'act',
] as const satisfies readonly (keyof JournalTable)[] // oxfmt-ignore

type Shared = Pick<JournalTable, (typeof TRANSACTION_COLUMNS)[number]>

/**
 * Appends what the transaction did to the journal and moves the node's head, with what it is to remember of the clock; the
 * last thing before the commit.
 */
export async function appendJournal(
  trx: Trx,
  clock: Partial<SavedClock> | null,
  place: HeadPlace = 'self',
): Promise<void> {
  const { act } = trx
  if (act.ops.length === 0) {
    const heard = act.heard ? { hlc: act.node.hlc } : {}
    if (clock || act.heard) await saveHead(trx, { ...heard, ...clock }, place)
    return
  }
  const head = { ...act.node }
  const shared = sharedBy(act)
  const link = linker(shared, head)
  for (const ops of chunksOf(act.ops)) {
    const values: unknown[] = []
    for (const op of ops) link(op, values)
    const text = insertSql(trx.engine, 'journal', ENTRY_COLUMNS, ops.length, TRANSACTION_COLUMNS)
    await executeNoResult(trx[QUERY], text, parametersOf(trx.engine, values, shared))
    if ((act.node.role ?? 'alone') !== 'alone') await followOwnWrites(trx, ops, values)
  }
  const { seq, chain, hlc } = head
  await saveHead(trx, { seq, chain, hlc, ...clock }, place)
}

/** Where other nodes share the rows, it is kept by which stamp each register was changed. `values` are those of the entries. */
async function followOwnWrites(trx: Trx, ops: readonly Op[], values: readonly unknown[]) {
  const { id: origin, epoch } = trx.act.node
  for (const [index, op] of ops.entries()) {
    const [seq, stamp] = values.slice(index * ENTRY_COLUMNS.length) as [number, string]
    const clock = { stamp, origin, epoch, seq }
    if (op.kind === 'erase') await followOwnErasure(trx, op.after, clock)
    else await followOwnWrite(trx, op, clock)
  }
}

function sharedBy({ node, schema, now: at, actor, device, act }: Act): Shared {
  const { id: origin, epoch, seq } = node
  return { origin, epoch, tx: seq + 1, schema, at, actor, device, act }
}

/** Characters of a salt: 126 bits. */
const SALT_CHARACTERS = 21

/** Salts of one transaction, from a secret of its own: asking the system for each would cost as much as writing a row. */
function saltGenerator(): () => string {
  const secret = randomUUID()
  let [drawn, at] = ['', 0]
  return () => {
    if (at + SALT_CHARACTERS > drawn.length) [drawn, at] = [hash('sha512', drawn + secret, 'base64url'), 0]
    return drawn.slice(at, (at += SALT_CHARACTERS))
  }
}

/** Ties one change after the other to the chain: moves `head` and adds the entry's `OWN` columns to `into`. */
function linker(shared: Shared, head: NodeHead): (op: Op, into: unknown[]) => void {
  const nodeHash = clockId(head)
  const nextSalt = saltGenerator()
  const { origin, epoch, tx, schema, at, actor, device, act } = shared
  return ({ entity, row_id, kind, before, after }, into) => {
    const seq = ++head.seq
    const hlc = (head.hlc = tick(head.hlc, at, nodeHash))
    const salt = nextSalt()
    const digest = digestOf(sha256, salt, before, after)
    const header = { origin, epoch, seq, tx, hlc, schema, at, actor, device, act, entity, row_id, kind }
    head.chain = linkOf(sha256, head.chain, header, digest)
    into.push(seq, hlc, entity, row_id, kind, before, after, salt, digest, head.chain)
  }
}

const HEAD = 'id, store_id, terminal, epoch, seq, chain, hlc'
const SAVED_CLOCK = 'trusted_at, is_restored, contradicted_since'

/**
 * Reads this machine's node, which a database has from its first start; on PostgreSQL its lock makes the caller the one
 * writer. A migration asks for nothing else: what the node remembers of the clock may not be there yet, and the head may stand
 * in the node's own row still.
 */
export async function readHead(
  query: Kysely<Schema>,
  engine: EngineName,
  place: HeadPlace = 'self',
): Promise<NodeHead | undefined> {
  const [head] = await run<NodeHead>(query, engine, selectSelf(engine, HEAD, place), [])
  return head
}

/** The same, with what the node remembers of the clock. */
export async function readSelf(
  query: Kysely<Schema>,
  engine: EngineName,
): Promise<{ node: NodeHead; saved: SavedClock }> {
  const columns = `${HEAD}, role, ${SAVED_CLOCK}`
  const [self] = await run<NodeHead & SavedClock>(query, engine, selectSelf(engine, columns), [])
  const { trusted_at, is_restored, contradicted_since, ...node } = self!
  return { node, saved: { trusted_at, is_restored, contradicted_since } }
}

function selectSelf(engine: EngineName, columns: string, place: HeadPlace = 'self') {
  const from = place === 'self' ? 'self join node on node.id = self.node_id' : 'node where is_self = 1'
  return `select ${columns} from ${from}${engine === 'sqlite' ? '' : ' for update'}`
}

async function saveHead(
  { engine, [QUERY]: query }: Trx,
  fields: Partial<Pick<NodeHead, 'seq' | 'chain' | 'hlc'> & SavedClock>,
  place: HeadPlace,
) {
  const set = Object.keys(fields).map((column) => `${column} = ?`)
  const where = place === 'self' ? '' : ' where is_self = 1'
  await run(query, engine, `update ${place} set ${set.join(', ')}${where}`, Object.values(fields))
}
