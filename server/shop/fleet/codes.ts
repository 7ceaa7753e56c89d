import type { Db, Trx } from '../../../db/handle.ts'
import { deleteLocal, insertLocal, updateLocal } from '../../../db/local.ts'
import type { EnrolmentCodeTable } from '../../../db/schema/fleet-tables.ts'
import { type ClockReading, latestGrant } from '../../domain/time/clock-judgement.ts'
import { conflict, notFound } from '../../http/errors.ts'
import { hashSecret } from '../../http/auth/tokens.ts'
import { newSetupCode } from '../people/one-time-code.ts'
import { findNode, nodeNotFound, refuseTakenTerminal } from './nodes.ts'
import { removeUnusedStore } from './stores.ts'

/** One-time codes with which a machine joins head office. Only hashes are kept. */

/** How long a code is good, in ms. */
export const CODE_LIFETIME_MS = 24 * 3_600_000

/** What a machine that joins will be; `replaces` is the dead one whose rows become its own. */
export type Place = { store_id: number; terminal: string; name: string; replaces: number | null }

/**
 * A new code for this place, to be shown once.
 * @throws 404 for a machine that is not there, 409 where the name is taken or promised to another code
 */
export async function newCode(trx: Trx, place: Place): Promise<{ code: string; expires_at: number }> {
  if (place.replaces !== null) {
    const dead = await findNode(trx, place.replaces)
    if (dead.store_id !== place.store_id || dead.id === trx.act.node.id) throw nodeNotFound()
    if (dead.heir_id !== null && dead.heir_id !== trx.act.node.id) throw hasHeir()
  }
  await refuseTakenTerminal(trx, place)
  const { now, actor, clock } = trx.act
  const open = await openCodes(trx, clock.reading)
  if (open.some((other) => other.store_id === place.store_id && other.terminal === place.terminal))
    throw conflict('terminal-promised', 'A code for this terminal is out already: withdraw it first')
  const code = newSetupCode()
  const expires_at = now + CODE_LIFETIME_MS
  await insertLocal(trx, 'enrolment_code', {
    code_hash: hashOf(code),
    ...place,
    created_by: actor,
    created_at: now,
    expires_at,
    used_at: null,
    node_id: null,
  })
  return { code, expires_at }
}

const hasHeir = () => conflict('node-has-heir', 'The rows of this machine are another one’s already')

const isGood = ({ used_at, expires_at }: EnrolmentCodeTable, clock: ClockReading) =>
  used_at === null && isInTime({ expires_at }, clock)

/** Whether a code has not run out; one from the future was made by a clock that was wrong. */
export const isInTime = ({ expires_at }: Pick<EnrolmentCodeTable, 'expires_at'>, clock: ClockReading) =>
  expires_at > clock.expiry && expires_at <= latestGrant(clock) + CODE_LIFETIME_MS

/** The codes that are good now, oldest first. */
export async function openCodes(db: Db, clock: ClockReading): Promise<EnrolmentCodeTable[]> {
  const codes = await db.selectFrom('enrolment_code').selectAll().orderBy('created_at').orderBy('code_hash').execute()
  return codes.filter((code) => isGood(code, clock))
}

/**
 * Takes back the code that is out for a terminal; a store that came with it and that no other code is out for goes with it.
 * @throws 404 where none is
 */
export async function withdrawCode(trx: Trx, { store_id, terminal }: Pick<Place, 'store_id' | 'terminal'>) {
  const gone = await deleteLocal(trx, 'enrolment_code', { store_id, terminal, used_at: null })
  if (gone === 0) throw notFound('enrolment-code-not-found', 'No code is out for this terminal')
  const open = await openCodes(trx, trx.act.clock.reading)
  if (!open.some((other) => other.store_id === store_id)) await removeUnusedStore(trx, store_id)
}

/** What is kept of a code that somebody typed, used or not; undefined for one that was never given out. */
export const findCode = (db: Db, code: string): Promise<EnrolmentCodeTable | undefined> =>
  db.selectFrom('enrolment_code').selectAll().where('code_hash', '=', hashOf(code)).executeTakeFirst()

/** Uses a code up for the machine that it let in. */
export const spendCode = (trx: Trx, { code_hash }: Pick<EnrolmentCodeTable, 'code_hash'>, node_id: number) =>
  updateLocal(trx, 'enrolment_code', { code_hash }, { used_at: trx.act.now, node_id })

/** Case and dashes do not matter. */
const hashOf = (code: string) => hashSecret(code.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''))
