import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/**
 * A note beside each backup that was restored: into which epoch. Who restores the same one a second time, or one beside it,
 * on a machine that knows of no other, still gives out no id and no number twice.
 */

const ENDING = '.restored.json'

const Note = z.object({
  /** The chain of the shop's first journal entry. */
  first: z.string(),
  epoch: z.int(),
  terminal: z.string(),
  /** ISO 8601. */
  restored_at: z.string(),
})

/** The last epoch into which a backup of the shop in this folder was restored; 0 where none was. */
export async function lastRestoredEpoch(folder: string, first: string | null): Promise<number> {
  let last = 0
  for (const name of await readdir(folder)) {
    if (!name.endsWith(ENDING)) continue
    const { success, data } = Note.safeParse(jsonOf(await readFile(join(folder, name), 'utf8')))
    if (success && data.first === first) last = Math.max(last, data.epoch)
  }
  return last
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // Somebody else's file, or one that was cut short: it says nothing.
  }
}

/** Writes the note; false where the folder cannot be written, as on a medium that is read only. */
export async function noteRestore(backup: string, note: z.output<typeof Note>): Promise<boolean> {
  try {
    await writeFile(`${backup}${ENDING}`, `${JSON.stringify(note, null, 1)}\n`, { mode: 0o600, flush: true })
    return true
  } catch (error) {
    if (/^(EROFS|EACCES|EPERM|ENOSPC|EDQUOT)$/.test((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}

export const folderOf = (backup: string) => dirname(backup)
