import type { Database } from '../../../db/database.ts'
import { countQuarantined } from '../../../db/fleet/waiting.ts'
import { revoked } from '../node-tokens.ts'

/**
 * What a node sends that was shut out. It may be true: what was sold before anybody at its counter heard of it. So it is kept, put
 * aside for a person to judge, but not without end: whoever has stolen a machine does not fill head office's disk.
 */
export type LastWords = {
  /**
   * Takes a body of such a node. What is refused, or was here already, does not count.
   * @throws SyncRefused 403 for a node of which as much is kept as there may be; and as `take`
   */
  taking<T>(node: number, body: unknown, take: () => Promise<T>): Promise<T>
}

export type LastWordsLimits = { transactions: number; bytes: number }

/** Some weeks of a busy counter. Bytes are those that this run of the program kept. */
const LIMITS: LastWordsLimits = { transactions: 20_000, bytes: 64 * 1024 * 1024 }

export function openLastWords({ db }: Pick<Database, 'db'>, limits: LastWordsLimits = LIMITS): LastWords {
  const kept = new Map<number, number>()
  return {
    taking: async (node, body, take) => {
      const bytes = (kept.get(node) ?? 0) + Buffer.byteLength(JSON.stringify(body))
      const before = await countQuarantined(db, node)
      if (bytes > limits.bytes || before >= limits.transactions) throw revoked()
      const reply = await take()
      if ((await countQuarantined(db, node)) > before) kept.set(node, bytes)
      return reply
    },
  }
}
