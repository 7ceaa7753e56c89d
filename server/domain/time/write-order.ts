/** What a write is judged by: `stamp` is its entry's own, or what head office set it to. No two writes have the same clock. */
export type Clock = { stamp: string; origin: number; epoch: number; seq: number }

/** Below 0 where `a` is the earlier: who comes last by this order has what both wrote, on every node. */
export function compareClocks(a: Clock, b: Clock): number {
  if (a.stamp !== b.stamp) return a.stamp < b.stamp ? -1 : 1
  return a.origin - b.origin || a.epoch - b.epoch || a.seq - b.seq
}
