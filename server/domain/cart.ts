/** More pieces of one product than anybody buys at once; sums of whole carts stay exact. */
export const MOST_PIECES = 10_000
