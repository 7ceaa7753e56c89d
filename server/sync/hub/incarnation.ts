import { randomUUID } from 'node:crypto'
import type { Database } from '../../../db/database.ts'
import type { Db } from '../../../db/handle.ts'
import { insertLocal } from '../../../db/local.ts'
import { clusterOf } from '../../../db/self.ts'
import { BY } from './publish-all.ts'

/**
 * Which life of head office's database this is: an id in it, and on PostgreSQL the cluster and its timeline. Where it is another
 * one than before, nodes compare what was acknowledged.
 */
export async function incarnationOf(database: Pick<Database, 'db' | 'write'>): Promise<string> {
  const kept = (await keptIn(database.db)) ?? (await makeIncarnation(database))
  return `${kept}${await clusterOf(database.db)}`
}

const keptIn = async (db: Db): Promise<string | undefined> =>
  (await db.selectFrom('head_office').select('incarnation').where('id', '=', 1).executeTakeFirst())?.incarnation

/** Made by who asks first, where nobody did when this database became head office. */
const makeIncarnation = ({ write }: Pick<Database, 'write'>): Promise<string> =>
  write(BY, async (trx) => {
    const made = await keptIn(trx)
    if (made !== undefined) return made
    const incarnation = randomUUID()
    await insertLocal(trx, 'head_office', { id: 1, incarnation, address: null, sign_key: null })
    return incarnation
  })
