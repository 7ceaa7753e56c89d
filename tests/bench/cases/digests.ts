import { monitorEventLoopDelay } from 'node:perf_hooks'
import { openDatabase } from '../../../db/open.ts'
import { addRow, newSum } from '../../../server/sync/digests/sums.ts'
import { type Read, walkRows } from '../../../server/sync/digests/walk.ts'
import { openSync } from '../../../server/sync/take.ts'
import { report } from '../report.ts'

/** What a server takes to add up all its rows, as it does each hour to compare them with head office's, and for how long it holds others up. */
export async function digests(file: string): Promise<void> {
  const database = await openDatabase({ at: { file }, now: Date.now, onError: (error) => console.error(error) })
  await database.flushSearchIndex()
  const { known } = await openSync(database)
  const scan = database.scan()
  const walk = async (onRow: (row: Read) => void) =>
    await walkRows({ scan, known, withShares: true, signal: new AbortController().signal }, onRow)
  // What memory the program takes for itself is no growth.
  await walk((row) => void row.digest())
  const sum = newSum()
  const before = process.memoryUsage.rss()
  let most = before
  const turns = monitorEventLoopDelay({ resolution: 1 })
  turns.enable()
  const [began, cpu] = [performance.now(), process.cpuUsage()]
  await walk((row) => {
    addRow(sum, row.digest())
    if (sum.rows % 10_000 === 0) most = Math.max(most, process.memoryUsage.rss())
  })
  const took = (performance.now() - began) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  turns.disable()
  scan.close()
  await database.close()
  const seconds = (user + system) / 1e6
  const goal = (10 * sum.rows) / 1_000_000
  report({
    name: 'digests',
    what: `adding up ${sum.rows.toLocaleString('en')} rows`,
    goal: `≤ ${goal.toFixed(1)} s CPU`,
    result: `${seconds.toFixed(1)} s CPU in ${took.toFixed(1)} s`,
    reached: seconds <= goal,
  })
  // Of the longest ones some are other programs of this machine.
  const longest = turns.percentile(99) / 1e6
  report({
    name: 'digests',
    what: '99 of 100 turns meanwhile, and memory',
    goal: '≤ 50 ms, ≤ +30 MB',
    result: `≤ ${longest.toFixed(0)} ms, at most +${((most - before) / 1_000_000).toFixed(0)} MB`,
    reached: longest <= 50 && most - before <= 30_000_000,
  })
}
