import { setTimeout as pause } from 'node:timers/promises'
import type { Child } from '../child.ts'
import { bytesOf, load, quantiles } from '../load.ts'
import { report } from '../report.ts'

/** One read every so many ms, as tills do; a closed loop would measure the two cores instead. */
const EVERY_MS = 4
const READS = 1_000

/** P7: what 8 people signing in without end do to everybody else's reads. */
export async function p7(fixpoint: Child): Promise<void> {
  const read = bytesOf(fixpoint.port, { path: '/v1/orders/1', token: fixpoint.ready.token })
  await paced(fixpoint, read)
  const alone = await paced(fixpoint, read)
  const login = bytesOf(fixpoint.port, {
    method: 'POST',
    path: '/v1/auth/login',
    body: { phone: fixpoint.ready['phone'], password: 'correct horse' },
  })
  let storm = true
  const stormers = Array.from({ length: 8 }, async () => {
    let count = 0
    while (storm) {
      const { failures } = await load(fixpoint.port, [login], { connections: 1, count: 1 })
      if (failures) throw new Error('A login was refused')
      count++
    }
    return count
  })
  await pause(1_000)
  const during = await paced(fixpoint, read)
  storm = false
  const logins = (await Promise.all(stormers)).reduce((a, b) => a + b, 0)
  const [middle, tail] = [during.p50 / alone.p50, during.p99 / alone.p99]
  const times = `p50 ${alone.p50.toFixed(2)} → ${during.p50.toFixed(2)} ms, p99 ${alone.p99.toFixed(2)} → ${during.p99.toFixed(2)} ms, ${logins} logins`
  report({
    name: 'P7',
    what: 'reads during a login storm',
    goal: 'p50 ≤ 1.2×, p99 ≤ 2×',
    result: `${middle.toFixed(2)}×, ${tail.toFixed(2)}× (${times})`,
    reached: middle <= 1.2 && tail <= 2,
  })
}

async function paced({ port }: Child, read: Buffer) {
  const times: number[] = []
  for (let n = 0; n < READS; n++) {
    const { p50, failures } = await load(port, [read], { connections: 1, count: 1 })
    if (failures) throw new Error('A read was refused')
    times.push(p50)
    await pause(EVERY_MS)
  }
  return quantiles(times)
}
