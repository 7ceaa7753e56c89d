/** What a write is judged by: `stamp` is its entry's own, or what head office set it to. No two writes have the same clock. */
export type Clock = { stamp: string; origin: number; epoch: number; seq: number }
