import { globSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { basename } from 'node:path'
import { quantiles } from '../bench/load.ts'
import type { Figure } from '../bench/report.ts'
import type { Person } from '../support/person.ts'
import { inTurn, offer, openAlbum } from './photo-senders.ts'
import { addRepairs } from './cashiers.ts'
import { verifyFailure, inspectDatabase, type Opened, type ShopFiles, serve } from './shop-files.ts'
import { randomFrom } from './random.ts'

/** Requests that send photos at the same time. */
const SENDERS = 4
/** A telephone: its pages ask one after the other, with pauses. In ms. */
const GLANCE = 10

/** Memory, leftovers and the waiting time of other requests over many uploads: good ones, broken ones and ones that are cut off. */
export async function uploads(files: ShopFiles, { count, seed }: { count: number; seed: number }): Promise<Figure[]> {
  const random = randomFrom(seed)
  const album = await openAlbum(random)
  const { people, order_id } = await inspectDatabase(files, (opened) => prepare(opened, 20 + Math.ceil(count / 20)))
  const sender = inTurn(people)
  const server = await serve(files)
  const memory: number[] = []
  const answers = new Map<string, number>()
  let wrong = 0
  let sent = 0
  const loop = async () => {
    while (sent < count) {
      if (sent++ % Math.ceil(count / 200) === 0) memory.push(residentMb(server.child.pid!))
      const photos = [await album.any(), ...(random.between(1, 10) === 1 ? [await album.any()] : [])]
      const reply = await offer(
        server.url,
        sender(),
        photos,
        random.between(1, 20) === 1 ? random.between(1, 60) : null,
      )
      const expected = photos.every(({ good }) => good) ? 201 : 400
      const heard = reply ? String(reply.status) : 'cut'
      answers.set(heard, (answers.get(heard) ?? 0) + 1)
      if (reply && reply.status !== expected) wrong += 1
    }
  }
  let glances: LookLatencies
  try {
    glances = await glance(`${server.url}/v1/orders/${order_id}`, people[0]!, () =>
      offer(server.url, sender(), [album.twelve()], null),
    )
    await Promise.all(Array.from({ length: SENDERS }, loop))
    await pause(1_000) // Whoever was cut off is still being developed.
    memory.push(residentMb(server.child.pid!))
  } finally {
    await server.stop('SIGTERM')
  }
  const about = [...answers].map(([heard, n]) => `${n} × ${heard}`).join(', ')
  const left = await leftovers(files)
  const verified = await verifyFailure(files)
  const figure = (what: string, result: string, goal: string, reached: boolean): Figure => ({
    name: 'P11',
    what,
    result,
    goal,
    reached,
  })
  return [
    ...memoryFigures(memory, count),
    figure(`wrong answers to ${count} uploads (${about})`, String(wrong), '0', wrong === 0),
    ...Object.entries(left).map(([what, n]) => figure(what, String(n), '0', n === 0)),
    figure('verify', verified ?? 'all is well', 'all is well', verified === null),
    figure(
      `a inspectDatabase at a repair beside ${SENDERS} senders of 12-megapixel photos, p99`,
      `${glances.beside.p99.toFixed(1)} ms (alone ${glances.alone.p99.toFixed(1)} ms; p50 ${glances.beside.p50.toFixed(1)} and ${glances.alone.p50.toFixed(1)} ms)`,
      '≤ 50 ms',
      glances.beside.p99 <= 50,
    ),
  ]
}

async function prepare({ database, person }: Opened, count: number) {
  const owner = await person('customer')
  const by = { actor: owner.id, device: null, act: 'campaign' }
  const [order] = await database.write(by, (trx) => addRepairs(trx, owner.id, [10_000]))
  const people = [owner]
  while (people.length < count) people.push(await person('customer'))
  return { people, order_id: order!.id }
}

type Quantiles = ReturnType<typeof quantiles>
type LookLatencies = { alone: Quantiles; beside: Quantiles }

/** How long short requests take, alone and beside senders of large photos. */
async function glance(at: string, { token }: Person, sendOne: () => Promise<unknown>): Promise<LookLatencies> {
  const looks = async (count: number) => {
    const times: number[] = []
    for (let n = 0; n < count; n++) {
      const asked = performance.now()
      const reply = await fetch(at, { headers: { authorization: `Bearer ${token}` } })
      if (!reply.ok) throw new Error(`The repair was not shown: ${reply.status}`)
      await reply.arrayBuffer()
      times.push(performance.now() - asked)
      await pause(GLANCE)
    }
    return quantiles(times)
  }
  await looks(100)
  const alone = await looks(400)
  let done = false
  const send = async () => {
    while (!done) await sendOne()
  }
  const senders = Array.from({ length: SENDERS }, send)
  const beside = await looks(400)
  done = true
  await Promise.all(senders)
  return { alone, beside }
}

/** Resident memory of a process in MB. */
export function residentMb(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1_024
}

/** Between collections memory rises and falls by tens of MB: the line goes through all but the first tenth. */
function memoryFigures(memory: number[], count: number): Figure[] {
  const warm = memory.slice(Math.floor(memory.length / 10))
  const perThousand = (slope(warm) * memory.length * 1_000) / count
  const mb = (n: number) => `${n.toFixed(0)} MB`
  const course = [warm[0]!, memory[Math.floor(memory.length / 2)]!, memory.at(-1)!].map(mb).join(', ')
  const what = `memory after a tenth, half and all of ${count} uploads: ${course}, most ${mb(Math.max(...memory))}`
  const end = memory.at(-1)!
  return [
    {
      name: 'P11',
      what: `${what}; growth per 1,000`,
      result: `${perThousand.toFixed(1)} MB`,
      goal: '≤ 2 MB',
      reached: perThousand <= 2,
    },
    { name: 'P11', what: 'memory at the end', result: mb(end), goal: '≤ 180 MB', reached: end <= 180 },
  ]
}

/** Of the line through evenly spaced values, per step. */
function slope(values: number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const rise = values.reduce((total, value, at) => total + (at - middle) * (value - mean), 0)
  return rise / values.reduce((total, _, at) => total + (at - middle) ** 2, 0)
}

/** What should not be there once every request is done. */
export async function leftovers(files: ShopFiles) {
  const found = (pattern: string) =>
    globSync(pattern, { cwd: files.folder, withFileTypes: true }).filter((entry) => entry.isFile())
  const rows = await inspectDatabase(files, ({ database }) =>
    database.db.selectFrom('photo').select('sha256').execute(),
  )
  const hashes = new Set(rows.map(({ sha256 }) => sha256))
  const kept = found('photos/??/*').map(({ name }) => basename(name))
  const there = new Set(kept)
  return {
    'files left in incoming': found('incoming/*').length,
    'marks left': found('photos/marks/*').length,
    'photos without a row': kept.filter((name) => !hashes.has(name.slice(0, 64))).length,
    'rows without their photo': rows.filter(
      ({ sha256 }) => !there.has(`${sha256}.jpg`) || !there.has(`${sha256}.thumbnail.jpg`),
    ).length,
  }
}
