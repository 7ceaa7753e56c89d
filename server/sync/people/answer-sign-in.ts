import { sharesOf } from '../../../db/fleet/feed.ts'
import type { Db, Trx } from '../../../db/handle.ts'
import type { Context } from '../../context.ts'
import { isInReach } from '../../http/auth/permissions.ts'
import type { VersionedHash } from '../../shop/people/passwords/parent.ts'
import { accounts } from '../../shop/people/passwords/password-proof.ts'
import { worksElsewhere, worksHere } from '../../shop/people/reach.ts'
import { withPassword, wrongCredentials } from '../../shop/people/sign-in.ts'
import { currentHash, setPassword } from '../../shop/people/users.ts'
import type { KnownNode } from '../node-tokens.ts'
import { sealHash } from './sealed-hash.ts'
import type { AskSignIn, SignInReply } from './wire.ts'

/** The machine that asks. */
export type AskingNode = Pick<KnownNode, 'id' | 'store_id'>

/** The key to which secrets for a machine are sealed; null where it has said none. */
export async function sealKeyOf(db: Db, { id }: AskingNode): Promise<string | null> {
  const node = await db.selectFrom('node').select('seal_key').where('id', '=', id).executeTakeFirst()
  return node?.seal_key ?? null
}

type Answering = Pick<Context, 'database' | 'passwords' | 'now' | 'run'>

/**
 * Head office says whose password it is, of those who may sign in at the machine that asks: who works within reach of it, and
 * customers of its store. Guesses count against the machine and the account, like those of an address. A new password is set for
 * who works, by themselves.
 * @throws 401, 403 for who is shut out or works elsewhere once the password was right, 429 with Retry-After, 503
 */
export async function answerSignIn(context: Answering, node: AskingNode, asked: AskSignIn): Promise<SignInReply> {
  const login = 'user_id' in asked ? { user_id: asked.user_id } : { either: asked.login }
  const { password, new_password } = asked
  const proving = { login, password, address: addressOf(node) }
  const right = await withPassword(context, proving, (trx, user_id) => expectHere(trx, node, user_id))
  if (!right) throw wrongCredentials()
  const { user_id } = right
  const hash = new_password === undefined ? right.hash : await setOwn(context, node, right, new_password)
  const key = hash && (await sealKeyOf(context.database.db, node))
  return { user_id, sealed: key && hash ? await sealHash(key, { user_id, ...hash }) : null }
}

/** What guesses of a machine count against. */
const addressOf = ({ id }: AskingNode) => `node ${id}`

type Here = { user_id: number; hash: VersionedHash | null }

/** Who may sign in there, and the hash that this machine then keeps: of customers none. */
async function expectHere(trx: Trx, { store_id }: AskingNode, user_id: number): Promise<Here> {
  const person = await accounts(trx)
    .select(['user.works_at', 'user.store_id'])
    .where('user.id', '=', user_id)
    .executeTakeFirstOrThrow()
  if (worksHere(person)) {
    if (!isInReach(person.works_at, { role: 'terminal', store_id })) throw worksElsewhere()
    const { version } = person
    return { user_id, hash: { password_hash: currentHash(person)!, version } } // By which it was right just now.
  }
  const isOfStore = person.store_id === store_id || (await sharesOf(trx, 'user', user_id)).includes(`store:${store_id}`)
  // Nothing tells the machine of one shop about the customers of another.
  if (!isOfStore) throw wrongCredentials()
  return { user_id, hash: null }
}

/** Sets a person's own password, unless it is another one by now, or they are a customer. */
async function setOwn(
  { database, passwords }: Answering,
  node: AskingNode,
  { user_id, hash: former }: Here,
  new_password: string,
): Promise<VersionedHash> {
  const password_hash = await passwords.hash(new_password, addressOf(node))
  const by = { actor: user_id, device: null, act: 'sync sign-in' }
  return await database.write(by, async (trx) => {
    const account = await accounts(trx).where('user.id', '=', user_id).executeTakeFirst()
    if (!former || !account?.is_active || currentHash(account) !== former.password_hash) throw wrongCredentials()
    const version = await setPassword(trx, user_id, password_hash)
    return { password_hash, version }
  })
}
