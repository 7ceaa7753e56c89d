/** What a terminal knows of whether its rows are those that head office has for it. */

/** Rows of one table that were made on one day, and differ. */
export type Differing = {
  entity: string
  /** In days since 1970, by UTC. */
  day: number
  /** How many are other there, are there alone, and are here alone. */
  other: number
  lacking: number
  onlyHere: number
  /** The first of those that are here alone. */
  ids: readonly number[]
}

/** So many rows that are here alone are named. */
export const MOST_NAMED_HERE = 20

/** Instants are ms since 1970; null where it was not compared since the start. */
export type Comparison = {
  comparedAt: number | null
  /** When both had the same rows last. */
  sameAt: number | null
  /** What differed when it was compared last; nothing where both have the same. */
  differs: readonly Differing[]
  /** Whether more days differ than are told. */
  more: boolean
}

/**
 * What became of a day whose rows were taken from head office. `left` are rows of which something stayed as it is here, since this
 * machine's own journal proves it. Not all are taken at once where they are very many.
 */
export type TakenDay = { changed: number; came: number; left: number; onlyHere: readonly number[]; more: boolean }

/** Why nothing can be compared, taken or sent now: a person tries again later. */
export const NOT_NOW = ['no-line', 'waiting', 'busy'] as const
export type NotNow = (typeof NOT_NOW)[number]
