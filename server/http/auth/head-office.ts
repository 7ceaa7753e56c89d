import type { Op, Trx } from '../../../db/handle.ts'
import { isMine } from '../../../db/ownership.ts'
import { rowsById } from '../../../db/queries/alike.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import {
  ADDED_BY_SHOPS,
  isWrittenWhereShared,
  NOT_OF_OWN_STORE,
  registerOf,
  SYNC_RULES,
} from '../../../db/schema/sync-rules.ts'
import { conflict, organisationNeeded } from '../errors.ts'

/**
 * At a terminal refuses a write of what head office decides: prices of trade-ins, questions, categories, rows of its catalogue. It
 * would not be taken there (`server/sync/core/authority.ts`), and whatever came with it and after it would wait.
 * @throws 409
 */
export async function refuseWhatHeadOfficeDecides(trx: Trx): Promise<void> {
  if (trx.act.node.role !== 'terminal') return
  for (const op of trx.act.ops)
    if (await isForHeadOffice(trx, op))
      throw conflict('changed-at-head-office', 'Head office decides this, and changes it for all shops')
}

async function isForHeadOffice(trx: Trx, { entity, row_id, kind, after }: Op): Promise<boolean> {
  if (entity === 'journal' || SYNC_RULES[entity].class !== 'org') return false
  const { id, store_id } = trx.act.node
  const changes = kind === 'patch' ? (JSON.parse(after!) as Record<string, unknown>) : {}
  if (entity === 'node') return row_id !== id
  if (entity === 'store')
    return row_id !== store_id || Object.keys(changes).some((column) => NOT_OF_OWN_STORE.has(column))
  if (!ADDED_BY_SHOPS.has(entity)) return true
  if (kind === 'put' || (await isMine(trx, row_id))) return false
  // The first device of a brand that came with the program takes it into use.
  return Object.keys(changes).join() !== 'starter'
}

/**
 * At head office refuses what somebody who works at one store writes beyond it: what all stores share, other people's rights, rows of
 * other stores. A terminal of the store may not say it either. It is looked at when all is written, whatever wrote it.
 * @throws 403
 */
export async function refuseBeyondStore(trx: Trx): Promise<void> {
  if (trx.reach === undefined) return
  const rows = new Map<string, Op[]>()
  for (const op of trx.act.ops) rows.set(op.entity, [...(rows.get(op.entity) ?? []), op])
  for (const [entity, ops] of rows) {
    if (entity === 'journal') throw organisationNeeded()
    const table = ops[0]!.entity as SyncedTable
    const seen = await rowsById(trx, table, [...new Set(ops.map(({ row_id }) => row_id))])
    const values = new Map(seen.map((row) => [row.id, row.values]))
    for (const op of ops) if (!mayWrite(trx, trx.reach, table, op, values.get(op.row_id))) throw organisationNeeded()
  }
}

type Values = Readonly<Record<string, unknown>>

/** Whether somebody who works at `store` may have written this; `row` is the row as it is now, if they see it. */
function mayWrite(
  { act }: Trx,
  store: number,
  table: SyncedTable,
  { kind, row_id, after }: Op,
  row: Values | undefined,
): boolean {
  if (!row) return false
  const { class: of } = SYNC_RULES[table]
  // Whom somebody makes or changes is looked at where it is done; here, that nobody else's row came with it.
  if (of === 'person' && (row['role'] !== 'customer' || row['is_staff'] === 1)) return row['works_at'] === store
  const columns = Object.keys(after === null ? { deleted_at: 1 } : (JSON.parse(after) as Values))
  // A row of another store that is shared with this one: as a terminal may, and no more.
  if (of !== 'org')
    return (
      row['store_id'] === store ||
      (kind === 'patch' && columns.every((column) => isWrittenWhereShared(table, registerOf(table, column))))
    )
  // Who unlocks the screen after an absence confirms this machine's clock.
  if (table === 'node')
    return row_id === act.node.id && columns.every((column) => registerOf(table, column) === 'clock_confirmed_at')
  if (table === 'store') return row_id === store && !columns.some((column) => NOT_OF_OWN_STORE.has(column))
  if (!ADDED_BY_SHOPS.has(table)) return false
  return kind === 'put' || row['store_id'] === store || columns.join() === 'starter'
}
