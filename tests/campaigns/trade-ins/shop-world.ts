import { setTimeout as pause } from 'node:timers/promises'
import { patch } from '../../../db/rows.ts'
import { addModel, addNamed } from '../../../server/shop/devices/catalogue.ts'
import { addPrice } from '../../../server/shop/trade-ins/prices.ts'
import { addStarterQuestions } from '../../../server/shop/trade-ins/starter-questions.ts'
import { GRADES } from '../../../server/domain/grade.ts'
import { luhnValid } from '../../../server/domain/imei.ts'
import type { Person } from '../../support/person.ts'
import { inspectDatabase, type Opened, serve, type ShopFiles } from '../shop-files.ts'
import { randomFrom } from '../random.ts'

/** A shop that buys phones in, whose server is killed now and then and started again on what it had written. */

/** `buyer` orders on the web what was bought; each life has one of the `customers`. */
export type Crew = Record<'admin' | 'staff' | 'other' | 'evaluator' | 'buyer', Person> & { customers: Person[] }
export type World = Awaited<ReturnType<typeof openWorld>>

/** What became of a request; null where the server was gone before it answered. */
export type Answer = { status: number; body: any; text: string } | null

/** An open request is each life's, and nobody may have more than fifty. */
const LIVES_PER_CUSTOMER = 20
export const STORAGE = '128GB'
export const BRAND = 'Fairphone'
export const MODELS = ['Five', 'Four'] as const

export async function openWorld(files: ShopFiles, size: { lives: number; kills: number; seed: number }) {
  const random = randomFrom(size.seed)
  const crew = await inspectDatabase(files, (opened) => prepare(opened, Math.ceil(size.lives / LIVES_PER_CUSTOMER)))
  let server = await serve(files)
  let kills = 0
  /** Answers that are neither a success nor a refusal. */
  const strange: string[] = []
  const sent = { requests: 0, unanswered: 0 }
  /** What was acknowledged: each must be there in the end. */
  const bought: { pickup_id: number; number: string; unit_id: number }[] = []

  const ask = async (as: Person, method: string, path: string, body?: object): Promise<Answer> => {
    sent.requests++
    const form = body instanceof FormData
    const reply = await fetch(server.url + path, {
      method,
      headers: { authorization: `Bearer ${as.token}`, ...(body && !form && { 'content-type': 'application/json' }) },
      ...(body && { body: form ? body : JSON.stringify(body) }),
    })
      .then(async (answer) => ({ status: answer.status, text: await answer.text() }))
      .catch(() => null)
    // While it stops, or begins again, it says so or nothing.
    if (reply === null || reply.status === 503) {
      sent.unanswered++
      await pause(30)
      return null
    }
    if (reply.status >= 500 || reply.status === 422) strange.push(`${method} ${path}: ${reply.status} ${reply.text}`)
    return { ...reply, body: reply.text.startsWith('{') || reply.text.startsWith('[') ? JSON.parse(reply.text) : null }
  }

  return {
    random,
    crew,
    ask,
    bought,
    known: new Set<number>(),
    strange,
    sent,
    kills: () => kills,
    /** The power goes, and comes back. */
    kill: async () => {
      kills++
      await server.stop('SIGKILL')
      server = await serve(files)
    },
    stop: () => server.stop('SIGTERM'),
  }
}

async function prepare({ database, person }: Opened, customers: number): Promise<Crew> {
  const crew: Crew = {
    admin: await person('admin'),
    staff: await person('staff'),
    other: await person('staff'),
    evaluator: await person('evaluator'),
    buyer: await person('customer', { email: 'buyer@example.com' }),
    customers: [],
  }
  // One after the other: a crowd would be sent away.
  for (let n = 0; n < customers; n++) crew.customers.push(await person('customer', { email: `seller${n}@example.com` }))
  await database.write({ actor: crew.admin.id, device: null, act: 'campaign' }, async (trx) => {
    const brand_id = (await addNamed(trx, 'brand', { name: BRAND })).id
    const device_type_id = (await addNamed(trx, 'device_type', { name: 'Phone' })).id
    for (const model of MODELS) {
      await addModel(trx, { brand_id, device_type_id, name: model })
      for (const [n, condition] of GRADES.entries())
        await addPrice(trx, {
          brand_id,
          model,
          storage: STORAGE,
          condition,
          price_cents: 20_000 - n * 3_500 - (model === 'Four' ? 5_000 : 0),
          valid_from: null,
          valid_until: null,
        })
    }
    await addStarterQuestions(trx)
    await patch(trx, 'store', trx.act.node.store_id, { set_up_at: trx.act.now, time_zone: 'Europe/Berlin' })
  })
  return crew
}

/** An IMEI that holds, another for each number. */
export function imeiOf(n: number): string {
  const body = `3567${String(1_000_000_000 + n * 7_919).slice(0, 10)}`
  for (let check = 0; check < 10; check++) if (luhnValid(`${body}${check}`)) return `${body}${check}`
  throw new Error('Every number has a check digit')
}

/** So many at once, until none is left. */
export async function crowd<T>(all: readonly T[], atOnce: number, run: (one: T) => Promise<void>): Promise<void> {
  const left = [...all]
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await run(next)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
