/** What a write is judged by: `stamp` is its entry's own, or what head office set it to. No two writes have the same clock. */
export type Clock = { stamp: string; origin: number; epoch: number; seq: number }

/** Below 0 where `a` is the earlier: who comes last by this order has what both wrote, on every node. */
export function compareClocks(a: Clock, b: Clock): number {
  if (a.stamp !== b.stamp) return a.stamp < b.stamp ? -1 : 1
  return a.origin - b.origin || a.epoch - b.epoch || a.seq - b.seq
}

/**
 * By which clock each register of a row was written: `registers` names those that were changed after the row was put, each by its
 * first column; `put` is the clock of all others, null where nobody kept it, and then whatever comes is later.
 */
export type RowClocks = { readonly put: Clock | null; readonly registers: Readonly<Record<string, Clock>> }
