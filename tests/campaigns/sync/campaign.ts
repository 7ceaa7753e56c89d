import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Figure } from '../../bench/report.ts'
import type { BugName } from './bugs.ts'

/**
 * R10: a fleet in one process, head office and terminals of several stores, lives through a schedule that follows from a seed: what
 * people do at the counters, by the shop's own functions, and all that happens to lines, machines and clocks. In the end nothing may
 * be lost, doubled, left over or different.
 */

/** The seeds of one thread; with `untilFound` it ends with the first one that fails. */
export type Asked = { from: number; to: number; step: number; bug: BugName | null; untilFound: boolean }

export type Lived = {
  seeds: number
  /** How many of them ended with the whole check of every database, and how many put a machine back to an earlier copy. */
  whole: number
  restores: number
  steps: number
  failed: { seed: number; found: string[]; schedule: string | null }[]
}

/** As many threads as the machines that run this have cores. */
const THREADS = 2

export async function syncCampaign({
  seeds,
  seed,
  bug,
}: {
  seeds: number
  seed: number
  bug: BugName | null
}): Promise<Figure[]> {
  const began = performance.now()
  const threads = Math.min(THREADS, seeds)
  const asked = Array.from({ length: threads }, (_, index): Asked => ({
    from: seed + index,
    to: seed + seeds,
    step: threads,
    bug,
    untilFound: bug !== null,
  }))
  const parts = await Promise.all(asked.map(inThread))
  const sum = (of: (part: Lived) => number) => parts.reduce((total, part) => total + of(part), 0)
  const failed = parts.flatMap((part) => part.failed).toSorted((a, b) => a.seed - b.seed)
  for (const one of failed.filter(({ schedule }) => schedule !== null))
    console.log(`FAILED ${one.found.join('\n       ')}\n${one.schedule}`)
  const lived = sum((part) => part.seeds)
  const what = `R10: ${lived} fleets over SQLite in memory, ${sum((part) => part.steps)} steps, ${sum((part) => part.restores)} with a restore, ${sum((part) => part.whole)} checked whole, in ${Math.round((performance.now() - began) / 1000)} s`
  console.log(what)
  const name = 'R10'
  if (bug !== null)
    return [
      {
        name,
        what: `the planted mistake '${bug}' is found`,
        result: failed[0] ? `at seed ${failed[0].seed}` : `not in ${lived} seeds`,
        goal: 'found',
        reached: failed.length > 0,
      },
    ]
  return [
    {
      name,
      what: 'fleets that agree in the end, with nothing lost, doubled or left over',
      result: `${lived - failed.length} of ${seeds}`,
      goal: 'all',
      reached: failed.length === 0,
    },
  ]
}

async function inThread(asked: Asked): Promise<Lived> {
  const worker = new Worker(join(import.meta.dirname, 'seeds-worker.ts'), { workerData: asked })
  const [lived] = (await once(worker, 'message')) as [Lived]
  return lived
}
