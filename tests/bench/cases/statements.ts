import { connect } from '../../../db/engines/sqlite-connection.ts'
import { openDatabase } from '../../../db/open.ts'
import { findOrder } from '../../../server/shop/repairs/orders.ts'
import { report } from '../report.ts'

const CALLS = 200
const ROUNDS = 400

/**
 * P9: Kysely with its statement cache against the same statement, prepared by hand, in one process and on connections of the
 * same settings: what a larger cache or a mapped file would save is no layer's. The rounds are short and the quickest tenth of
 * them counts: on a busy machine the others measure who else was at work.
 */
export async function p9(file: string, orders: number): Promise<void> {
  const database = await openDatabase({ at: { file }, now: Date.now, onError: () => {} })
  const bare = connect(file)
  const row = await findOrder(database.db, 1, { own: null })
  const asked = Object.keys(row).join(', ')
  const byId = bare.database.prepare(`select ${asked} from repair_order where id = ? and deleted_at is null`)
  const idsOf = (round: number) => Array.from({ length: CALLS }, (_, n) => 1 + (((round * CALLS + n) * 7_919) % orders))
  const kysely = async (ids: number[]) => {
    for (const id of ids) await findOrder(database.db, id, { own: null })
  }
  const raw = async (ids: number[]) => {
    for (const id of ids) byId.get(id)
  }
  const times = { kysely: [] as number[], raw: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    const ids = idsOf(round)
    for (const [name, run] of [
      ['kysely', kysely],
      ['raw', raw],
    ] as const) {
      const began = performance.now()
      await run(ids)
      if (round > ROUNDS / 10) times[name].push(((performance.now() - began) * 1000) / CALLS)
    }
  }
  bare.close()
  await database.close()
  const [ours, floor] = [quickest(times.kysely), quickest(times.raw)]
  report({
    name: 'P9',
    what: 'Kysely against the prepared statement',
    goal: '≤ 1.15×',
    result: `${(ours / floor).toFixed(2)}× (${ours.toFixed(1)} µs, ${floor.toFixed(1)} µs)`,
    reached: ours / floor <= 1.15,
  })
}

const quickest = (times: number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 10)]!
