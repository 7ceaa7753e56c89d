import { createHmac } from 'node:crypto'
import type { Request } from 'express'
import type { ExpressionBuilder } from 'kysely'
import type { Database } from '../../db/database.ts'
import { stopsSaving } from '../../db/errors.ts'
import type { Trx } from '../../db/handle.ts'
import { deleteLocal, insertLocal, updateLocal } from '../../db/local.ts'
import type { Schema } from '../../db/schema/schema.ts'
import type { Endpoint, HandlerRequest } from './endpoint.ts'
import { badRequest, conflict, invalid, ruleFault } from './errors.ts'
import type { StoredResponse } from './stored-response.ts'
import { seal, unseal } from './auth/sealed.ts'
import type { Session } from './auth/session.ts'
import type { Tokens } from './auth/tokens.ts'

/**
 * `Idempotency-Key` on signed-in POSTs, never where the endpoint says `keyed: false`: the same key with the same body is answered with
 * the same bytes again for 24 hours, with another body 422. Only successes are kept, in the transaction of the effect, and
 * sealed with this machine's secret: a body may hold a password or passcode, an answer a one-time code.
 */
type KeyedRequest = { user_id: number; method: string; path: string; key: string }
/** With what it asks, as it was asked: ids of before this machine joined head office are those of then. */
export type Keyed = KeyedRequest & { fingerprint: string }
type Keys = Pick<Tokens, 'derive'>

/** How long an answer is given again, in ms. */
export const RETENTION_MS = 24 * 3_600_000
/** An `act` that has not finished after this long has died; its key is free again. */
const ACT_TIMEOUT_MS = 120_000

/** The key of a request; null where it has none or none applies, and where a document bears it (`writtenKey`). */
export function keyOf(endpoint: Endpoint, req: Request, session: Session | null): KeyedRequest | null {
  if (endpoint.method !== 'POST' || !session || endpoint.keyed === false || endpoint.keyed === 'by-document')
    return null
  const key = writtenKey(req.headers)
  if (key === null) return null
  const path = (req.baseUrl + req.path).replace(/\/+$/, '')
  return { user_id: session.caller.id, method: req.method, path, key }
}

/** The key that stands at the head of a request; null where none does. @throws 400 for what is no key */
export function writtenKey(headers: HandlerRequest['headers']): string | null {
  const key = headers['idempotency-key']
  if (key === undefined) return null
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key))
    throw badRequest('idempotency-key-invalid', 'Idempotency-Key must be 1 to 255 visible ASCII characters')
  return key
}

/** What makes two requests the same: their parsed fields, so that spelling and order do not matter. */
export function fingerprintOf(
  tokens: Keys,
  { params, query, body }: Pick<HandlerRequest, 'params' | 'query' | 'body'>,
): string {
  const fields = JSON.stringify([params, query, body], sortFields)
  return createHmac('sha256', tokens.derive('idempotency')).update(fields).digest('base64url')
}

/** Fields in the order of their names; a file counts by its hash, which is its JSON. */
function sortFields(_key: string, value: unknown): unknown {
  if (!value || typeof value !== 'object' || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** What an `act` made whose answer was lost, by the id that it left. */
type LeftUnder = { left: number }

/**
 * The answer kept under the key, or what was left there where it was lost; null when this is the first time.
 * @throws 422 when the key came with another body, 409 while the first request is still at work, or where nothing was left
 */
export async function storedResponse(trx: Trx, tokens: Keys, keyed: Keyed): Promise<StoredResponse | LeftUnder | null> {
  const record = await trx
    .selectFrom('idempotency_key')
    .select(['fingerprint', 'status', 'headers', 'body', 'created_at'])
    .where('user_id', '=', keyed.user_id)
    .where('method', '=', keyed.method)
    .where('path', '=', keyed.path)
    .where('key', '=', keyed.key)
    .executeTakeFirst()
  const { now, clock } = trx.act
  if (!record || record.created_at < clock.reading.expiry - RETENTION_MS) return null
  // One from the future was left there by a wrong clock, and nobody is at work on it.
  const mayBeAtWork = Math.abs(now - record.created_at) <= ACT_TIMEOUT_MS
  if (record.status === null && !mayBeAtWork) return null
  if (record.fingerprint !== keyed.fingerprint) throw invalid([OTHER_BODY])
  if (record.status === null || (record.status === SPENT_STATUS && mayBeAtWork))
    throw conflict('request-in-progress', 'A request with this Idempotency-Key is still at work')
  if (record.status === SPENT_STATUS || record.status === CUT_OFF_STATUS) {
    if (record.body === null) throw answerLost()
    return { left: Number(record.body) }
  }
  return {
    status: record.status!,
    headers: JSON.parse(record.headers!),
    body: record.body && unseal(record.body, tokens.derive('idempotency'), keyed.fingerprint),
  }
}

/** The status of a key under which an `act` has written something and whose answer is not there: it is at work, or was cut off. */
const SPENT_STATUS = 0
/** The status of one that was cut off for sure: the server that was at work on it has begun anew. */
const CUT_OFF_STATUS = -1

/** The refusal of a request that was done, and that nothing can answer any more. */
export const answerLost = () =>
  conflict(
    'answer-lost',
    'A request with this Idempotency-Key was done, but its answer was lost. Look what became of it before you send another',
  )

/** The fault of a key that came with another request before. */
export const OTHER_BODY = ruleFault(
  ['header', 'Idempotency-Key'],
  'idempotency-key-reused',
  'this key was used for another request',
)

/** Keeps the answer, in the transaction of its effect. */
export async function storeResponse(
  trx: Trx,
  tokens: Keys,
  { fingerprint, ...key }: Keyed,
  { status, headers, body }: StoredResponse,
): Promise<void> {
  if (status < 200 || status > 299) return
  await deleteLocal(trx, 'idempotency_key', key)
  const sealed = body === null ? null : seal(body.toString(), tokens.derive('idempotency'), fingerprint)
  const record = { status, headers: JSON.stringify(headers), body: sealed }
  await insertLocal(trx, 'idempotency_key', { ...key, fingerprint, ...record, created_at: trx.act.now })
}

/**
 * Takes the key for an `act` before it begins; returns the answer when there is one already, or what was left of it. Who is given
 * that is at work on it: the same request beside it waits.
 */
export async function acquireKey(trx: Trx, tokens: Keys, keyed: Keyed): Promise<StoredResponse | LeftUnder | null> {
  const stored = await storedResponse(trx, tokens, keyed)
  const { fingerprint, ...key } = keyed
  if (stored && 'left' in stored)
    await updateLocal(trx, 'idempotency_key', key, { status: SPENT_STATUS, created_at: trx.act.now })
  if (stored) return stored
  await deleteLocal(trx, 'idempotency_key', key)
  await insertLocal(trx, 'idempotency_key', {
    ...key,
    fingerprint,
    status: null,
    headers: null,
    body: null,
    created_at: trx.act.now,
  })
  return null
}

/** Notes in the transaction of an effect that the key is used up, whatever becomes of the answer, and what was made. */
export async function spendKey(trx: Trx, { fingerprint: _, ...key }: Keyed, left: number | null): Promise<void> {
  await updateLocal(trx, 'idempotency_key', key, { status: SPENT_STATUS, body: left === null ? null : String(left) })
}

/** Gives the key back with an effect that was undone. */
export async function releaseKey(trx: Trx, { fingerprint: _, ...key }: Keyed): Promise<void> {
  await deleteLocal(trx, 'idempotency_key', key)
}

/**
 * Ends the work under keys that was cut off with the server before, when it begins: what had written nothing may begin again,
 * and what had is answered by what it left. Only where no other server may be at work on the same database.
 */
export async function endCutOff({ db, write }: Pick<Database, 'db' | 'write'>): Promise<void> {
  if (db.engine !== 'sqlite') return
  const atWork = db.selectFrom('idempotency_key').select('key').where(isAtWork).limit(1)
  if (!(await atWork.executeTakeFirst())) return
  try {
    await write({ actor: null, device: null, act: 'end what was cut off' }, async (trx) => {
      await deleteLocal(trx, 'idempotency_key', { status: null })
      await updateLocal(trx, 'idempotency_key', { status: SPENT_STATUS }, { status: CUT_OFF_STATUS })
    })
  } catch (error) {
    // Reads go on where nothing can be saved, and no key is taken there.
    if (!stopsSaving(error)) throw error
  }
}

const isAtWork = ({ or, eb }: ExpressionBuilder<Schema, 'idempotency_key'>) =>
  or([eb('status', 'is', null), eb('status', '=', SPENT_STATUS)])

/** Gives the key back after an `act` failed that has written nothing, or that was to answer by what was `left`: it is left again. */
export async function releaseUnspentKey(
  trx: Trx,
  { fingerprint: _, ...key }: Keyed,
  left: number | null,
): Promise<void> {
  await deleteLocal(trx, 'idempotency_key', { ...key, status: null })
  if (left !== null)
    await updateLocal(trx, 'idempotency_key', { ...key, status: SPENT_STATUS }, { status: CUT_OFF_STATUS })
}
