import type { Trx } from '../../../db/handle.ts'
import { NODE_SPAN } from '../../../server/domain/ids.ts'
import type { Fleet, Machine } from './fleet.ts'
import { OFFICE } from './machines.ts'

/** What somebody who does something looks up first, and what is noted of it, for the end to be held against. */

export type Doing = { fleet: Fleet; machine: Machine; trx: Trx; a: number; b: number }

type Wide = 'repair_order' | 'user' | 'device' | 'payment' | 'sales_order' | 'assignment'

/** Rows of a table that this machine sees and works on: those of its store, at head office of all. */
async function idsOf({ machine, trx }: Doing, table: Wide): Promise<number[]> {
  const rows = await trx
    .selectFrom(table)
    .select(['id', 'store_id'])
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.filter(({ store_id }) => machine.node === OFFICE || store_id === machine.store).map(({ id }) => id)
}

export const chosen = (ids: readonly number[], n: number): number | null => ids[n % Math.max(1, ids.length)] ?? null

/** Does something with a row, where there is any. */
export async function withOne(doing: Doing, table: Wide, run: (id: number) => Promise<unknown>): Promise<void> {
  const id = chosen(await idsOf(doing, table), doing.a)
  if (id !== null) await run(id)
}

/** People of the store who work nowhere, and are not erased. */
export async function customersOf({ machine, trx, fleet }: Doing): Promise<number[]> {
  const rows = await trx.selectFrom('user').select(['id', 'store_id']).where('deleted_at', 'is', null)
    .where('role', '=', 'customer').where('is_staff', '=', 0).orderBy('id').execute() // oxfmt-ignore
  const isOpen = ({ id, store_id }: { id: number; store_id: number }) =>
    (machine.node === OFFICE || store_id === machine.store) && !fleet.erased.has(id)
  return rows.filter(isOpen).map(({ id }) => id)
}

/** A word that nothing else is called. */
export function newName(fleet: Fleet, machine: Machine): string {
  return `Nym${machine.node}x${++fleet.named}y`
}

/** What somebody was called is not to be found any more once they are erased. */
export const noteName = (fleet: Fleet, id: number, name: string) =>
  fleet.words.set(id, [...(fleet.words.get(id) ?? []), name])

/** Somebody says what a payment comes to. */
export function state(fleet: Fleet, id: number, cents: number): void {
  fleet.stated.set(id, (fleet.stated.get(id) ?? new Set()).add(cents))
}

/** One row of what came or went. */
export type Moved = { name: string; pieces: number; cents: number }

/** What the machine with this number has moved, as its database has it. */
export function movedBy({ node, memory }: Pick<Machine, 'node' | 'memory'>): Moved[] {
  const own = `where id between ${node * NODE_SPAN} and ${(node + 1) * NODE_SPAN - 1}`
  return memory.rows<Moved>(`select 's' || id as name, quantity as pieces, 0 as cents from stock_movement ${own}
    union all select 'p' || id, 0, amount_cents from payment_entry ${own}
    union all select 'c' || id, 0, amount_cents from sales_payment_entry ${own}`)
}

/** The same in pieces and cents. */
export function sumsOf(machine: Machine): { pieces: number; cents: number } {
  const sums = { pieces: 0, cents: 0 }
  for (const { pieces, cents } of movedBy(machine)) {
    sums.pieces += pieces
    sums.cents += cents
  }
  return sums
}

/** What came and went where it happened is what there is to be everywhere. */
export function countNews(fleet: Fleet, machine: Machine, before: ReturnType<typeof sumsOf>): void {
  const after = sumsOf(machine)
  fleet.pieces += after.pieces - before.pieces
  fleet.cents += after.cents - before.cents
}
