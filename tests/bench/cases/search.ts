import type { Child } from '../child.ts'
import { bytesOf, load } from '../load.ts'
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
export async function p6(fixpoint: Child, customers: number, tickets: number): Promise<void> {
  const beginnings = TYPED.flatMap((word) => Array.from(word, (_, length) => word.slice(0, length + 1)))
  const asks = beginnings.map((q) =>
    bytesOf(fixpoint.port, { path: `/counter/search?q=${encodeURIComponent(q)}`, token: fixpoint.ready.token }),
  )
  await load(fixpoint.port, asks, { connections: 1, count: asks.length })
  const { p50, p95, p99, worst, failures } = await load(fixpoint.port, asks, {
    connections: 1,
    count: asks.length * 20,
  })
  if (failures > 0) throw new Error(`${failures} searches were refused`)
  const times = `p50 ${p50.toFixed(2)}, p95 ${p95.toFixed(2)}, p99 ${p99.toFixed(2)}, worst ${worst.toFixed(1)} ms`
  report({
    name: 'P6',
    what: `type-ahead at ${customers} customers and ${tickets} tickets with a text`,
    goal: 'p99 ≤ 5 ms',
    result: times,
    reached: p99 <= 5,
  })
}
