import type Database from 'better-sqlite3'
import { foreignPart } from '../check/check-schema.ts'
import { DatabaseRefused } from '../errors.ts'
import { reading } from './check-head.ts'
import { sizeOf } from './guard.ts'
import { lookInto } from './look-into.ts'

/** Triggers and views of an SQLite file: this program makes none, and a trigger acts with whatever is written. */

type Part = { type: string; name: string; table: string }

const SELECT_PARTS = `select type, name, tbl_name as "table" from sqlite_schema where type in ('trigger', 'view')`

const partsIn = (database: Database.Database) => database.prepare(SELECT_PARTS).all() as Part[]

/** @throws DatabaseRefused naming the first, before anything is written through it */
export function refuseForeignParts(file: string): void {
  if (sizeOf(file) === 0) return
  const [first] = reading(file, partsIn)
  if (first)
    throw new DatabaseRefused(
      `${file} was changed: ${foreignPart(first)}, and would change or show what it should not. To have it taken out: npm run fixpoint -- restore ${file}`,
    )
}

/** Takes them out of a file that nobody serves; returns what they were, in words that end a sentence. */
export function dropForeignParts(file: string): string[] {
  return lookInto(
    file,
    (database) => {
      const parts = partsIn(database)
      for (const { type, name } of parts) database.exec(`drop ${type} "${name.replaceAll('"', '""')}"`)
      return parts.map(foreignPart)
    },
    { readonly: false },
  )
}
