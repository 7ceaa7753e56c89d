import { spawn } from 'node:child_process'
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
  const login = loginOf(fixpoint)
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

/** Logins one after the other, each as long after the one before, in ms, as people come. */
const LOGINS = 7
const LOGIN_EVERY_MS = 3_000

/** P7: how long a login takes beside two programs that use all they can get. */
export async function p7Busy(fixpoint: Child): Promise<void> {
  const login = loginOf(fixpoint)
  const alone = await logins(fixpoint, login)
  const busy = [1, 2].map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))
  try {
    await pause(1_000)
    const beside = await logins(fixpoint, login)
    report({
      name: 'P7',
      what: 'a login beside two busy programs',
      goal: '≤ 1.5 s',
      result: `${(beside.p50 / 1_000).toFixed(2)} s, the longest ${(beside.worst / 1_000).toFixed(2)} s (alone ${(alone.p50 / 1_000).toFixed(2)} s)`,
      reached: beside.p50 <= 1_500,
    })
  } finally {
    for (const program of busy) program.kill('SIGKILL')
  }
}

async function logins({ port }: Child, login: Buffer) {
  const times: number[] = []
  for (let n = 0; n < LOGINS; n++) {
    const { p50, failures } = await load(port, [login], { connections: 1, count: 1 })
    if (failures) throw new Error('A login was refused')
    times.push(p50)
    await pause(LOGIN_EVERY_MS)
  }
  return quantiles(times)
}

const loginOf = ({ port, ready }: Child) =>
  bytesOf(port, {
    method: 'POST',
    path: '/v1/auth/login',
    body: { phone: ready['phone'], password: 'correct horse' },
  })

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
