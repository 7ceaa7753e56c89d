import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import type { WaitingOp, WaitingTransaction } from '../../sync/waiting/list.ts'
import { type Aside, type DID, REASONS, type WAYS_OUT } from './aside.contract.ts'
import { actOf } from './acts.ts'
import { type Fields, openTeller, type Teller, tellBy, toldOf } from './told.ts'

type ToldAside = z.output<typeof Aside>
/** What somebody may do about a transaction here. */
export type WaysOutFor = (waiting: WaitingTransaction) => (typeof WAYS_OUT)[number][]

/** Says of transactions that wait who did what, about what, and why it is not applied. */
export async function tellAll(
  db: Db,
  waiting: readonly WaitingTransaction[],
  waysOutOf: WaysOutFor,
): Promise<ToldAside[]> {
  const ops = waiting.flatMap((one) => one.ops)
  const said = new Map(ops.filter(isPut).map((op) => [`${op.entity} ${op.row_id}`, valuesOf(op)]))
  const teller = openTeller(db, said)
  const by = await tellBy(
    db,
    waiting.map(({ origin, ops: [first] }) => ({
      actor: first?.actor?.id ?? null,
      node: origin,
      at: first?.at ?? null,
    })),
  )
  const told: ToldAside[] = []
  for (const [index, one] of waiting.entries()) told.push(await tell(teller, one, by[index]!, waysOutOf(one)))
  return told
}

async function tell(
  teller: Teller,
  waiting: WaitingTransaction,
  by: ToldAside['by'],
  ways_out: ToldAside['ways_out'],
): Promise<ToldAside> {
  const { origin, epoch, tx, state, reason, ops, more, waits_for } = waiting
  const changes: ToldAside['changes'] = []
  for (const op of ops) changes.push({ about: await teller.about(op.entity, op.row_id), did: didOf(op), values: await valuesIn(teller, op) }) // oxfmt-ignore
  // What has a screen says more to people than what was written first.
  const main = changes.find(({ about }) => about.screen !== null) ?? changes.find(({ about }) => about.name !== null)
  const waitedFor: ToldAside['waits_for'] = []
  for (const row of waits_for) waitedFor.push({ ...row, about: await teller.about(row.entity, row.row_id) })
  return {
    origin,
    epoch,
    tx,
    state,
    reason: reason === null ? null : (REASONS.find((known) => known === reason) ?? 'unreadable'),
    act: actOf(ops[0]?.act ?? ''),
    did: changes[0]?.did ?? 'changed',
    about: main?.about ?? changes[0]?.about ?? { thing: 'other', name: null, screen: null },
    by,
    changes,
    more,
    waits_for: waitedFor,
    ways_out,
  }
}

const isPut = ({ kind }: WaitingOp) => kind === 'put' || kind === 'event'

function didOf(op: WaitingOp): (typeof DID)[number] {
  if (isPut(op)) return 'added'
  return op.kind === 'del' || op.kind === 'erase' ? 'removed' : 'changed'
}

const valuesOf = ({ changes }: WaitingOp): Fields =>
  Object.fromEntries((changes ?? []).map(({ column, after }) => [column, after]))

/** What changes, or what a new row says; of what is told with its register and stays as it is, nothing. */
async function valuesIn(teller: Teller, op: WaitingOp): Promise<ToldAside['changes'][number]['values']> {
  const byColumn = new Map((op.changes ?? []).map((change) => [change.column, change]))
  const values: ToldAside['changes'][number]['values'] = []
  for (const column of toldOf([...byColumn.keys()])) {
    const { before, after } = byColumn.get(column)!
    if (op.kind === 'del' || before === after) continue
    values.push({
      column,
      before: await teller.value(op.entity, column, before),
      after: await teller.value(op.entity, column, after),
    })
  }
  return values
}
