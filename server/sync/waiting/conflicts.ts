import { readConflicts, saveConflicts } from '../../../db/fleet/conflicts.ts'
import { type Db, inStore, type Trx } from '../../../db/handle.ts'
import { ownedNodes } from '../../../db/ownership.ts'
import { refuseOthers, restate } from '../../../db/rows.ts'
import { readRowState } from '../../../db/row-states.ts'
import type { Conflict } from '../../../db/schema/conflict.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { isWrittenWhereShared, SYNC_RULES } from '../../../db/schema/sync-rules.ts'
import { ownNode } from '../../../db/self.ts'
import { refuseBeyondReach } from '../../shop/people/reach.ts'
import { isSaidByShop } from '../core/authority.ts'
import { DELETED, type Fields, isSame, pick } from '../core/registers.ts'
import { actFor } from './ordinary-acts.ts'

/**
 * What a person makes of a value that lost against a write that did not know it: it is written again, by the ordinary act for
 * it and under its rules, or what holds now is kept. Either is an op that says of the value that it knew it, by which the conflict
 * is settled at every node; here it is at once.
 */

/** A conflict by the row, the register and the write that lost. */
export type ConflictKey = {
  entity: SyncedTable
  row_id: number
  register: string
  origin: number
  epoch: number
  seq: number
}

/**
 * - `settled`: somebody has gone on from it, or decided.
 * - `money`: what was paid is put right where it was taken, by an entry of its own.
 * - `elsewhere`: no act of the counter writes this by itself; it is put right on its own screen.
 * - `foreign`: it is another store's, or the whole organisation's, and changed there or at head office.
 */
export type CannotSettleReason = 'settled' | 'money' | 'elsewhere' | 'foreign'

/** Why what a person asked for was not done; nothing was. */
export class CannotSettle extends Error {
  reason: CannotSettleReason
  constructor(reason: CannotSettleReason) {
    super(reason)
    this.reason = reason
  }
}

/** Whether the value that lost may be written again here, as far as its kind goes: the act for it has rules of its own. */
export const isRestorable = ({ entity, register }: Pick<Conflict, 'entity' | 'register'>): boolean =>
  actFor(entity, register) !== null

/**
 * Leaves what holds now, and says that it was known what lost.
 * @throws CannotSettle, RowOfAnotherNode for money that another machine took, 403 for who works beyond the caller's reach
 */
export async function keepWinner(trx: Trx, key: ConflictKey): Promise<void> {
  const { conflict, values } = await findConflict(trx, key)
  await refuseOthers(trx, key.entity, key.row_id)
  await settle(inStore(trx, Number(values['store_id'])), conflict)
}

/**
 * Writes the value again that lost, as the counter writes such a value: whatever that act refuses is refused here too.
 * @throws CannotSettle, and as the act for it
 */
export async function restoreLost(trx: Trx, key: ConflictKey): Promise<void> {
  const { conflict, values } = await findConflict(trx, key)
  const act = actFor(key.entity, key.register)
  if (!act) throw new CannotSettle(SYNC_RULES[key.entity].class === 'money' ? 'money' : 'elsewhere')
  const there = inStore(trx, Number(values['store_id']))
  await act(there, key.row_id, conflict.lost.values)
  await settle(there, conflict)
}

/** @throws CannotSettle */
async function findConflict(trx: Trx, key: ConflictKey): Promise<{ conflict: Conflict; values: Fields }> {
  const { entity, row_id } = key
  const conflict = (await readConflicts(trx, entity, row_id)).find(
    ({ register, lost: { clock } }) =>
      register === key.register && clock.origin === key.origin && clock.epoch === key.epoch && clock.seq === key.seq,
  )
  const row = conflict && (await readRowState(trx, entity, row_id))
  if (!conflict || !row) throw new CannotSettle('settled')
  await refuseForeign(trx, key, row.values)
  return { conflict, values: row.values }
}

/** What head office would not believe of this terminal is not said here: it would wait there. */
async function refuseForeign(trx: Trx, { entity, row_id, register }: ConflictKey, values: Fields): Promise<void> {
  if (entity === 'user') await refuseBeyondReach(trx, row_id, CONTACTS.has(register) ? 'contacts' : 'rights')
  if ((await openForeign(trx))({ entity, row_id, register }, values)) throw new CannotSettle('foreign')
}

/** Tells of a conflict, by the values of its row, whether it is decided elsewhere: at head office none is. */
export async function openForeign(
  db: Db,
): Promise<
  (of: Pick<ConflictKey, 'entity' | 'row_id' | 'register'>, values: Readonly<Record<string, unknown>>) => boolean
> {
  const { id, role, store_id } = await ownNode(db)
    .select(['node.id', 'self.role', 'node.store_id'])
    .executeTakeFirstOrThrow()
  if (role !== 'terminal') return () => false
  const owned = await ownedNodes(db)
  return ({ entity, row_id, register }, values) => {
    const store = values['store_id']
    if (SYNC_RULES[entity].class === 'org')
      return !isSaidByShop({ entity, register, row_id, store }, { id, store_id, owned })
    return store !== store_id && !isWrittenWhereShared(entity, register)
  }
}

const CONTACTS = new Set(['full_name', 'phone', 'email', 'profile_picture'])

/** Says the register as it is by now, over what lost, unless that is what it says. */
async function settle(trx: Trx, conflict: Conflict): Promise<void> {
  const { entity, row_id, register, lost } = conflict
  const { values } = (await readRowState(trx, entity, row_id))!
  const isRestored = register === DELETED ? values[DELETED] !== null : isSame(lost.values, pick(values, Object.keys(lost.values))) // oxfmt-ignore
  if (!isRestored) await restate(trx, entity, row_id, lost.values)
  await saveConflicts(trx, { conflicts: [], settled: [conflict] })
}
