import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Picture } from './picture.ts'

/**
 * Pictures on the disk, by the hash of their bytes. They are written before the row that names them; a mark says so
 * until that row is there, and what is still marked at the next start without a row is removed.
 */

export type PhotoSize = 'full' | 'thumbnail'

const DRAFT = 'draft.'

const folderOf = (data: string) => join(data, 'photos')
const marksOf = (data: string) => join(folderOf(data), 'marks')

const fileOf = (data: string, sha256: string, size: PhotoSize) =>
  join(folderOf(data), sha256.slice(0, 2), `${sha256}${size === 'full' ? '' : '.thumbnail'}.jpg`)

/** A picture's bytes; null when the file is not there. */
export async function readPhoto(data: string, sha256: string, size: PhotoSize): Promise<Buffer | null> {
  try {
    return await readFile(fileOf(data, sha256, size))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Writes a picture for good and returns its mark. */
export async function writePhoto(data: string, { sha256, bytes, thumbnail }: Picture): Promise<string> {
  const mark = `${sha256}.${randomUUID()}`
  await writeDurably(data, join(marksOf(data), mark), Buffer.alloc(0))
  await writeDurably(data, fileOf(data, sha256, 'full'), bytes)
  await writeDurably(data, fileOf(data, sha256, 'thumbnail'), thumbnail)
  return mark
}

/** Ends a mark: a picture without a row, and without another mark, is removed. */
export async function settleMark(data: string, mark: string, hasRow: (sha256: string) => Promise<boolean>) {
  const sha256 = mark.split('.')[0]!
  if (!(await hasRow(sha256))) {
    const others = (await listMarks(data)).filter((other) => other !== mark && other.startsWith(`${sha256}.`))
    if (others.length === 0)
      for (const size of ['full', 'thumbnail'] as const) await rm(fileOf(data, sha256, size), { force: true })
  }
  await rm(join(marksOf(data), mark), { force: true })
}

/** Removes what a server that was cut off did not finish writing. */
export async function clearDrafts(data: string): Promise<void> {
  for (const name of await namesIn(marksOf(data)))
    if (name.startsWith(DRAFT)) await rm(join(marksOf(data), name), { force: true })
}

/** The marks that are there. */
export async function listMarks(data: string): Promise<string[]> {
  return (await namesIn(marksOf(data))).filter((name) => !name.startsWith(DRAFT))
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** A file with these bytes on the disk, or none. One that has them already stays: its name is their hash. */
async function writeDurably(data: string, path: string, bytes: Buffer) {
  if ((await sizeOf(path)) === bytes.length) return
  for (const folder of [dirname(path), marksOf(data)]) await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = join(marksOf(data), `${DRAFT}${randomUUID()}`)
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** A new name is on the disk when its folder is; Windows has no such thing to ask for. */
async function syncFolder(path: string) {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
