import { sql } from 'kysely'
import type { Database } from '../../db/database.ts'
import { QUERY } from '../../db/handle.ts'
import { insertMany, patch } from '../../db/rows.ts'
import { GENESIS } from '../../server/domain/chain.ts'

const by = { actor: null, device: null, act: 'test' }

/** Makes this machine node 1, terminal T2 of the same shop: all rows that are there are another machine's. */
export async function becomeAnotherNode({ write }: Pick<Database, 'write'>): Promise<void> {
  await write(by, (trx) => insertMany(trx, 'node', [{ name: 'Terminal 2', terminal: 'T2' }], [1]))
  await write(by, async (trx) => {
    await sql`update self set node_id = 1, seq = 0, chain = ${GENESIS}`.execute(trx[QUERY])
  })
}

/** Says that this machine has taken the former one's place. */
export const becomeHeir = ({ write }: Pick<Database, 'write'>) =>
  write(by, (trx) => patch(trx, 'node', 0, { heir_id: 1 }))
