import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { GENESIS } from '../../server/domain/chain.ts'
import { afterLostIds } from '../../server/domain/ids.ts'
import { restoredTerminal } from '../../server/domain/numbers.ts'
import { forgetBackupAge } from '../clock.ts'
import { type Db, QUERY, type Trx } from '../handle.ts'
import { deleteLocal, updateLocal, upsertLocal } from '../local.ts'
import { counterStep } from '../row-sums.ts'
import { patch } from '../rows.ts'
import { MINTED_LOCAL_TABLES, SYNCED_TABLES } from '../schema/schema.ts'

/**
 * What a database needs that was put back to an earlier day: what was minted since is on paper and in other places, and is
 * never minted again.
 */

/** Where the chain before a restore ended, as the entry of the kind `restore` says it. */
export type EndedChain = { origin: number; epoch: number; seq: number; chain: string }

/**
 * What the `restore` entry says: the chain that ended, and the backup (ms; null for one made by another tool). In a fleet `lost` says
 * of each table how far its ids had come in the backup and from where they go on: rows in between may come back from the others.
 */
export type Restored = {
  ended: EndedChain
  backup_at: number | null
  lost?: Record<string, [number, number]>
  /** Where nobody restored anything: head office has found that the data were set back. */
  why?: 'set-back'
}

/**
 * Begins a new epoch of this node, which must be its first write of the transaction: the journal goes on in a chain of its
 * own whose first entry names the end of the former one, ids leap, and the number series begin anew under another name of
 * the terminal. What let somebody in before ends (sessions, refresh tokens, activation codes, codes of machines that were to
 * join): since then it may have been taken back. What keeps a thing from being done twice stays (Idempotency-Keys, throttled guesses).
 */
export async function beginEpoch(
  trx: Trx,
  { epoch, backup_at, why }: { epoch: number; backup_at: number | null; why?: Restored['why'] },
) {
  const { node } = trx.act
  if (epoch <= node.epoch || trx.act.ops.length > 0)
    throw new Error('A new epoch comes first, and after the former one')
  forgetBackupAge(trx)
  const { now } = trx.act
  const ended: EndedChain = { origin: node.id, epoch: node.epoch, seq: node.seq, chain: node.chain }
  const terminal = restoredTerminal(node.terminal, epoch)
  await sql`update self set epoch = ${epoch}, seq = 0, chain = ${GENESIS}`.execute(trx[QUERY])
  Object.assign(node, { epoch, seq: 0, chain: GENESIS, terminal })
  const lost = await skipLostIds(trx, epoch - ended.epoch)
  const restored: Restored = { ended, backup_at, ...(node.role !== 'alone' && { lost }), ...(why && { why }) }
  trx.act.ops.push({ entity: 'journal', row_id: epoch, kind: 'restore', before: null, after: JSON.stringify(restored) })
  await patch(trx, 'node', node.id, { terminal })
  await sql`delete from counter where label is not null`.execute(trx[QUERY])
  await deleteLocal(trx, 'upkeep', { name: LOCKED_COPY })
  await updateLocal(trx, 'session', { ended_at: null }, { ended_at: now })
  for (const table of ['claim_code', 'enrolment_code']) await sql`delete from ${sql.table(table)}`.execute(trx[QUERY])
  // By another name the nodes of a head office know that it may have forgotten what it acknowledged.
  if (node.role === 'head-office') await updateLocal(trx, 'head_office', { id: 1 }, { incarnation: randomUUID() })
}

async function skipLostIds(trx: Trx, epochs: number): Promise<Record<string, [number, number]>> {
  const lost: Record<string, [number, number]> = {}
  const counters = await trx
    .selectFrom('counter')
    .select(['name', 'n'])
    .where('name', 'in', [...SYNCED_TABLES, ...MINTED_LOCAL_TABLES])
    .execute()
  for (const { name, n } of counters) {
    const next = afterLostIds(n, epochs)
    lost[name] = [n, next]
    await sql`update counter set n = ${next}, sum = sum + ${counterStep(next - n)} where name = ${name}`.execute(
      trx[QUERY],
    )
  }
  return lost
}

/** How many entries this node's chains have together, those that a restore ended included. */
export async function journalLength(db: Db): Promise<number> {
  return (await ownChains(db)).reduce((length, { seq }) => length + seq, 0)
}

/** This node's chains and how many entries each has, the present one last: a restore ends one and begins another. */
export async function ownChains(db: Db): Promise<{ id: number; epoch: number; seq: number }[]> {
  const head = await db.selectFrom('self').select(['node_id as id', 'epoch', 'seq']).executeTakeFirstOrThrow()
  const chains = [head]
  for (let ended = await endedBefore(db, head); ended; ended = await endedBefore(db, ended)) chains.unshift(ended)
  return chains
}

async function endedBefore(db: Db, { id, epoch }: { id: number; epoch: number }) {
  const first = await db
    .selectFrom('journal')
    .select(['kind', 'after'])
    .where('origin', '=', id)
    .where('epoch', '=', epoch)
    .where('seq', '=', 1)
    .executeTakeFirst()
  if (first?.kind !== 'restore' || first.after === null) return null
  const { ended } = JSON.parse(first.after) as Restored // As `beginEpoch` wrote it.
  return { id, epoch: ended.epoch, seq: ended.seq }
}

/** In `upkeep`: these data are a copy, and the machine with the other one goes on. A restore ends that. */
const LOCKED_COPY = 'locked copy'

export const lockCopy = (trx: Trx) =>
  upsertLocal(trx, 'upkeep', { name: LOCKED_COPY }, { form: 'locked', after_id: null })

export async function isLockedCopy(db: Db): Promise<boolean> {
  const locked = db.selectFrom('upkeep').select('name').where('name', '=', LOCKED_COPY)
  return (await locked.executeTakeFirst()) !== undefined
}

/** When this machine began anew because its data had been set back, in ms; null where it did not. */
export async function setBackAt(db: Db): Promise<number | null> {
  const { node_id, epoch } = await db.selectFrom('self').select(['node_id', 'epoch']).executeTakeFirstOrThrow()
  const first = db.selectFrom('journal').select(['kind', 'at', 'after']).where('origin', '=', node_id)
  const entry = await first.where('epoch', '=', epoch).where('seq', '=', 1).executeTakeFirst()
  if (entry?.kind !== 'restore' || entry.after === null) return null
  return (JSON.parse(entry.after) as Restored).why === 'set-back' ? entry.at : null
}
