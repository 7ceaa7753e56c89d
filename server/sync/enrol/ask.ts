import { MIGRATION_COUNT } from '../../../db/row-states.ts'
import { readAddress } from '../agent/address.ts'
import { LineError } from '../agent/errors.ts'
import { openConnections, post } from '../agent/post.ts'
import type { NodeKeys } from '../node-keys.ts'
import { ENROLLED, type Enrolled, REFUSED } from '../wire.ts'

/** A machine asks head office to be let in. */

export type Asked = {
  address: URL
  code: string
  /** How it is to be called; null for what the code says. */
  name: string | null
  keys: NodeKeys
  version: string
  /** The currency of the shop that the machine comes with; a machine that is empty brings none. */
  currency?: string
  signal: AbortSignal
}

/** Head office says no, in a code of the wire. */
export class NotLetIn extends Error {
  readonly reason: string
  constructor(reason: string, detail: string) {
    super(detail)
    this.reason = reason
  }
}

const LIMITS = { wholeMs: 30_000, silenceMs: 30_000 }
const MOST_BYTES = 64 * 1024

/**
 * Asks with a code. Asked again with the same code, as after a reply that was lost, it is let in as the same node.
 * @throws NotLetIn, LineError
 */
export async function askToJoin({ address, code, name, keys, version, currency, signal }: Asked): Promise<Enrolled> {
  const connections = openConnections()
  const brings = currency === undefined ? {} : { brings: { currency } }
  const said = {
    code,
    ...(name !== null && { name }),
    keys: keys.publicKeys,
    schema: MIGRATION_COUNT,
    version,
    ...brings,
  }
  const url = new URL(`${address.pathname.replace(/\/$/, '')}/sync/v1/enroll`, address)
  try {
    const reply = await post(connections, {
      url, body: said, token: null, signal, limits: LIMITS, mostBytes: MOST_BYTES, onBytes: () => {},
    }) // oxfmt-ignore
    const enrolled = ENROLLED.safeParse(reply.body)
    if ((reply.status === 200 || reply.status === 201) && enrolled.success) return enrolled.data
    const refused = REFUSED.safeParse(reply.body)
    if (refused.success && reply.status < 500) throw new NotLetIn(refused.data.error, refused.data.detail)
    if (reply.status === 404) throw new LineError('no-head-office', 'What answers there is no head office')
    throw new LineError(reply.status >= 500 ? 'away' : 'broken', `Head office answers ${reply.status}`)
  } finally {
    connections.close()
  }
}

/** What somebody typed, or a QR code said: an address, and the code behind it where both were read at once. */
export function readInvitation(written: string): { address: URL; code: string | null } {
  const [address = '', code = null] = written.trim().split('#')
  return { address: readAddress(/^[a-z]+:\/\//i.test(address) ? address : `https://${address}`), code }
}
