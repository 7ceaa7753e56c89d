import { createHash } from 'node:crypto'
import {
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../../db/database.ts'
import { openDatabase } from '../../db/open.ts'
import type { Trx } from '../../db/handle.ts'

/** A file that takes minutes to fill. One of `sources`, from the project's folder, that has changed makes another file. */
type Filling = {
  name: string
  sources: readonly string[]
  fillNew?: (trx: Trx) => Promise<void>
  fill(database: Database): Promise<void>
}

/**
 * A copy of an SQLite file that is filled once and kept in the system's temporary folder. The copy is gone when the process
 * ends: each run finds what every other found, whatever it writes.
 */
export async function filled({ name, sources, fillNew, fill }: Filling): Promise<string> {
  const folder = join(tmpdir(), 'fixpoint-bench')
  mkdirSync(folder, { recursive: true })
  sweep(folder)
  const own = mkdtempSync(join(folder, `run-${process.pid}-`))
  process.once('exit', () => rmSync(own, { recursive: true, force: true }))
  const kept = join(folder, `${name}-${hashOf(sources)}.db`)
  if (!existsSync(kept)) {
    console.log(`Filling ${name} (once)…`)
    const at = { file: join(own, 'filling.db') }
    const open = () => openDatabase({ at, now: Date.now, onError: () => {}, ...(fillNew && { fillNew }) })
    const database = await open()
    await fill(database)
    await database.close()
    await (await open()).close() // Opening moves the counter of numbers on behind the rows, and says so once.
    renameSync(at.file, kept)
  }
  copyFileSync(kept, join(own, 'shop.db'), constants.COPYFILE_FICLONE)
  return join(own, 'shop.db')
}

/** Removes what runs left behind that were cut off. */
function sweep(folder: string) {
  for (const name of readdirSync(folder)) {
    const pid = /^run-(\d+)-/.exec(name)?.[1]
    if (pid && !isAlive(Number(pid))) rmSync(join(folder, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function hashOf(sources: readonly string[]): string {
  const hash = createHash('sha256')
  for (const source of sources) hash.update(readFileSync(join(import.meta.dirname, '../..', source)))
  return hash.digest('hex').slice(0, 8)
}
