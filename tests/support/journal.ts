import type { Database } from '../../db/database.ts'
import { allEntries } from '../../db/journal/entries.ts'
import type { BlockEntry } from '../../db/journal/block.ts'

/** All entries of the journal, whichever form they have. */
export async function journalOf({ db }: Pick<Database, 'db'>): Promise<BlockEntry[]> {
  const entries: BlockEntry[] = []
  for await (const entry of allEntries(db)) entries.push(entry)
  return entries
}

/** Packs the journal to its last entry; returns in how many slices. */
export async function packWholeJournal(database: Pick<Database, 'packJournal'>): Promise<number> {
  let slices = 1
  while (await database.packJournal(0, 0)) slices += 1
  return slices
}

/** A person's name where it is a word: of salts and digests, which are random, one holds any four letters now and then. */
export const QUUX = /(?<![\w-])Quux/
