import type Database from 'better-sqlite3'
import { foreignPart } from '../check/schema/check-schema.ts'
import { refusalOfTrigger } from '../check/findings.ts'
import { DatabaseRefused } from '../errors.ts'
import { reading } from './check-head.ts'
import { sizeOf } from './guard.ts'
import { lookInto } from './look-into.ts'

/** Triggers and views of an SQLite file: this program makes none. A trigger acts with whatever is written; a view harms nobody. */

type Part = { type: string; name: string; table: string }

const SELECT_PARTS = `select type, name, tbl_name as "table" from sqlite_schema where type in ('trigger', 'view') order by type`

const partsIn = (database: Database.Database) => database.prepare(SELECT_PARTS).all() as Part[]

/** @throws DatabaseRefused naming the first trigger, before anything is written through it */
export function refuseTriggers(file: string): void {
  if (sizeOf(file) === 0) return
  const first = reading(file, partsIn).find(({ type }) => type === 'trigger')
  if (first) throw new DatabaseRefused(refusalOfTrigger({ text: foreignPart(first), file }))
}

/** Takes them out of a file that nobody serves; returns what they were, in words that end a sentence. */
export function dropForeignParts(file: string): string[] {
  return lookInto(
    file,
    (database) => {
      const parts = partsIn(database)
      // A view takes its own triggers along: they come first, as they are read.
      for (const { type, name } of parts) database.exec(`drop ${type} if exists "${name.replaceAll('"', '""')}"`)
      return parts.map(foreignPart)
    },
    { readonly: false },
  )
}
