import { randomUUID } from 'node:crypto'
import type { Database } from '../../../db/database.ts'
import { DatabaseRefused } from '../../../db/errors.ts'
import type { Db } from '../../../db/handle.ts'
import { insertLocal } from '../../../db/local.ts'
import { patch } from '../../../db/rows.ts'
import { setRole } from '../../../db/self.ts'
import { fillClocks, readPast, stateUntold } from '../history/past.ts'
import type { NodeKeys } from '../node-keys.ts'
import { openSync } from '../take.ts'

const BY = { actor: null, device: null, act: 'become head office' }

/**
 * Makes the database of a shop that is alone, new or with its whole history, head office: ids and numbers stay as they are. What
 * the journal cannot tell a machine that joins is stated anew before; one transaction then says what it is. Returns whether it
 * became head office now; one that is it already stays as it is.
 * @throws DatabaseRefused for a terminal
 */
export async function becomeHeadOffice(
  database: Database,
  { publicKeys }: Pick<NodeKeys, 'publicKeys'>,
): Promise<boolean> {
  if (await isHeadOffice(database.db)) return false
  const sync = await openSync(database)
  const past = await readPast(sync)
  await stateUntold(sync, past)
  return await database.write(BY, async (trx) => {
    // Another server of the same PostgreSQL database may have been first.
    if (await isHeadOffice(trx)) return false
    await fillClocks(trx, sync.known, past)
    await setRole(trx, 'head-office')
    await insertLocal(trx, 'head_office', { id: 1, incarnation: randomUUID(), address: null, sign_key: null })
    const { sign: sign_key, seal: seal_key } = publicKeys
    await patch(trx, 'node', trx.act.node.id, { kind: 'head-office', sign_key, seal_key })
    return true
  })
}

async function isHeadOffice(db: Db): Promise<boolean> {
  const { role, node_id } = await db.selectFrom('self').select(['role', 'node_id']).executeTakeFirstOrThrow()
  if (role === 'head-office') return true
  if (role === 'terminal' || node_id !== 0) throw new DatabaseRefused(IS_A_TERMINAL)
  return false
}

const IS_A_TERMINAL =
  'This is the database of a terminal, which belongs to a head office already: it cannot become one itself. Start it without --head-office.'
