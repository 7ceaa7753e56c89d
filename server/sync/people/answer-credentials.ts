import type { Db, Trx } from '../../../db/handle.ts'
import type { Context } from '../../context.ts'
import { CODE_LIFETIME_MS, keepCode } from '../../shop/people/activation-codes.ts'
import { accounts } from '../../shop/people/passwords/password-proof.ts'
import { worksHere } from '../../shop/people/reach.ts'
import { currentHash, keepPassword } from '../../shop/people/users.ts'
import type { NodeKeys } from '../node-keys.ts'
import { type AskingNode, sealKeyOf } from './answer-sign-in.ts'
import { openHash, sealHash } from './sealed-hash.ts'
import type { Credentials, CredentialsReply, SealedHash } from './wire.ts'

/** Head office's side of passwords on their way: takes those that were set at a shop, and gives those that were set elsewhere. */

const BY = { actor: null, device: null, act: 'sync credentials' }

/**
 * Takes hashes and codes of a machine, and gives those that it wants. A stolen one learns and changes nothing beyond its store:
 * what it gives is taken of who works at its store alone and of its customers, and of the password that the row speaks of; what it
 * is given is of who works at its store alone. Who works at all stores proves their password there once.
 */
export async function answerCredentials(
  { database, keys }: Pick<Context, 'database'> & { keys: Pick<NodeKeys, 'seal'> },
  node: AskingNode,
  { give, codes, want }: Credentials,
): Promise<CredentialsReply> {
  const opened = await Promise.all(give.map(({ user_id, sealed }) => openHash(keys.seal, sealed, user_id)))
  const hashes = opened.filter((hash) => hash !== null)
  const taken: number[] = []
  const kept: string[] = []
  if (hashes.length > 0 || codes.length > 0)
    await database.write(BY, async (trx) => {
      for (const hash of hashes) if (await takeHash(trx, node, hash)) taken.push(hash.user_id)
      for (const code of codes) if (await takeCode(trx, node, code)) kept.push(code.code_hash)
    })
  return { taken, codes: kept, given: await given(database.db, node, want) }
}

const person = async (db: Db, user_id: number) =>
  await accounts(db).select(['user.works_at', 'user.store_id']).where('user.id', '=', user_id).executeTakeFirst()

type Person = NonNullable<Awaited<ReturnType<typeof person>>>

/** Whom a store may give a password, as `authority.ts` says it of the op about it. */
const isOfStore = (of: Person, { store_id }: AskingNode) =>
  worksHere(of) ? of.works_at === store_id : of.store_id === store_id

/** Whether the hash is here by now. One that is here already stays: whoever sends another of the same version made it up. */
async function takeHash(trx: Trx, node: AskingNode, { user_id, version, password_hash }: SealedHash): Promise<boolean> {
  const of = await person(trx, user_id)
  // The op that speaks of it has not come, was refused, or lost against another password.
  if (!of || version === null || of.password_version !== version || !isOfStore(of, node)) return false
  if (currentHash(of) === null) await keepPassword(trx, user_id, { password_hash, version })
  return true
}

async function takeCode(trx: Trx, node: AskingNode, code: Credentials['codes'][number]): Promise<boolean> {
  const of = await person(trx, code.user_id)
  if (!of || worksHere(of) || !isOfStore(of, node)) return false
  if (code.expires_at > trx.act.now + CODE_LIFETIME_MS) return false
  await keepCode(trx, code)
  return true
}

async function given(db: Db, node: AskingNode, want: readonly number[]) {
  const hashes: CredentialsReply['given'] = []
  const seal_key = want.length === 0 ? null : await sealKeyOf(db, node)
  if (seal_key === null) return hashes
  for (const user_id of new Set(want)) {
    const of = await person(db, user_id)
    if (!of || !worksHere(of) || !of.is_active || of.works_at !== node.store_id) continue
    const password_hash = currentHash(of)
    if (password_hash === null) continue
    hashes.push({ user_id, sealed: await sealHash(seal_key, { user_id, version: of.version, password_hash }) })
  }
  return hashes
}
