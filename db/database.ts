import type { Clock } from './clock.ts'
import type { CounterFinding } from './check/findings.ts'
import type { Scan } from './check/scan.ts'
import type { Place } from './file/place.ts'
import type { SortTable } from './search/sort-keys.ts'
import type { Searchable } from './search/searchable.ts'
import type { Actor, Db, EngineName, Trx } from './handle.ts'

/** An open database, as the server and the commands hold it. */
export type Database = {
  engine: EngineName
  clock: Clock
  /** Reads; sees every committed write. */
  db: Db
  /** One write: effect, journal, search index and node head, all or nothing. What `run` returns is returned after the commit. */
  write<T>(by: Actor, run: (trx: Trx) => Promise<T>): Promise<T>
  /** Indexes everything that waits for it, whoever wrote it; `progress` hears how many rows so far. */
  flushSearchIndex(progress?: (rows: number) => void): Promise<void>
  /** Is told after each commit, of another process within a second, which rows changed. Returns how to stop listening. */
  onCommit(listener: (rows: readonly CommittedRow[]) => void): () => void
  /** Opens what reads the whole database through. */
  scan(): Scan
  /** What is wrong with the file, or that it is gone, once that was found; from then on every write is refused. */
  damage(): string | null
  /** Whether the file still lies where it was opened. */
  place: Place
  /** Null lets writes go on again; `refusal` is how they are refused. Whoever listens to commits is told. */
  setDamage(damage: string | null, refusal?: () => Error): void
  /** Writes down what a check found; goes on while nothing else is written, as far as the file lets it. */
  writeCheckRecord<T>(run: (trx: Trx) => Promise<T>): Promise<T>
  /** Puts counters that are behind the rows ahead of them, and writes down which; a write only where there are any. */
  mendCounters(): Promise<readonly CounterFinding[]>
  /** Has a damaged search index made anew from the rows, and writes down which: it is empty at first, and filled by and by. */
  renewSearchIndex(entity: Searchable): Promise<void>
  /** Has a table that lists are sorted by made anew from its rows, by and by. */
  renewSorted(table: SortTable): Promise<void>
  /** Packs older entries of the journal, for about `ms`; the newest `kept` stay as they are. Returns whether there is more to do. */
  packJournal(ms: number, kept?: number): Promise<boolean>
  /** Tells those who listen to commits of what no entry of the journal names. */
  notify(rows: readonly CommittedRow[]): void
  close(): Promise<void>
}

export type CommittedRow = { entity: string; id: number }

export type OpenOptions = {
  /** The SQLite file, or the address of a PostgreSQL database. */
  at: { file: string } | { url: string }
  /** ms since 1970. */
  now: () => number
  /** A stopwatch in ms, by which a clock that jumps is noticed; the process's own unless said otherwise. */
  monotonic?: () => number
  /** Hears of what breaks where nobody waits: an idle connection, the search index, the check of a served file. */
  onError: (error: Error) => void
  /** What a new database holds from its first start on, besides its shop and node. */
  fillNew?: (trx: Trx) => Promise<void>
  /** Whether SQLite writes in a thread of its own: for a command that writes much, not for a server that writes often. */
  inThread?: boolean
  /** Whether SQLite refuses a write past the journal, which costs time: for tests and development (`db/engines/tripwire.ts`). */
  tripwire?: boolean
}
