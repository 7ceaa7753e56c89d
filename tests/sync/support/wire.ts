import { randomBytes, sign } from 'node:crypto'
import type { ReceivedEntry } from '../../../db/applied.ts'
import { inStore } from '../../../db/handle.ts'
import { MIGRATION_COUNT } from '../../../db/row-states.ts'
import { insert, patch } from '../../../db/rows.ts'
import { GENESIS } from '../../../server/domain/chain.ts'
import { printPush } from '../../../server/sync/core/op.ts'
import { type NodeKeys, nodeKeysOf } from '../../../server/sync/node-keys.ts'
import { type Hello, signedForToken, type TokenRequest } from '../../../server/sync/wire.ts'
import { becomeRole, type otherNode } from '../../support/other-chain.ts'
import { openShop, type Reply, type Shop, type ShopOptions } from '../../support/shop.ts'

/** Nodes that speak to head office over HTTP, by hand. */

export const secretOfNode = (node: number) => `the secret of node ${node}, of thirty-two characters or more`

const BY = { actor: null, device: null, act: 'test' }
const STORE = {
  currency: 'USD', time_zone: 'UTC', tax_mode: 'included', tax_rate: 0, phone: null, address: null, set_up_at: 0,
} as const // oxfmt-ignore

/** A head office with so many stores of one node each, whose numbers are 1, 2, …. */
export async function openOffice(nodes = 1, options: ShopOptions = {}): Promise<Shop> {
  const office = await openShop(options)
  await becomeRole(office.database, 'head-office')
  for (let n = 1; n <= nodes; n++) await addNode(office, n)
  return office
}

/** Adds a store with one node of its own, which is let in by the keys of its number; returns both. */
async function addNode({ database }: Shop, n: number): Promise<{ node: number; store: number }> {
  return await database.write(BY, async (trx) => {
    const store = await insert(trx, 'store', { ...STORE, code: `S${n + 1}`, name: `Shop ${n}` })
    const { publicKeys } = nodeKeysOf(secretOfNode(n))
    const keys = { sign_key: publicKeys.sign, seal_key: publicKeys.seal, enrolled_at: trx.act.now }
    const node = await insert(inStore(trx, store), 'node', { name: `Terminal ${n}`, terminal: 'T1', ...keys })
    return { node, store }
  })
}

export type Wire = {
  node: number
  keys: NodeKeys
  /** What this node would sign to be let in. */
  signed(changes?: Partial<TokenRequest>): TokenRequest
  /** A token, from head office. */
  token(): Promise<string>
  /** A call as this node, with a token of its own; `headers` and `token` may be others. */
  call(path: string, body: unknown, options?: { headers?: Record<string, string>; token?: string }): Promise<Reply>
}

export function wireTo(office: Shop, node: number, keys = nodeKeysOf(secretOfNode(node)), epoch = 1): Wire {
  let kept: string | undefined
  const signed: Wire['signed'] = (changes) => {
    const asked = { node, epoch, at: office.clock.now(), nonce: randomBytes(16).toString('base64url'), ...changes }
    const signature = sign(null, Buffer.from(signedForToken(asked)), keys.sign).toString('base64url')
    return { signature, ...asked }
  }
  const token = async () => {
    const reply = await office.call('POST', '/sync/v1/token', { body: signed() })
    if (reply.status !== 200) throw new Error(reply.text)
    return reply.body.token as string
  }
  return {
    node,
    keys,
    signed,
    token,
    call: async (path, body, { headers = {}, token: given } = {}) =>
      await office.call('POST', `/sync/v1${path}`, { token: given ?? (kept ??= await token()), body, headers }),
  }
}

const NONE = { seq: 0, mark: '' }
export const NOTHING_HEARD = { org: NONE, store: NONE }

/** What a new node says of itself. */
export const helloOf = (office: Shop, changes: Partial<Hello> = {}): Hello => ({
  epoch: 1,
  seq: 0,
  chain: GENESIS,
  acked: { seq: 0, chain: GENESIS },
  cursors: NOTHING_HEARD,
  schema: MIGRATION_COUNT,
  version: '1.0.0',
  clock: office.clock.now(),
  waiting: { ops: 0, oldest_at: null },
  troubles: 0,
  ...changes,
})

/** Shuts a node out. */
export const shutOut = ({ database }: Shop, node: number) =>
  database.write(BY, (trx) => patch(trx, 'node', node, { revoked_at: trx.act.now }))

type Chain = ReturnType<typeof otherNode>

/** A new customer of the store, which is that of the chain's node unless another is named. */
export const customerOf = (
  chain: Chain,
  n: number,
  store_id = chain.origin + 1,
): Parameters<Chain['says']>[1][number] => ({
  entity: 'user',
  row_id: chain.id(n),
  kind: 'put',
  after: { store_id, full_name: `Customer ${n}`, role: 'customer', is_staff: 0, is_active: 1 },
})

/** The body of a push of these entries, which follow those `before`. */
export const pushOf = (entries: readonly ReceivedEntry[], before: readonly ReceivedEntry[] = []) =>
  JSON.parse(JSON.stringify(printPush(before.at(-1)?.chain ?? GENESIS, entries))) as ReturnType<typeof printPush>
