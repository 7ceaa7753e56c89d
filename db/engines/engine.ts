import type { Kysely } from 'kysely'
import type { Scan } from '../check/scan.ts'
import type { Place } from '../file/place.ts'
import type { EngineName } from '../handle.ts'
import type { Schema } from '../schema/schema.ts'

/** What SQLite and PostgreSQL both offer to the rest of `db/`. */
export type Engine = {
  name: EngineName
  /** Reads, never waiting behind an open transaction. */
  read: Kysely<Schema>
  /** One writing transaction after the other; rolled back when `run` throws. `act` is what a mistake in it is named by. */
  transaction<T>(run: (query: Kysely<Schema>) => Promise<T>, act?: string): Promise<T>
  /** Opens what reads a whole database through. */
  scan(): Scan
  /** Whether the file still lies where it was opened; no transaction begins once it is known that it does not. */
  place: Place
  close(): Promise<void>
}
