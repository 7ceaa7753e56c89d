import type { Op, Trx } from '../../../db/handle.ts'
import { isMine } from '../../../db/ownership.ts'
import { ADDED_BY_SHOPS, NOT_OF_OWN_STORE, SYNC_RULES } from '../../../db/schema/sync-rules.ts'
import { conflict } from '../errors.ts'

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
