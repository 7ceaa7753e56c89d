import type { Child } from '../child.ts'
import { bytesOf, load, type Load } from '../load.ts'
import { report } from '../report.ts'

/** What cashiers type, letter by letter: names, phones, serials, problems, ticket tails, short and mixed words. */
const TYPED = [
  'müller',
  'anna sm',
  '+49 151 100',
  'sn00',
  'cracked screen',
  'battery',
  'w',
  'no',
  'hinge loose',
  'kowalski 1999',
  '000123',
  'apple model 7',
  'a',
  'zzzz',
  'lin p',
]

/** P6, server part: type-ahead over customers, devices and tickets. */
export async function p6(
  { fixpoint, http }: { fixpoint: Child; http: Child },
  customers: number,
  tickets: number,
): Promise<void> {
  const beginnings = TYPED.flatMap((word) => Array.from(word, (_, length) => word.slice(0, length + 1)))
  const timed = async (child: Child) => {
    const asks = beginnings.map((q) =>
      bytesOf(child.port, { path: `/counter/search?q=${encodeURIComponent(q)}`, token: child.ready.token }),
    )
    await load(child.port, asks, { connections: 1, count: asks.length })
    const taken = await load(child.port, asks, { connections: 1, count: asks.length * 20 })
    if (taken.failures > 0) throw new Error(`${taken.failures} searches were refused`)
    return taken
  }
  const ours = await timed(fixpoint)
  const floor = await timed(http)
  const shown = ({ p50, p95, p99 }: Load) => `p50 ${p50.toFixed(2)}, p95 ${p95.toFixed(2)}, p99 ${p99.toFixed(2)} ms`
  report({
    name: 'P6',
    what: `type-ahead at ${customers} customers and ${tickets} tickets with a text`,
    goal: 'p99 ≤ 3 ms, ≤ 1.5× of the statements and JSON.stringify of their rows',
    result: `${shown(ours)} (statements: ${shown(floor)}, ${(ours.p99 / floor.p99).toFixed(2)}×)`,
    reached: ours.p99 <= 3 && ours.p99 <= 1.5 * floor.p99,
  })
}
