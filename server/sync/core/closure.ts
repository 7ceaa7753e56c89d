import type { SyncedTable } from '../../../db/schema/schema.ts'
import { SYNC_RULES } from '../../../db/schema/sync-rules.ts'
import type { RowState } from './merge.ts'
import type { Fields, RowOp } from './registers.ts'
import { referencesOf, type RowKey } from './transaction.ts'

/** Into which streams an op goes, and what goes in front of it so that its references lead somewhere at whoever hears only these. */

/** `org` is heard by every node, `store:N` by those of one store. */
export type Stream = 'org' | `store:${number}`

/** Whether a row of `user` is of somebody who works here. */
export const worksHere = (values: Fields): boolean =>
  values['is_staff'] === 1 || (values['role'] ?? 'customer') !== 'customer'

/** The stream that a row is of. Customers are their store's, people who work everybody's. */
export function homeOf(entity: SyncedTable, values: Fields): Stream {
  const { class: kind } = SYNC_RULES[entity]
  return kind === 'org' || (kind === 'person' && worksHere(values)) ? 'org' : `store:${Number(values['store_id'])}`
}

/** What the root has in its streams. */
export type Streams = {
  row(entity: SyncedTable, row_id: number): RowState | null
  /** Streams that a row was brought into beside its own. */
  sharedIn(entity: SyncedTable, row_id: number): readonly Stream[]
  /** All ops about a row that were applied, in the order in which they were. */
  opsOf(entity: SyncedTable, row_id: number): readonly RowOp[]
}

/**
 * What enters one stream with an op. `inFront`: rows, each with all its ops so far, those that others refer to first. `shared`: the
 * rows that from now on are in this stream beside their own.
 */
export type Entering = { stream: Stream; inFront: readonly RowKey[]; shared: readonly RowKey[] }

/**
 * Where an op goes that was applied, `before` being its row's values before it; null for a row that it puts. Who becomes staff is
 * not in `org` yet, and so goes in front of the op that says so; who is staff no longer stays there.
 */
export function entering(op: RowOp, before: Fields | null, streams: Streams): Entering[] {
  const { entity, row_id } = op
  const row = streams.row(entity, row_id)
  if (!row) throw new Error(`${entity} ${row_id} is in no stream`)
  const home = homeOf(entity, row.values)
  const former = before ? homeOf(entity, before) : home
  const heard: readonly Stream[] = [former, ...streams.sharedIn(entity, row_id)]
  const kept = former === home || former === 'org' ? [former] : []
  return [...new Set([home, ...kept, ...streams.sharedIn(entity, row_id)])].map((stream) => {
    const own = { entity, row_id }
    const rows = new Map<string, RowKey>()
    if (hears(stream, heard)) rows.set(nameOf(own), own)
    else addRow(own, stream, streams, rows)
    for (const key of referencesOf(op)) if (!isIn(stream, key, streams)) addRow(key, stream, streams, rows)
    const inFront = [...rows.values()].filter((key) => key !== own || !hears(stream, heard))
    const isNoted = stream === home || streams.sharedIn(entity, row_id).includes(stream) || inFront.includes(own)
    return { stream, inFront, shared: isNoted ? inFront : [...inFront, own] }
  })
}

/** Whoever hears a store's stream hears `org` too. */
const hears = (stream: Stream, streams: readonly Stream[]) => streams.includes(stream) || streams.includes('org')

const nameOf = ({ entity, row_id }: RowKey) => `${entity} ${row_id}`

function isIn(stream: Stream, { entity, row_id }: RowKey, streams: Streams): boolean {
  const row = streams.row(entity, row_id)
  return hears(stream, [...streams.sharedIn(entity, row_id), ...(row ? [homeOf(entity, row.values)] : [])])
}

/** Adds a row behind all those that any of its ops refers to. */
function addRow(
  key: RowKey,
  stream: Stream,
  streams: Streams,
  into: Map<string, RowKey>,
  under: readonly string[] = [],
) {
  const name = nameOf(key)
  if (into.has(name) || under.includes(name)) return
  const referred = streams.opsOf(key.entity, key.row_id).flatMap(referencesOf)
  for (const other of referred)
    if (!isIn(stream, other, streams)) addRow(other, stream, streams, into, [...under, name])
  into.set(name, key)
}
