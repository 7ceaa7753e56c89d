import { type Db, inStore, type Trx } from '../../../db/handle.ts'
import { nextNodeId } from '../../../db/fleet/node-ids.ts'
import { insertMany, patch } from '../../../db/rows.ts'
import type { EnrolmentCodeTable } from '../../../db/schema/fleet-tables.ts'
import type { Context } from '../../context.ts'
import type { ClockReading } from '../../domain/time/clock-judgement.ts'
import { tooManyAttempts } from '../../http/errors.ts'
import { findCode, isInTime, spendCode } from '../../shop/fleet/codes.ts'
import { findNode, refuseTakenTerminal } from '../../shop/fleet/nodes.ts'
import { throttleAttempts } from '../../shop/people/sign-in-throttle.ts'
import { MIGRATION_COUNT } from '../../../db/row-states.ts'
import { incarnationOf } from '../hub/incarnation.ts'
import { publicKeyFrom } from '../node-keys.ts'
import { SyncRefused } from '../refused.ts'
import type { Enrol, Enrolled } from '../wire.ts'

/** Head office lets a machine in that brings a code. */

const BY = { actor: null, device: null, act: 'POST /sync/v1/enroll' }

/** Tries from one address within 15 minutes, and from all together: who has a hundred addresses guesses no code either. */
const LIMITS = { here: 5, anywhere: 100, cleared: 'here', refusal: tooManyAttempts } as const

/**
 * Uses a code up and gives the machine its number, its place and its store. A reply that was lost is given again to the same
 * machine, by its keys, as long as the code is in time and nothing was heard of the new node.
 * @throws SyncRefused 403 for a code that is none, 409 where the keys are another machine's or the program is too old, 422 for keys
 * that are none; 409 where the place is taken, 429 and 503 for too many tries
 */
export async function letIn(
  context: Pick<Context, 'database' | 'now' | 'passwords' | 'keys'>,
  asked: Enrol,
  address: string,
): Promise<Enrolled> {
  const { database, keys } = context
  refuseNoKeys(asked)
  const write = <T>(run: (trx: Trx) => Promise<T>) => database.write(BY, run)
  const guess = {
    account: 'enrolment',
    address,
    limits: LIMITS,
    check: () => goodCode(database.db, database.clock.read(), asked),
    effect: (trx: Trx) => takePlace(trx, asked),
  }
  const place = await throttleAttempts({ ...context, write }, guess)
  if (!place) throw new SyncRefused(403, { error: 'code', detail: 'The code is wrong, used, or has run out' })
  return { ...place, parent_keys: keys.publicKeys, incarnation: await incarnationOf(database) }
}

/** The code that was typed, if it opens anything for whoever typed it. */
async function goodCode(db: Db, clock: ClockReading, { code: typed, keys }: Enrol): Promise<EnrolmentCodeTable | null> {
  const code = await findCode(db, typed)
  if (!code || !isInTime(code, clock)) return null
  return code.node_id === null || (await isUnheard(db, code.node_id, keys)) ? code : null
}

/** Null where another machine was first. */
async function takePlace(trx: Trx, asked: Enrol) {
  const code = await goodCode(trx, trx.act.clock.reading, asked)
  if (!code) return null
  if (asked.schema < MIGRATION_COUNT)
    throw new SyncRefused(409, { error: 'too-old', detail: 'This Fixpoint is older than head office’s: update it' })
  await refuseOtherCurrency(trx, code, asked)
  const place = await rowsOf(trx, code.node_id ?? (await addNode(trx, code, asked)))
  return { ...place, invited_by: code.created_by }
}

/** An organisation has one currency: sums of two would be none. Said before the code is used up. */
async function refuseOtherCurrency(trx: Trx, { store_id }: EnrolmentCodeTable, { brings }: Enrol) {
  const store = trx.selectFrom('store').select('currency').where('id', '=', store_id)
  const { currency } = await store.executeTakeFirstOrThrow()
  if (brings && brings.currency !== currency)
    throw new SyncRefused(409, { error: 'currency', detail: `All stores of head office have ${currency}` })
}

function refuseNoKeys({ keys }: Enrol) {
  try {
    publicKeyFrom(keys.sign, 'Ed25519')
    publicKeyFrom(keys.seal, 'X25519')
  } catch {
    throw new SyncRefused(422, { error: 'keys', detail: 'These are no keys' })
  }
}

/** Whether a node has these keys, and nothing was heard of it yet: it can begin once more. */
async function isUnheard(db: Db, id: number, { sign, seal }: Enrol['keys']): Promise<boolean> {
  const node = await findNode(db, id)
  const isSame = node.sign_key === sign && node.seal_key === seal && node.revoked_at === null
  return isSame && !(await wasHeard(db, id))
}

async function wasHeard(db: Db, id: number): Promise<boolean> {
  const said = await db.selectFrom('node_contact').select('node_id').where('node_id', '=', id).executeTakeFirst()
  const sent = await db.selectFrom('origin_head').select('seq').where('origin', '=', id).limit(1).executeTakeFirst()
  return said !== undefined || sent !== undefined
}

async function addNode(trx: Trx, code: EnrolmentCodeTable, { name, keys }: Pick<Enrol, 'name' | 'keys'>) {
  const { store_id, terminal, replaces } = code
  await refuseTakenTerminal(trx, code)
  await refuseKnownKeys(trx, keys, replaces)
  const id = await nextNodeId(trx)
  const node = { name: name ?? code.name, terminal, sign_key: keys.sign, seal_key: keys.seal }
  await insertMany(inStore(trx, store_id), 'node', [{ ...node, enrolled_at: trx.act.now }], [id])
  if (replaces !== null) {
    const { revoked_at } = await findNode(trx, replaces)
    await patch(trx, 'node', replaces, { revoked_at: revoked_at ?? trx.act.now, heir_id: id })
  }
  await spendCode(trx, code, id)
  return id
}

/** Two machines with one secret, as copies have it, would be one to whoever hears them. */
async function refuseKnownKeys(trx: Trx, { sign, seal }: Enrol['keys'], replaces: number | null) {
  const known = await trx
    .selectFrom('node')
    .select('id')
    .where('revoked_at', 'is', null)
    .where((or) => or.or([or('sign_key', '=', sign), or('seal_key', '=', seal)]))
    .execute()
  if (known.some(({ id }) => id !== replaces))
    throw new SyncRefused(409, {
      error: 'keys-taken',
      detail: 'Another machine of this head office has the same secret',
    })
}

/** The rows of a node and its store, as they are here. */
async function rowsOf(db: Db, id: number) {
  const node = await findNode(db, id)
  const store = await db.selectFrom('store').selectAll().where('id', '=', node.store_id).executeTakeFirstOrThrow()
  return { node, store }
}
