import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { sum } from '../../domain/money/money.ts'
import { type Period, periodOf, type Span } from '../../domain/time/shop-period.ts'
import { read } from '../../http/endpoint.ts'
import { admin } from '../../http/auth/permissions.ts'
import { refuseElsewhere } from '../../shop/fleet/nodes.ts'
import { ownShop } from '../../shop/shop-settings.ts'
import {
  boughtBetween,
  type MethodTakings,
  owedOf,
  repairsOf,
  stockOf,
  takingsBetween,
  terminalsOf,
  unitsOf,
} from './store-figures.ts'
import { Stores, StoresQuery } from './stores.contract.ts'

/** Stores side by side, at head office: what each has taken and bought, what is to be done there, and how its terminals stand. */
export const stores = [
  read(
    'GET /fleet/stores',
    {
      who: admin,
      query: StoresQuery,
      response: Stores,
      refusals: { 409: { 'no-head-office': 'This is not the head office' } },
      summary:
        'What each store has taken in a day, week or month, and how it stands; for an admin of one store its own',
    },
    async ({ db, now }, { query: { span = 'day', day } }) => {
      await refuseElsewhere(db)
      const { currency, time_zone } = await ownShop(db)
      const at = now()
      const asked = await storesIn(db, { span, day, at })
      const told = await figuresOf(db, asked, at)
      return { span, day: day ?? periodOf(span, day, at, time_zone).day, currency, stores: told, total: totalOf(told) }
    },
  ),
]

type Asked = { id: number; code: string; name: string; period: Period }
type Told = z.output<typeof Stores>['stores'][number]
type Figures = z.output<typeof Stores>['total']

/** Every store with the days that are meant there, by its own clocks; of somebody who works at one store, that one. */
async function storesIn(
  db: Db,
  { span, day, at }: { span: Span; day: string | undefined; at: number },
): Promise<Asked[]> {
  const rows = await db
    .selectFrom('store')
    .select(['id', 'code', 'name', 'time_zone'])
    .where('deleted_at', 'is', null)
    .$if(db.reach !== undefined, (query) => query.where('id', '=', db.reach!))
    .orderBy('id')
    .execute()
  return rows.map(({ time_zone, ...store }) => ({ ...store, period: periodOf(span, day, at, time_zone) }))
}

async function figuresOf(db: Db, asked: readonly Asked[], at: number): Promise<Told[]> {
  const [open, repairing, overdue, ready] = [
    await repairsOf(db, { open: true }, at),
    await repairsOf(db, { status: 'Repairing' }, at),
    await repairsOf(db, { overdue: true }, at),
    await repairsOf(db, { ready: true }, at),
  ]
  const [owed, stock, units, terminals] = [
    await owedOf(db, at),
    await stockOf(db),
    await unitsOf(db),
    await terminalsOf(db),
  ]
  const moved = await movedIn(db, asked)
  return asked.map(({ id, code, name, period: { from, until } }) => {
    const { takings, bought } = moved.get(id)!
    const by = terminals.get(id) ?? { terminals: 0, heard_at: null, waiting: 0, troubles: 0 }
    return {
      id,
      code,
      name,
      from,
      until,
      ...takingsOf(takings),
      bought_cents: bought?.cents ?? 0,
      bought: bought?.n ?? 0,
      open: open.get(id) ?? 0,
      repairing: repairing.get(id) ?? 0,
      overdue: overdue.get(id) ?? 0,
      ready: ready.get(id) ?? 0,
      owed: owed.get(id)?.n ?? 0,
      owed_cents: owed.get(id)?.cents ?? 0,
      pieces: stock.get(id)?.pieces ?? 0,
      stock_cents: stock.get(id)?.cents ?? 0,
      units: units.get(id)?.n ?? 0,
      units_cost_cents: units.get(id)?.cents ?? 0,
      ...by,
    }
  })
}

type Moved = { takings: MethodTakings[]; bought: { cents: number; n: number } | undefined }

/** Stores whose days begin and end at the same instants are asked together: of a country's stores all. */
async function movedIn(db: Db, asked: readonly Asked[]): Promise<Map<number, Moved>> {
  const moved = new Map<number, Moved>()
  for (const some of Map.groupBy(asked, ({ period }) => `${period.from} ${period.until}`).values()) {
    const { period } = some[0]!
    const [takings, bought] = [await takingsBetween(db, period), await boughtBetween(db, period)]
    for (const { id } of some) moved.set(id, { takings: takings.get(id) ?? [], bought: bought.get(id) })
  }
  return moved
}

type Takings = Pick<Figures, 'takings' | 'came_in_cents' | 'went_back_cents' | 'taken_cents'>

/** Each method once, whether repairs or the web shop were paid by it. */
function takingsOf(all: readonly MethodTakings[]): Takings {
  const by = Map.groupBy(all, ({ method }) => method)
  const takings = Array.from(by, ([method, some]) => {
    const came_in_cents = sum(some.map((one) => one.came_in_cents))
    const went_back_cents = sum(some.map((one) => one.went_back_cents))
    return { method, came_in_cents, went_back_cents, taken_cents: sum([came_in_cents, went_back_cents]) }
  }).filter(({ came_in_cents, went_back_cents }) => came_in_cents !== 0 || went_back_cents !== 0)
  return {
    takings: takings.toSorted(
      (a, b) => b.taken_cents - a.taken_cents || (a.method ?? '').localeCompare(b.method ?? ''),
    ),
    came_in_cents: sum(takings.map((one) => one.came_in_cents)),
    went_back_cents: sum(takings.map((one) => one.went_back_cents)),
    taken_cents: sum(takings.map((one) => one.taken_cents)),
  }
}

const ADDED = [
  'bought_cents', 'bought', 'open', 'repairing', 'overdue', 'ready', 'owed', 'owed_cents', 'pieces', 'stock_cents', 'units',
  'units_cost_cents', 'terminals', 'waiting', 'troubles',
] as const satisfies readonly (keyof Figures)[] // oxfmt-ignore

function totalOf(told: readonly Told[]): Figures {
  const added = Object.fromEntries(ADDED.map((figure) => [figure, sum(told.map((store) => store[figure]))]))
  return { ...takingsOf(told.flatMap(({ takings }) => takings)), ...(added as Pick<Figures, (typeof ADDED)[number]>) }
}
