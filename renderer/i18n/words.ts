import type * as frame from './en/frame.ts'
import type * as refusals from './en/refusals.ts'
import type * as repairs from './en/repairs.ts'
import type * as webOrders from './en/web-orders.ts'

/** The same keys as English, in another language's words: a missing or surplus key fails the type check. */
export type Translated<T> = { [K in keyof T]: T[K] extends string ? string : Translated<T[K]> }

/** The refusals that the page has words for. */
export type RefusalCode = keyof typeof refusals.words

/** What the page says, by namespace; English is the one that the others follow. */
export type Words = {
  frame: typeof frame.words
  /** By the code of the refusal. */
  refusals: typeof refusals.words
  repairs: typeof repairs.words
  'web-orders': typeof webOrders.words
}
