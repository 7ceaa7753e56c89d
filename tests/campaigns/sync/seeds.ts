import type { Asked, Lived } from './campaign.ts'
import { loadWith } from './planting.ts'
import { type Schedule, scheduleOf } from './schedule.ts'

/** Every so many-th seed ends with the whole check of every database, which costs as much as the rest. */
const WHOLE_EVERY = 16
/** So many failing seeds are shortened and told. */
const MOST_TOLD = 3

/** Lives through the seeds `from`, `from + step`, … below `to`; time stands still by then (`still-time.ts`). */
export async function liveThrough({ from, to, step, bug, untilFound }: Asked): Promise<Lived> {
  const { runSchedule } = await loadWith(bug)
  const lived: Lived = { seeds: 0, whole: 0, steps: 0, restores: 0, failed: [] }
  for (let seed = from; seed < to; seed += step) {
    const schedule = scheduleOf(seed)
    const whole = seed % WHOLE_EVERY === 0
    const found = await runSchedule(schedule, { whole })
    lived.seeds++
    lived.steps += schedule.steps.length
    if (whole) lived.whole++
    if (schedule.steps.some(({ does }) => does === 'put back')) lived.restores++
    if (found.length === 0) continue
    const isTold = lived.failed.length < MOST_TOLD
    const shorter = isTold ? await shortened(schedule, (one) => runSchedule(one, { whole })) : null
    lived.failed.push({ seed, found: found.slice(0, 3), schedule: shorter && told(shorter) })
    if (untilFound) break
  }
  return lived
}

/** Tries of a schedule at most, so that a failure is told soon. */
const MOST_TRIES = 150

/**
 * The shortest schedule found that still fails with a finding of the same kind: steps are left out, half of them at once and then
 * ever fewer, then clocks are set right.
 */
async function shortened(schedule: Schedule, run: (one: Schedule) => Promise<string[]>): Promise<Schedule> {
  let tries = 0
  const wanted = kindOf(await run(schedule))
  const stillFails = async (one: Schedule) => ++tries <= MOST_TRIES && kindOf(await run(one)) === wanted
  let shortest = schedule
  for (let size = Math.ceil(schedule.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < shortest.steps.length;) {
      const less = { ...shortest, steps: shortest.steps.toSpliced(at, size) }
      if (await stillFails(less)) shortest = less
      else at += size
    }
  for (const node of schedule.clocks.keys()) {
    const right = { ...shortest, clocks: shortest.clocks.with(node, 0) }
    if (shortest.clocks[node] !== 0 && (await stillFails(right))) shortest = right
  }
  if (shortest.older !== null && (await stillFails({ ...shortest, older: null })))
    shortest = { ...shortest, older: null }
  return shortest
}

/** Findings that begin alike are one kind, whatever their numbers. */
const kindOf = (found: readonly string[]) => found[0]?.replaceAll(/\d+/g, '#').slice(0, 30)

/** A schedule as it is told, a line for each step. */
const told = ({ seed, clocks, older, steps }: Schedule): string =>
  [
    `seed ${seed}, clocks ${clocks.join(' ')}, older program ${older ?? 'nowhere'}`,
    ...steps.map((step) => `  ${JSON.stringify(step)}`),
  ].join('\n')
