import { type Child, start } from '../child.ts'
import { compare, type Outcome, shown } from '../compare.ts'
import { bytesOf, load } from '../load.ts'
import { report } from '../report.ts'

/** FastAPI with SQLAlchemy took 1,815 µs of CPU for P1 where bare Express took 88 (`quality.md`). */
const FASTAPI_OVER_EXPRESS = 1_815 / 88

type Servers = { fixpoint: Child; express: Child; http: Child }

const share = (part: number) => part.toFixed(2)

function compareFloor({ fixpoint, express, http }: Servers, paths: string[]): Promise<Outcome[]> {
  const asks = (child: Child, token?: string) => paths.map((path) => bytesOf(child.port, { path, token }))
  return compare([
    { name: 'fixpoint', child: fixpoint, asks: asks(fixpoint, fixpoint.ready.token) },
    { name: 'express', child: express, asks: asks(express) },
    { name: 'node:http', child: http, asks: asks(http) },
  ])
}

/** P1: one order by its id, signed in. */
export async function p1(servers: Servers, orders: number): Promise<void> {
  const paths = Array.from({ length: 500 }, (_, n) => `/v1/orders/${1 + ((n * 7_919) % orders)}`)
  const [ours, express, http] = (await compareFloor(servers, paths)) as [Outcome, Outcome, Outcome]
  const ratio = ours.perSecond / express.perSecond
  report({
    name: 'P1',
    what: 'GET order by id, of Express + statement',
    goal: '≥ 0.85',
    result: `${share(ratio)} (${[ours, express, http].map(shown).join(', ')})`,
    reached: ratio >= 0.85,
  })
  const times = (express.cpu * FASTAPI_OVER_EXPRESS) / ours.cpu
  report({
    name: 'P1',
    what: 'CPU against FastAPI + SQLAlchemy, scaled by bare Express',
    goal: '≥ 15×',
    result: `${times.toFixed(1)}×`,
    reached: times >= 15,
  })
}

/** P2: 20 orders by status. */
export async function p2(servers: Servers): Promise<void> {
  const paths = ['Pending', 'Repairing', 'Completed', 'Cancelled'].map(
    (status) => `/v1/orders?status=${status}&limit=20`,
  )
  const outcomes = (await compareFloor(servers, paths)) as [Outcome, Outcome, Outcome]
  const ratio = outcomes[0].perSecond / outcomes[1].perSecond
  report({
    name: 'P2',
    what: 'list of 20 orders by status, of Express + statement',
    goal: '≥ 0.80',
    result: `${share(ratio)} (${outcomes.map(shown).join(', ')})`,
    reached: ratio >= 0.8,
  })
}

/** P3: any page at full size against 1,000 rows; the deepest offset. */
export async function p3(
  { fixpoint: big, http }: Pick<Servers, 'fixpoint' | 'http'>,
  smallFile: string,
  orders: number,
): Promise<void> {
  const small = await start('fixpoint', smallFile)
  const lists = [
    '/v1/orders?limit=20',
    '/v1/orders?status=Completed&limit=20',
    '/v1/orders?customer_id=5',
    '/v1/users?limit=20',
    '/v1/devices?limit=20',
    '/counter/repairs?limit=50',
    '/counter/board',
  ]
  for (const path of lists) {
    const [large, little] = (await compare(
      [big, small].map((child, index) => ({
        name: index ? 'small' : 'big',
        child,
        asks: [bytesOf(child.port, { path, token: child.ready.token })],
      })),
      { rounds: 5, count: 400 },
    )) as [Outcome, Outcome]
    const ratio = little.perSecond / large.perSecond
    report({
      name: 'P3',
      what: `${path} at ${orders} orders against 1,000`,
      goal: '≤ 1.15×',
      result: `${share(ratio)}×, in CPU ${share(large.cpu / little.cpu)}×`,
      reached: ratio <= 1.15,
    })
  }
  await small.stop()
  for (const path of [
    `/v1/orders?limit=10&offset=${orders - 10}`,
    `/v1/orders?status=Completed&limit=10&offset=${Math.floor(orders * 0.9)}`,
  ]) {
    const timed = (child: Child) =>
      load(child.port, [bytesOf(child.port, { path, token: child.ready.token })], { connections: 1, count: 15 })
    const [ours, floor] = [await timed(big), await timed(http)]
    report({
      name: 'P3',
      what: `deepest offset ${path}`,
      goal: '≤ 20 ms',
      result: `${ours.p50.toFixed(1)} ms (the statement alone: ${floor.p50.toFixed(1)} ms)`,
      reached: ours.p50 <= 20,
    })
  }
}
