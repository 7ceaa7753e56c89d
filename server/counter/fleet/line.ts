import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { unsentChain } from '../../../db/fleet/unsent.ts'
import type { Fleet } from '../../domain/fleet/line-state.ts'
import { act, nothing, read } from '../../http/endpoint.ts'
import { anyEmployee } from '../../http/auth/permissions.ts'
import { Line, WaitingWork, WORK_KINDS } from './line.contract.ts'

type Kind = (typeof WORK_KINDS)[number]

/** How a terminal stands with its head office, for whoever works at the counter. */
export const line = [
  read(
    'GET /line',
    { who: anyEmployee, response: Line, summary: 'The line to head office, and how much waits for it' },
    ({ run: { fleet } }) => fleet && lineOf(fleet),
  ),

  read(
    'GET /line/waiting',
    { who: anyEmployee, response: WaitingWork, summary: 'What was done here and waits to be sent, by kind' },
    ({ db, run: { fleet } }) => (fleet ? waitingWork(db) : []),
  ),

  act(
    'POST /line/attempts',
    {
      who: anyEmployee,
      keyed: false,
      response: nothing,
      summary: 'Tries at once to reach head office, instead of at the next time',
    },
    ({ run: { fleet } }) => fleet?.tryNow(),
  ),
]

function lineOf(fleet: Fleet): z.output<typeof Line> {
  const { headOffice, waiting, lastContact, asideThere, needsPerson, setBackAt, comparison, ...state } = fleet.state()
  const { line: is, since, troubles } = state
  return {
    line: is,
    since,
    head_office: headOffice,
    waiting: { changes: waiting.ops, oldest_at: waiting.oldest_at, photos: waiting.photos },
    last_contact: lastContact,
    troubles,
    aside_there: asideThere,
    needs: needsPerson,
    set_back_at: setBackAt,
    same_at: comparison.sameAt,
    differs: comparison.differs.length,
  }
}

/** Entries that are told apart by kind: beyond them nobody counts by eye. */
const MOST_TOLD = 5_000

/** By the table that a transaction wrote: the first kind that any of its entries is of. */
const KIND_OF: Readonly<Record<string, Kind>> = {
  payment: 'payments',
  payment_entry: 'payments',
  sales_payment: 'payments',
  sales_payment_entry: 'payments',
  refund: 'payments',
  leg: 'payments',
  repair_order: 'repairs',
  order_event: 'repairs',
  intake: 'repairs',
  assignment: 'repairs',
  ticket_photo: 'repairs',
  pickup_request: 'tradeIns',
  evaluation: 'tradeIns',
  offer: 'tradeIns',
  unit: 'tradeIns',
  sales_order: 'sales',
  product: 'sales',
  stock_movement: 'sales',
  user: 'people',
}

/** Counts what one act wrote as one, the most telling kind first; nothing where it is more than is read. */
async function waitingWork(db: Db): Promise<z.output<typeof WaitingWork>> {
  const chain = await unsentChain(db)
  if (!chain) return []
  const entries = await db
    .selectFrom('journal')
    .select(['tx', 'entity'])
    .where('origin', '=', chain.origin)
    .where('epoch', '=', chain.epoch)
    .where('seq', '>', chain.acked.seq)
    .orderBy('seq')
    .limit(MOST_TOLD + 1)
    .execute()
  if (entries.length > MOST_TOLD) return []
  const ofActs = [...Map.groupBy(entries, ({ tx }) => tx).values()].map((written) => {
    const kinds = new Set(written.map(({ entity }) => KIND_OF[entity] ?? 'other'))
    return WORK_KINDS.find((kind) => kinds.has(kind))!
  })
  return WORK_KINDS.flatMap((kind) => {
    const count = ofActs.filter((one) => one === kind).length
    return count > 0 ? [{ kind, count }] : []
  })
}
