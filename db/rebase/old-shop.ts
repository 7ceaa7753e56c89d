import Database from 'better-sqlite3'
import type { MintedLocalTable, SyncedTable } from '../schema/schema.ts'

/** Reads the file of a shop that joins head office with its history. It is never written to. */

export type OldRow = Record<string, string | number | null>

export type OldShop = {
  file: string
  /** All rows of a table, hidden ones too, by their ids; of one without ids in no order. */
  rows(table: string): OldRow[]
  /** The rows of a statement, one by one. */
  each(text: string): IterableIterator<OldRow>
  /** Whether a statement finds any. */
  has(text: string): boolean
  count(table: string): number
  /** How many ids a table has given out. */
  counted(table: SyncedTable | MintedLocalTable): number
  close(): void
}

/** Opens the file that lies there. Nobody may be serving it: what is written meanwhile would be lost. */
export function openOldShop(file: string): OldShop {
  const database = new Database(file, { readonly: true })
  const named = (table: string) => `"${table}"`
  return {
    file,
    rows: (table) => database.prepare(`select * from ${named(table)}`).all() as OldRow[],
    each: (text) => database.prepare(text).iterate() as IterableIterator<OldRow>,
    has: (text) => database.prepare(text).get() !== undefined,
    count: (table) =>
      database
        .prepare(`select count(*) from ${named(table)}`)
        .pluck()
        .get() as number,
    counted: (table) => {
      const given = database.prepare('select n from counter where name = ?').pluck().get(table) as number | undefined
      const last = database
        .prepare(`select max(id) from ${named(table)}`)
        .pluck()
        .get() as number | null
      return Math.max(given ?? 0, last ?? 0)
    },
    close: () => void database.close(),
  }
}
