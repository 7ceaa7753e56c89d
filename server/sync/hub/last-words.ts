import type { Database } from '../../../db/database.ts'
import { countQuarantined } from '../../../db/fleet/waiting.ts'
import { revoked } from '../node-tokens.ts'

/**
 * What a node sends that was shut out. It may be true: what was sold before anybody at its counter heard of it. So it is kept, put
 * aside for a person to judge, but not without end: whoever has stolen a machine does not fill head office's disk.
 */
export type LastWords = {
  /** @throws SyncRefused 403 for a node of which as much is kept as there may be */
  admit(node: number, body: unknown): Promise<void>
}

export type LastWordsLimits = { transactions: number; bytes: number }

/** Some weeks of a busy counter. Bytes are those that this run of the program took. */
const LIMITS: LastWordsLimits = { transactions: 20_000, bytes: 64 * 1024 * 1024 }

export function openLastWords({ db }: Pick<Database, 'db'>, limits: LastWordsLimits = LIMITS): LastWords {
  const taken = new Map<number, number>()
  return {
    admit: async (node, body) => {
      const bytes = (taken.get(node) ?? 0) + Buffer.byteLength(JSON.stringify(body))
      if (bytes > limits.bytes || (await countQuarantined(db, node)) >= limits.transactions) throw revoked()
      taken.set(node, bytes)
    },
  }
}
