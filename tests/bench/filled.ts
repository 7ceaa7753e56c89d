import { createHash } from 'node:crypto'
import { constants, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, openDatabase } from '../../db/open.ts'
import type { Trx } from '../../db/handle.ts'

/** A file that takes minutes to fill. One of `sources`, from the project's folder, that has changed makes another file. */
type Filling = {
  name: string
  sources: readonly string[]
  first?: (trx: Trx) => Promise<void>
  fill(database: Database): Promise<void>
}

/**
 * A copy of an SQLite file that is filled once and kept in the system's temporary folder. The copy is gone when the process
 * ends: each run finds what every other found, whatever it writes.
 */
export async function filled(filling: Filling): Promise<string> {
  const folder = join(tmpdir(), 'fixpoint-bench')
  mkdirSync(folder, { recursive: true })
  const kept = join(folder, `${filling.name}-${hashOf(filling.sources)}.db`)
  if (!existsSync(kept)) {
    console.log(`Filling ${filling.name} (once)…`)
    const at = { file: `${kept}.part` }
    const { first } = filling
    const database = await openDatabase({ at, now: Date.now, onError: () => {}, ...(first && { first }) })
    await filling.fill(database)
    await database.close()
    renameSync(`${kept}.part`, kept)
  }
  const own = mkdtempSync(join(folder, 'run-'))
  process.once('exit', () => rmSync(own, { recursive: true, force: true }))
  copyFileSync(kept, join(own, 'shop.db'), constants.COPYFILE_FICLONE)
  return join(own, 'shop.db')
}

function hashOf(sources: readonly string[]): string {
  const hash = createHash('sha256')
  for (const source of sources) hash.update(readFileSync(join(import.meta.dirname, '../..', source)))
  return hash.digest('hex').slice(0, 8)
}
