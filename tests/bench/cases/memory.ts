import { type Child, start } from '../child.ts'
import { bytesOf, load } from '../load.ts'
import { report } from '../report.ts'

/** Requests of the whole load, and of each part of it after which memory is looked at. */
const REQUESTS = 60_000
const PART = 5_000

/** P11: memory after a long mixed load on the large file, beside bare Express after the same number of reads. */
export async function memory(file: string, orders: number): Promise<void> {
  const fixpoint = await start('fixpoint', file)
  const [begun] = await memoryAfter(fixpoint, [bytesOf(fixpoint.port, { path: '/health' })], 1)
  const parts = await memoryAfter(fixpoint, mixed(fixpoint, orders), REQUESTS)
  await fixpoint.stop()
  const express = await start('floor-express', file)
  const reads = Array.from({ length: 500 }, (_, n) => bytesOf(express.port, { path: `/v1/orders/${1 + n}` }))
  const floor = (await memoryAfter(express, reads, REQUESTS)).at(-1)!
  await express.stop()
  const [last, most] = [parts.at(-1)!, Math.max(...parts)]
  const half = parts[Math.floor(parts.length / 2)]!
  report({
    name: 'P11',
    what: `memory after ${REQUESTS.toLocaleString('en')} mixed requests`,
    goal: '≤ 180 MB',
    result: `${mb(last)} MB, at most ${mb(most)} (${mb(begun!)} at first, ${mb(half)} half-way; bare Express ${mb(floor)})`,
    reached: last <= 180e6,
  })
}

const mb = (bytes: number) => Math.round(bytes / 1e6)

/** What a busy day asks, most of it reads. */
function mixed({ port, ready: { token } }: Child, orders: number): Buffer[] {
  const get = (path: string) => bytesOf(port, { path, token })
  const body = { device_id: 1, customer_id: 1, cost: '250.00', note: 'Screen replacement needed' }
  return Array.from({ length: 200 }, (_, n) => {
    const id = 1 + ((n * 7_919) % orders)
    return [
      get(`/v1/orders/${id}`),
      get(`/counter/tickets/${id}`),
      get('/counter/today'),
      get('/counter/repairs?limit=50'),
      get(`/counter/search?q=${encodeURIComponent(['anna', 'müller', '1234', 'cracked screen'][n % 4]!)}`),
      bytesOf(port, { method: 'POST', path: '/v1/orders', token, body }),
      get(`/v1/orders?status=Pending&limit=20`),
      get('/counter/board'),
    ]
  }).flat()
}

/** Bytes of memory after each part of the load. */
async function memoryAfter(child: Child, asks: readonly Buffer[], count: number): Promise<number[]> {
  const taken: number[] = []
  for (let done = 0; done < count; done += PART) {
    const { failures } = await load(child.port, asks, { connections: 4, count: Math.min(PART, count - done) })
    if (failures > 0) throw new Error(`${failures} requests were refused`)
    taken.push(await child.memory())
  }
  return taken
}
