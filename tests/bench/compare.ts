import type { Child } from './child.ts'
import { load, median, type Load } from './load.ts'

/** One server in a comparison: what it is asked. */
export type Candidate = { name: string; child: Child; asks: readonly Buffer[] }

/** Medians over the rounds: requests a second, and CPU of the server per request in µs. */
export type Outcome = { name: string; perSecond: number; cpu: number; p99: number }

/**
 * Lets the contenders run in turn, round after round, so that whatever else the machine does hits all of them, and takes
 * medians. The first round warms up and does not count.
 * @throws when a request is refused: a refusal is quicker than an answer
 */
export async function compare(
  contenders: readonly Candidate[],
  { rounds = 7, count = 4_000, connections = 4 } = {},
): Promise<Outcome[]> {
  const taken = contenders.map(() => ({ perSecond: [] as number[], cpu: [] as number[], p99: [] as number[] }))
  for (let round = 0; round <= rounds; round++)
    for (const [index, { name, child, asks }] of contenders.entries()) {
      const before = await child.cpu()
      const result: Load = await load(child.port, asks, { connections, count })
      if (result.failures > 0) throw new Error(`${name} refused ${result.failures} of ${result.requests} requests`)
      if (round === 0) continue
      taken[index]!.perSecond.push(result.perSecond)
      taken[index]!.cpu.push(((await child.cpu()) - before) / result.requests)
      taken[index]!.p99.push(result.p99)
    }
  return contenders.map(({ name }, index) => ({
    name,
    perSecond: median(taken[index]!.perSecond),
    cpu: median(taken[index]!.cpu),
    p99: median(taken[index]!.p99),
  }))
}

export const shown = ({ name, perSecond, cpu }: Outcome) =>
  `${name} ${Math.round(perSecond)}/s ${Math.round(cpu)} µs CPU`
