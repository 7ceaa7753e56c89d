import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Database } from '../database.ts'
import type { Db } from '../handle.ts'
import { repeat } from '../repeat.ts'

/**
 * How far a database has come, in a small file beside it (`fixpoint.db-head`): a copy of another day that is put in its
 * place is known by it. The file is never ahead of the database, and a second behind it at most while a server runs.
 */

/** The head of the journal: the last entry of this machine's node, and its link of the chain. */
export type Head = { node: number; epoch: number; seq: number; chain: string }

export const headFileOf = (file: string) => `${file}-head`

/** Between two looks at the journal's head, in ms. */
const INTERVAL_MS = 500

/** What the file says; null where there is none, or nothing that could be a head. @throws what the system says otherwise */
export function readHighWater(file: string): Head | null {
  try {
    return headFrom(readFileSync(headFileOf(file), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function headFrom(written: string): Head | null {
  try {
    const { node, epoch, seq, chain } = JSON.parse(written) as Record<keyof Head, unknown>
    const whole = [node, epoch, seq].every((value) => Number.isSafeInteger(value))
    return whole && typeof chain === 'string' ? ({ node, epoch, seq, chain } as Head) : null // Just looked at.
  } catch {
    return null
  }
}

const textOf = (head: Head) => `${JSON.stringify(head)}\n`

/** Writes the file, at once and whole, to the disk. A restore calls it for the database that it has put in place. */
export function writeHighWater(file: string, head: Head): void {
  const path = headFileOf(file)
  const descriptor = openSync(`${path}.now`, 'w', 0o600)
  try {
    writeSync(descriptor, textOf(head))
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(`${path}.now`, path)
}

/** The same without holding up whoever else is at work. */
async function keepHighWater(file: string, head: Head): Promise<void> {
  const path = headFileOf(file)
  const handle = await open(`${path}.new`, 'w', 0o600)
  try {
    await handle.writeFile(textOf(head))
    await handle.datasync()
  } finally {
    await handle.close()
  }
  await rename(`${path}.new`, path)
}

/** The head of the database's journal now. */
export async function headOf(db: Db): Promise<Head> {
  return await db.selectFrom('self').select(['node_id as node', 'epoch', 'seq', 'chain']).executeTakeFirstOrThrow()
}

/** The last entry of the chain that `head` is of. */
export async function lastEntry(db: Db, { node, epoch }: Head): Promise<Pick<Head, 'seq' | 'chain'> | undefined> {
  const entries = db
    .selectFrom('journal')
    .select(['seq', 'chain'])
    .where('origin', '=', node)
    .where('epoch', '=', epoch)
  return await entries.orderBy('seq', 'desc').limit(1).executeTakeFirst()
}

/**
 * Keeps the file up with the database, whoever writes it, until `stop`, which writes it a last time; not beside a file that is
 * another one. `onError` hears once when it cannot be written, and no more until it was.
 */
export function followHead(
  { db, place }: Pick<Database, 'db' | 'place'>,
  file: string,
  onError: (error: Error) => void,
): { stop(): Promise<void> } {
  let kept = ''
  let told = false
  const look = async () => {
    try {
      const head = await headOf(db)
      if (textOf(head) === kept || place.look() !== null) return
      await keepHighWater(file, head)
      kept = textOf(head)
      told = false
    } catch (error) {
      if (!told) onError(new Error(`${basename(headFileOf(file))} could not be written`, { cause: error }))
      told = true
    }
  }
  const following = repeat(INTERVAL_MS, look)
  return {
    stop: async () => {
      await following.stop()
      await look()
    },
  }
}
