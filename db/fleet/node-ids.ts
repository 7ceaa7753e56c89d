import { run } from '../engines/sql-text.ts'
import { QUERY, type Trx } from '../handle.ts'
import { counterSum } from '../row-sums.ts'

/** The numbers of nodes, which mint the ids of all rows: head office alone gives them out. */

/** Nodes that head office may have let in and forgotten by a restore, at most. */
const NODES_PER_EPOCH = 1_024
const NODES = 2 ** 20

/**
 * The number of the next node. What a restore made head office forget is not given out again: each epoch of its own begins 1,024
 * further on. The numbers of other tables leap much further, beyond all nodes that there may be.
 * @throws RangeError once there are 2^20
 */
export async function nextNodeId(trx: Trx): Promise<number> {
  const { engine, [QUERY]: query, act } = trx
  const [row] = await run<{ last: number | null }>(query, engine, 'select max(id) as last from node', [])
  const id = Math.max((row?.last ?? 0) + 1, (act.node.epoch - 1) * NODES_PER_EPOCH + 1)
  if (id >= NODES) throw new RangeError(`There are ${NODES} nodes at most`)
  await keepCounterAhead(trx, id)
  return id
}

/** The check of counters holds the one of nodes against its rows as any other. */
async function keepCounterAhead({ engine, [QUERY]: query }: Trx, id: number) {
  const [row] = await run<{ n: number }>(query, engine, `select n from counter where name = 'node'`, [])
  const counter = { name: 'node', n: Math.max(id, row?.n ?? 0), label: null }
  const text = `insert into counter (name, n, label, sum) values (?, ?, null, ?)
    on conflict (name) do update set n = excluded.n, sum = excluded.sum`
  await run(query, engine, text, [counter.name, counter.n, counterSum(counter)])
}
