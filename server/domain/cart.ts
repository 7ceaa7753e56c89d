/** More pieces of one product than anybody buys at once; sums of whole carts stay exact. */
export const MAX_QUANTITY = 10_000
