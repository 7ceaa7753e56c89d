import { answerDigests } from '../../../server/sync/digests/answer.ts'
import { type Comparing, compareOnce, type SendDigests } from '../../../server/sync/digests/compare.ts'
import { type OfficeCounts, openOfficeCounts } from '../../../server/sync/digests/office-counts.ts'
import { nodeOf } from '../../../server/sync/node-tokens.ts'
import type { Sync } from '../../../server/sync/take.ts'
import { ASKED } from '../../../server/sync/digests/wire.ts'

/** Terminals that compare their rows with head office's, as JSON goes between them. */

const { signal } = new AbortController()

const throwing = (error: unknown) => {
  throw error
}

/** The way of a node to head office, which adds its rows up anew for each of them. */
export function digestsOf(office: Sync, node: number): SendDigests {
  const asked = openOfficeCounts(office, { monotonic: () => performance.now(), signal, onError: throwing })
  // Waits, where a terminal would ask again.
  const counts: OfficeCounts = {
    of: async (store) => {
      for (;;) {
        const sums = await asked.of(store)
        if (!('waitMs' in sums)) return sums
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
  return async (body) => {
    const question = ASKED.parse(JSON.parse(JSON.stringify(body)))
    const known = (await nodeOf(office.database.db, node))!
    return JSON.parse(JSON.stringify(await answerDigests({ sync: office, counts, signal }, known, question)))
  }
}

export const comparingOf = (office: Sync, { sync, node }: { sync: Sync; node: number }): Comparing => ({
  sync,
  send: digestsOf(office, node),
  signal,
})

/** The days of tables that differ between head office and a machine: none where both have the same rows. */
export async function differsAt(office: Sync, member: { sync: Sync; node: number }): Promise<string[]> {
  const { differs } = await compareOnce(comparingOf(office, member))
  return differs.map(({ entity, day, other, lacking, onlyHere }) => `${entity} ${day}: ${other} ${lacking} ${onlyHere}`)
}
