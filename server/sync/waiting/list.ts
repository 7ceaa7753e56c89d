import type { Db } from '../../../db/handle.ts'
import { type KeptOp, opsOfTransaction } from '../../../db/journal/ops.ts'
import { type TransactionKey, waitedFor, type Waiting, waitingAfter } from '../../../db/fleet/waiting.ts'
import { peopleById } from '../../shop/people/users.ts'
import type { RowKey } from '../core/transaction.ts'

/** What waits for a person, or for something else, in plain terms. */

/** What an op would do; `changes` is null for one whose body was erased, and `before` for what it does not say that it replaces. */
export type WaitingOp = {
  seq: number
  entity: string
  row_id: number
  kind: string
  /** When it was written (ms), by whom, in which session or program, and by what act. */
  at: number
  actor: { id: number; full_name: string | null } | null
  device: string | null
  act: string
  changes: { column: string; before: unknown; after: unknown }[] | null
}

export type WaitingTransaction = Waiting & {
  /** Where it was written: `S2-T1`; null for a node that is not known here. */
  terminal: string | null
  /** The rows that a held one waits for. */
  waits_for: RowKey[]
  /** The first ops of it; `more` where there are others behind them. */
  ops: WaitingOp[]
  more: boolean
}

export const FROM_THE_START: TransactionKey = { origin: -1, epoch: -1, tx: -1 }

/** Ops of one transaction that are told; it may have 20,000. */
const MOST_OPS = 50

/**
 * What is held, quarantined or parked here, the next `limit` transactions behind `after`, by origin, epoch and number; those that
 * were written in one store, where that is said.
 */
export async function listWaiting(
  db: Db,
  {
    after = FROM_THE_START,
    limit = 50,
    store = db.reach ?? null,
  }: { after?: TransactionKey; limit?: number; store?: number | null } = {},
): Promise<WaitingTransaction[]> {
  const found = await waitingAfter(db, after, limit, store)
  const terminals = await terminalsOf(db, found.map(({ origin }) => origin)) // oxfmt-ignore
  const listed: WaitingTransaction[] = []
  for (const waiting of found) {
    const ops = await opsOfTransaction(db, waiting, MOST_OPS + 1)
    const shown = ops.slice(0, MOST_OPS)
    const people = await peopleById(db, [...new Set(shown.flatMap(({ actor }) => actor ?? []))])
    listed.push({
      ...waiting,
      terminal: terminals.get(waiting.origin) ?? null,
      waits_for: waiting.state === 'held' ? await waitedFor(db, waiting) : [],
      ops: shown.map((op) => told(op, people)),
      more: ops.length > MOST_OPS,
    })
  }
  return listed
}

async function terminalsOf(db: Db, nodes: readonly number[]): Promise<Map<number, string>> {
  if (nodes.length === 0) return new Map()
  const found = await db
    .selectFrom('node')
    .innerJoin('store', 'store.id', 'node.store_id')
    .select(['node.id', 'store.code', 'node.terminal'])
    .where('node.id', 'in', [...new Set(nodes)])
    .execute()
  return new Map(found.map(({ id, code, terminal }) => [id, `${code}-${terminal}`]))
}

function told(op: KeptOp, people: Awaited<ReturnType<typeof peopleById>>): WaitingOp {
  const { seq, entity, row_id, kind, at, actor, device, act, salt, before, after } = op
  const [was, becomes] = [bodyIn(before), bodyIn(after)]
  const columns = Object.keys({ ...was, ...becomes })
  return {
    seq,
    entity,
    row_id,
    kind,
    at,
    actor: actor === null ? null : { id: actor, full_name: people.get(actor)?.full_name ?? null },
    device,
    act,
    changes:
      salt === null
        ? null
        : columns.map((column) => ({ column, before: inBody(was, column), after: inBody(becomes, column) })),
  }
}

/** A column may be called as something that every object has. */
const inBody = (body: Record<string, unknown> | null, column: string): unknown =>
  body && Object.hasOwn(body, column) ? (body[column] ?? null) : null

/** The body of an op; of one that is no object, why it waits says so. */
function bodyIn(text: string | null): Record<string, unknown> | null {
  if (text === null) return null
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
