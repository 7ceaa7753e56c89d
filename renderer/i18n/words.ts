import type { english } from './en/words.ts'

/** English is the one that the other languages follow. */
export type Words = typeof english

/** The same keys as English, in another language's words: a missing or surplus key fails the type check. */
export type Translated<T> = { [K in keyof T]: T[K] extends string ? string : Translated<T[K]> }

/** The refusals that the page has words for. */
export type RefusalCode = keyof Words['refusals']
