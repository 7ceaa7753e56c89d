import type { Db, Trx } from '../../../db/handle.ts'
import { updateLocal } from '../../../db/local.ts'
import type { Context } from '../../context.ts'
import { codesToSend, noteSent } from '../../shop/people/activation-codes.ts'
import { accounts } from '../../shop/people/passwords/password-proof.ts'
import { worksHere } from '../../shop/people/reach.ts'
import { currentHash, keepPassword } from '../../shop/people/users.ts'
import type { NodeKeys } from '../node-keys.ts'
import { openHash, sealHash } from './sealed-hash.ts'
import { CREDENTIALS_REPLY, MOST_CREDENTIALS, type Credentials, type SealedHash } from './wire.ts'

/** A terminal's side of passwords on their way: gives head office those that were set here, and asks for those of its people. */

const BY = { actor: null, device: null, act: 'sync credentials' }

/** What head office did not take or give is tried again after so long, in ms; each time twice as long, up to an hour. */
const FIRST_REST = 60_000
const LONGEST_REST = 3_600_000
/** More than anybody rests at a time; beyond, all are tried anew. */
const MOST_RESTING = 10_000

/** What head office could not settle lately: its op may be under way still, or be refused for good. */
export type Resting = Map<string, { until: number; rest: number }>

type Exchange = Pick<Context, 'database' | 'now'> & {
  keys: Pick<NodeKeys, 'seal'>
  /** Sends a body to head office and gives back its reply; throws where none comes. */
  send: (body: Credentials) => Promise<unknown>
  resting: Resting
}

/**
 * Tells head office once of what it lacks and hears what is lacking here; returns whether there may be more. Nothing is sent
 * where there is nothing to tell or to ask. For when all ops have been sent: head office takes a password once it knows of it.
 */
export async function exchangeCredentials(exchange: Exchange): Promise<boolean> {
  const { database, now, keys, send, resting } = exchange
  const { db } = database
  const isDue = (what: string) => (resting.get(what)?.until ?? 0) <= now()
  const parentKey = await sealKeyOfParent(db)
  const own = parentKey === null ? [] : (await hashesToGive(db)).filter(({ user_id }) => isDue(`give ${user_id}`))
  const codes = (await codesToSend(db)).filter(({ code_hash }) => isDue(`code ${code_hash}`))
  const lacking = (await peopleLacking(db)).filter((id) => isDue(`want ${id}`))
  const [giving, sending, want] = [own, codes, lacking].map((all) => all.slice(0, MOST_CREDENTIALS)) as [
    typeof own,
    typeof codes,
    typeof lacking,
  ]
  if (giving.length + sending.length + want.length === 0) return false
  const give = await Promise.all(
    giving.map(async (hash) => ({ user_id: hash.user_id, sealed: await sealHash(parentKey!, hash) })),
  )
  const reply = CREDENTIALS_REPLY.parse(await send({ give, codes: sending, want }))
  const opened = await Promise.all(reply.given.map(({ user_id, sealed }) => openHash(keys.seal, sealed, user_id)))
  const given = opened.filter((hash) => hash !== null && want.includes(hash.user_id)) as SealedHash[]
  await database.write(BY, async (trx) => {
    for (const hash of giving) if (reply.taken.includes(hash.user_id)) await noteTaken(trx, hash)
    for (const { code_hash } of sending) if (reply.codes.includes(code_hash)) await noteSent(trx, code_hash)
    for (const hash of given) await keepGiven(trx, hash)
  })
  if (resting.size > MOST_RESTING) resting.clear()
  const note = (what: string, isSettled: boolean) => {
    const rest = Math.min((resting.get(what)?.rest ?? FIRST_REST / 2) * 2, LONGEST_REST)
    if (isSettled) resting.delete(what)
    else resting.set(what, { until: now() + rest, rest })
  }
  for (const { user_id } of giving) note(`give ${user_id}`, reply.taken.includes(user_id))
  for (const { code_hash } of sending) note(`code ${code_hash}`, reply.codes.includes(code_hash))
  for (const id of want)
    note(
      `want ${id}`,
      given.some(({ user_id }) => user_id === id),
    )
  return own.length > giving.length || codes.length > sending.length || lacking.length > want.length
}

/** Head office's public key, as the row of its node says it; null where that is not here yet. */
async function sealKeyOfParent(db: Db): Promise<string | null> {
  const parents = db
    .selectFrom('node')
    .select('seal_key')
    .where('kind', '=', 'head-office')
    .where('revoked_at', 'is', null)
  return (
    (await parents.where('deleted_at', 'is', null).orderBy('id', 'desc').limit(1).executeTakeFirst())?.seal_key ?? null
  )
}

/** Passwords that were set here and of which head office has no hash. */
async function hashesToGive(db: Db): Promise<SealedHash[]> {
  const rows = await db
    .selectFrom('credential')
    .innerJoin('user', 'user.id', 'credential.user_id')
    .select(['credential.user_id', 'credential.version', 'credential.password_hash'])
    .where('credential.version', 'is not', null)
    .where((row) =>
      row.or([
        row('credential.parent_version', 'is', null),
        row('credential.parent_version', '<>', row.ref('credential.version')),
      ]),
    )
    .whereRef('credential.version', '=', 'user.password_version')
    .where('user.deleted_at', 'is', null)
    .orderBy('credential.user_id')
    .execute()
  return rows.flatMap(({ password_hash, ...row }) => (password_hash === null ? [] : [{ ...row, password_hash }]))
}

/** Who works at this store alone and has a password that is not here. */
async function peopleLacking(db: Db): Promise<number[]> {
  const rows = await accounts(db)
    .innerJoin('self', (join) => join.onTrue())
    .innerJoin('node', 'node.id', 'self.node_id')
    .whereRef('user.works_at', '=', 'node.store_id')
    .where('user.is_active', '=', 1)
    .orderBy('user.id')
    .execute()
  return rows.filter((row) => worksHere(row) && currentHash(row) === null).map(({ id }) => id)
}

const noteTaken = (trx: Trx, { user_id, version }: SealedHash) =>
  updateLocal(trx, 'credential', { user_id, version }, { parent_version: version })

/** What was set here meanwhile is newer than what was asked for. */
async function keepGiven(trx: Trx, { user_id, version, password_hash }: SealedHash) {
  const account = await accounts(trx).where('user.id', '=', user_id).executeTakeFirst()
  if (account && currentHash(account) === null) await keepPassword(trx, user_id, { version, password_hash })
}
