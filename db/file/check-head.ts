import { basename } from 'node:path'
import type Database from 'better-sqlite3'
import { GENESIS } from '../../server/domain/chain.ts'
import { DatabaseRefused, isDamage, RESTORE } from '../errors.ts'
import { HAS_SELF, selfIn } from '../self.ts'
import { type Head, headFileOf, readHighWater } from './high-water.ts'
import { missingFile, sizeOf } from './guard.ts'
import { lookInto } from './look-into.ts'

/** Compares how far a database has come with what its folder remembers (`high-water.ts`). */

/** What is asked of a database: its own head, and the last and any other entry of a chain. */
type Journal = {
  head(): Head | undefined
  isEmpty(): boolean
  /** The last entry of the node's own chain. */
  last(head: Head): Pick<Head, 'seq' | 'chain'> | undefined
  chainAt(place: Head): string | undefined
}

/**
 * Checks that the database is not behind the high-water file beside it, nor on another way than it.
 * @throws DatabaseRefused with what is missing and what to do
 */
export function checkHighWater(file: string): void {
  const kept = readHighWater(file)
  if (!kept) return
  if (sizeOf(file) === 0) {
    if (kept.seq > 0) throw missingFile(file)
    return
  }
  const refusal = reading(file, (database) => refusalBy(file, kept, journalOf(database)))
  if (refusal) throw new DatabaseRefused(refusal)
}

/**
 * Checks that the journal ends where the database's own node says.
 * @throws DatabaseRefused when it was cut off, or is a mixture
 */
export function checkJournalEnd(file: string): void {
  if (sizeOf(file) === 0) return
  const fits = reading(file, (database) => {
    const journal = journalOf(database)
    const head = journal.head()
    return head ? endsThere(head, journal.last(head)) : journal.isEmpty()
  })
  if (!fits) throw new DatabaseRefused(brokenEnd(file))
}

/** The refusal of a database whose journal does not end where its node says. */
export const brokenEnd = (name: string) =>
  `${name} is not whole: its journal does not end where the database says that it does. ${RESTORE}`

/** Whether `last` is what the node remembers as the end of its chain. */
export const endsThere = ({ seq, chain }: Head, last: Pick<Head, 'seq' | 'chain'> | undefined): boolean =>
  (last?.seq ?? 0) === seq && (last?.chain ?? GENESIS) === chain

function refusalBy(file: string, kept: Head, journal: Journal): string | null {
  const head = journal.head()
  const name = basename(headFileOf(file))
  const otherwise = `To go on with it all the same: npm run fixpoint -- restore ${file}. ${RESTORE}`
  if (!head || head.node !== kept.node)
    return `${file} is another database than this folder held (${name}). ${otherwise}`
  const behind = kept.epoch > head.epoch || (kept.epoch === head.epoch && kept.seq > head.seq)
  if (behind)
    return `${file} is older than what this folder held: it ends at entry ${head.epoch}/${head.seq}, and ${name} knows of ${kept.epoch}/${kept.seq}. What was done since would be missing. ${otherwise}`
  const chain = kept.seq === 0 ? GENESIS : journal.chainAt(kept)
  if (chain === kept.chain) return null
  return `${file} is another database than this folder held, or has gone another way since: its entry ${kept.epoch}/${kept.seq} is not the one that ${name} knows. ${otherwise}`
}

/** Reads without changing the file or its log; where it has none, without leaving one behind. */
export function reading<T>(file: string, look: (database: Database.Database) => T): T {
  try {
    return lookInto(file, look, { readonly: sizeOf(`${file}-wal`) > 0 })
  } catch (error) {
    if (!isDamage(error)) throw error
    throw new DatabaseRefused(`${file} is damaged (${(error as Error).message}). ${RESTORE}`)
  }
}

function journalOf(database: Database.Database): Journal {
  const isThere = database.prepare(`select 1 from sqlite_schema where name = 'journal'`).get() !== undefined
  const hasSelf = database.prepare(HAS_SELF).get() !== undefined
  const self = `select id as node, epoch, seq, chain from ${selfIn(hasSelf)}`
  const own = `from journal where origin = ? and epoch = ?`
  return {
    head: () => (isThere ? (database.prepare(self).get() as Head | undefined) : undefined),
    isEmpty: () => !isThere || database.prepare('select 1 from journal limit 1').get() === undefined,
    last: ({ node, epoch }) =>
      database.prepare(`select seq, chain ${own} order by seq desc limit 1`).get(node, epoch) as Head | undefined,
    chainAt: ({ node, epoch, seq }) =>
      database.prepare(`select chain ${own} and seq = ?`).pluck().get(node, epoch, seq) as string | undefined,
  }
}
