import type { z } from 'zod'
import type { Db, Trx } from '../../../db/handle.ts'
import { insert } from '../../../db/rows.ts'
import { endOfDay, startOfDay } from '../../domain/time/shop-day.ts'
import type { Context } from '../../context.ts'
import { json } from '../../http/body.ts'
import { read, write } from '../../http/endpoint.ts'
import { conflict } from '../../http/errors.ts'
import { staffOrAdmin } from '../../http/auth/permissions.ts'
import { ownShop } from '../../shop/shop-settings.ts'
import { unitsPresent } from '../../shop/stock/ledger.ts'
import { CAME_HERE } from '../../shop/stock/shelf.ts'
import { type Draft, listDrafts } from '../../shop/trade-ins/drafts.ts'
import { workOut } from '../../shop/trade-ins/evaluation.ts'
import { listPickups } from '../../shop/trade-ins/trade-ins.ts'
import { cameBack, offersOvertaken, paidTwiceHere, stockMissing, unitsFoundTwice } from './fleet-tasks.ts'
import { type Finder, type Found, MOST, task } from './task.ts'
import { TASK_ENTITIES, TaskNote, Tasks } from './tasks.contract.ts'
import { deviceName } from '../../domain/text/device-name.ts'

/**
 * What waits for a person. Tasks are asked of the rows each time and stored nowhere; who puts one aside leaves a note of what
 * it was then, and it is there again once it is something else.
 */
export const tasks = [
  read(
    'GET /tasks',
    { who: staffOrAdmin, response: Tasks, summary: 'What waits for a person today, without what was put aside' },
    (context) => openTasks(context),
  ),

  write(
    'POST /tasks/notes',
    {
      who: staffOrAdmin,
      body: json(TaskNote),
      response: Tasks,
      status: 201,
      refusals: { 409: { 'task-changed': 'The task is another by now' } },
      summary: 'Puts a task aside until its facts are others, or takes that back',
    },
    async (context, { body }) => {
      await note(context, body)
      return await openTasks(context)
    },
  ),
]

type Reading = Pick<Context, 'now' | 'database'> & { db: Db }

async function openTasks(context: Reading): Promise<Found[]> {
  const open: Found[] = []
  const now = context.now()
  for (const find of Object.values(await findersOf(context)))
    open.push(...(await firstOpen({ db: context.db, now }, find)))
  return open
}

/** The first ones of a kind that nobody put aside: those that were may fill many a batch before them. */
async function firstOpen({ db, now }: { db: Db; now: number }, find: Finder): Promise<Found[]> {
  const open: Found[] = []
  for await (const batch of batchesOf(find)) {
    const aside = await lastNotes(db, batch, now)
    open.push(...batch.filter(({ kind, about, facts }) => aside.get(keyOf({ kind, ...about })) !== facts))
    if (open.length >= MOST) break
  }
  return open.slice(0, MOST)
}

async function* batchesOf(find: Finder): AsyncGenerator<Found[]> {
  for (let offset = 0; ; offset += MOST) {
    const { found, areMore } = await find(offset)
    yield found
    if (!areMore) return
  }
}

async function findersOf({ db, now, database }: Reading): Promise<Record<Found['kind'], Finder>> {
  const { time_zone } = await ownShop(db)
  const dayOf = (at: number) => ({ from: startOfDay(at, time_zone), to: endOfDay(at, time_zone) })
  return {
    'pick-up': (offset) => pickUps(db, dayOf(now()), offset),
    // By a clock that nobody has confirmed no hold is over.
    'hold-over': (offset) => holdsOver(db, dayOf(database.clock.expiry()), offset),
    'offer-unanswered': (offset) => unansweredOffers(db, offset),
    'answers-unfit': () => unfitAnswers(db, now()),
    'paid-twice': (offset) => paidTwiceHere(db, offset),
    'stock-below-zero': (offset) => stockMissing(db, offset),
    'unit-twice': (offset) => unitsFoundTwice(db, offset),
    'offer-overtaken': (offset) => offersOvertaken(db, offset),
    'came-back': (offset) => cameBack(db, offset),
  }
}

type Day = { from: number; to: number }

/** Devices to be picked up by the end of today; those of earlier days that nobody brought, too. */
async function pickUps(db: Db, { to }: Day, offset: number): ReturnType<Finder> {
  const requests = await listPickups(db, { own: null })
    .where('pickup_request.status', '=', 'requested')
    .where('pickup_request.scheduled_at', '<', to)
    .orderBy('pickup_request.scheduled_at')
    .orderBy('pickup_request.id')
    .limit(MOST)
    .offset(offset)
    .execute()
  const found = requests.map((request) =>
    task('pick-up', request.scheduled_at!, { ...ofRequest(request), facts: String(request.scheduled_at) }),
  )
  return { found, areMore: requests.length === MOST }
}

type Request = Awaited<ReturnType<ReturnType<typeof listPickups>['execute']>>[number]

const ofRequest = (request: Request) => ({
  about: { about_entity: 'pickup_request' as const, about_id: request.id },
  device: deviceName({ brand: request.brand_name, model: request.model_text }),
  device_id: request.device_id,
  customer: request.user_full_name,
})

/** Units that may be sold from today on: they have to be put on the shelf. */
async function holdsOver(db: Db, { from, to }: Day, offset: number): ReturnType<Finder> {
  const units = await db
    .selectFrom('unit')
    .innerJoin('product', 'product.id', 'unit.product_id')
    .innerJoin('brand', 'brand.id', 'product.brand_id')
    .leftJoin('hold_release', 'hold_release.unit_id', 'unit.id')
    .select(['unit.id', 'unit.device_id', 'brand.name as brand', 'product.name as model'])
    .select((q) => q.ref('unit.hold_until').$notNull().as('hold_until'))
    .where('unit.hold_until', '>=', from)
    .where('unit.hold_until', '<', to)
    .whereRef('unit.hold_until', '>', 'unit.created_at')
    .where('unit.deleted_at', 'is', null)
    .where('hold_release.id', 'is', null)
    .where(CAME_HERE)
    .orderBy('unit.id')
    .limit(MOST)
    .offset(offset)
    .execute()
  const here = await unitsPresent(db, units.map(({ id }) => id)) // oxfmt-ignore
  const found = units
    .filter(({ id }) => here.has(id))
    .map(({ id, device_id, hold_until, ...named }) =>
      task('hold-over', hold_until, {
        about: { about_entity: 'unit', about_id: id },
        facts: String(hold_until),
        device: deviceName(named),
        device_id,
      }),
    )
  return { found, areMore: units.length === MOST }
}

/** Offers that nobody has said yes or no to, the oldest first. */
async function unansweredOffers(db: Db, offset: number): ReturnType<Finder> {
  const requests = await listPickups(db, { own: null })
    .where('pickup_request.status', '=', 'offered')
    .orderBy('pickup_request.created_at')
    .orderBy('pickup_request.id')
    .limit(MOST)
    .offset(offset)
    .execute()
  if (requests.length === 0) return { found: [], areMore: false }
  const ids = requests.map(({ id }) => id)
  const offers = await db
    .selectFrom('offer')
    .select(['pickup_id', 'version', 'price_cents', 'valid_until', 'created_at'])
    .where('pickup_id', 'in', ids)
    .orderBy('version')
    .execute()
  const standing = new Map(offers.map((offer) => [offer.pickup_id, offer]))
  const found = requests.map((request) => {
    const offer = standing.get(request.id)
    return task('offer-unanswered', offer?.created_at ?? request.created_at, {
      ...ofRequest(request),
      facts: String(offer?.version ?? 0),
      price_cents: offer?.price_cents ?? null,
      until: offer?.valid_until ?? null,
    })
  })
  return { found, areMore: requests.length === MOST }
}

/** Evaluations whose questions have changed since they were answered. */
async function unfitAnswers(db: Db, now: number): ReturnType<Finder> {
  const found: Found[] = []
  for (const draft of await listDrafts(db)) {
    const { unfit } = (await workOut(db, draft, now)).assessment
    if (unfit.length === 0) continue
    const { brand, model, device_id } = draft.device
    found.push(
      task('answers-unfit', draft.updated_at, {
        about: { about_entity: 'buy_in_draft', about_id: numberOf(draft) },
        // A note holds 200 characters.
        facts: `${unfit.length}: ${unfit.join()}`.slice(0, 200),
        device: deviceName({ brand, model }),
        device_id,
        draft_id: draft.id,
      }),
    )
  }
  return { found, areMore: false }
}

/** A note is about a number, and an evaluation is called by a UUID: its first twelve digits, of which no two are alike. */
const numberOf = ({ id }: Draft) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)

async function hasTask(find: Finder, isIt: (task: Found) => boolean): Promise<boolean> {
  for await (const batch of batchesOf(find)) if (batch.some(isIt)) return true
  return false
}

type Note = z.output<typeof TaskNote>
type Key = Pick<Note, 'kind' | 'about_entity' | 'about_id'>

const keyOf = ({ kind, about_entity, about_id }: Key) => `${kind} ${about_entity} ${about_id}`

/** What was noted last of each of these tasks; nothing where that was taken back. */
async function lastNotes(db: Db, found: readonly Found[], now: number): Promise<Map<string, string>> {
  const ids = found.map(({ about }) => about.about_id)
  if (ids.length === 0) return new Map()
  const notes = await db
    .selectFrom('task_note')
    .select(['kind', 'about_entity', 'about_id', 'facts_seen'])
    .where('about_entity', 'in', TASK_ENTITIES)
    .where('about_id', 'in', ids)
    // What a clock says that was ahead and put back was said before all else.
    .orderBy(({ eb }) => eb('created_at', '>', now), 'desc')
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  // Only `note` writes them.
  return new Map(notes.map(({ facts_seen, ...key }) => [keyOf(key as Key), facts_seen]))
}

/** @throws 409 where there is no such task with these facts */
async function note(
  { trx, ...context }: Reading & { trx: Trx },
  { facts, put_aside, text, ...key }: Note,
): Promise<void> {
  const finders = await findersOf(context)
  const isIt = ({ about, facts: now }: Found) => keyOf({ kind: key.kind, ...about }) === keyOf(key) && now === facts
  if (!(await hasTask(finders[key.kind], isIt))) throw conflict('task-changed', 'This task is another by now')
  await insert(trx, 'task_note', {
    ...key,
    by: trx.act.actor!,
    text: text ?? null,
    facts_seen: put_aside ? facts : '',
  })
}
