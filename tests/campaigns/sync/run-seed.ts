import { check } from './check.ts'
import { firstDay } from './first-day.ts'
import { closeFleet, type Fleet, openFleet } from './fleet.ts'
import { quiet, take } from './live.ts'
import { type FirstDay, makeFirstDay } from './machines.ts'
import type { Deed, Schedule } from './schedule.ts'

/** In every so many-th seed the terminals are left to themselves in the end, which takes longer. */
const ALONE_EVERY = 4

/** Lives through a schedule; returns what is wrong in the end. */
export async function runSchedule(schedule: Schedule, { whole = false } = {}): Promise<string[]> {
  const fleet = await openFleet(await beginFirstDay(), schedule)
  try {
    for (const step of schedule.steps) await take(fleet, step)
    await quiet(fleet, { alone: schedule.seed % ALONE_EVERY === 0 })
    return [...fleet.midway, ...(await check(fleet, { whole }))]
  } catch (error) {
    return [`thrown: ${(error as Error).stack}`]
  } finally {
    await closeFleet(fleet)
  }
}

/** Makes the first day, unless it is there. */
export const beginFirstDay = () => firstDay(beginDay)

/** What everybody has from the morning on. */
const MORNING: readonly (readonly [node: number, what: Deed])[] = [
  [1, 'intake'], [1, 'intake'], [3, 'intake'], [1, 'sell'], [3, 'sell'], [0, 'elsewhere'], [1, 'pay'], [3, 'pay'], [2, 'pay'],
] // oxfmt-ignore

async function beginDay(): Promise<FirstDay> {
  const first = await makeFirstDay()
  const fleet: Fleet = await openFleet(first, { clocks: [0, 0, 0, 0, 0], older: null })
  for (const [index, [node, what]] of MORNING.entries()) {
    await take(fleet, { does: 'deed', node, what, a: index, b: 1 })
    if (node === 1) await take(fleet, { does: 'talk', node: 1, up: 'good', down: 'good', most: 500 })
    if (node === 1) await take(fleet, { does: 'talk', node: 2, up: 'good', down: 'good', most: 500 })
  }
  await quiet(fleet)
  const wrong = await check(fleet, { whole: true })
  if (wrong.length > 0) throw new Error(`The first day is wrong: ${wrong.join('; ')}`)
  await closeFleet(fleet, 'commit')
  const { words, pieces, cents, minutes } = fleet
  return { ...first, begun: { words, pieces, cents, minutes } }
}
