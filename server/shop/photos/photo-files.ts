import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Picture } from './image.ts'

/**
 * Pictures on the disk, by the hash of their bytes. They are written before the row that names them; a mark says so
 * until that row is there, and what is still marked at the next start without a row is removed.
 */

export type PhotoSize = 'full' | 'thumbnail'
const SIZES = ['full', 'thumbnail'] as const

const folderOf = (data: string) => join(data, 'photos')
const pendingFolderOf = (data: string) => join(folderOf(data), 'marks')

const nameOf = (sha256: string, size: PhotoSize) =>
  `photos/${sha256.slice(0, 2)}/${sha256}${size === 'full' ? '' : '.thumbnail'}.jpg`

const fileOf = (data: string, sha256: string, size: PhotoSize) => join(data, nameOf(sha256, size))

/** The files of a picture by their place in the data folder, `photos/ab/ab….jpg`, each with its size. */
export const photoNames = (sha256: string) => SIZES.map((size) => ({ name: nameOf(sha256, size), size }))

/** Whether this is the place of a picture's file. */
export const isPhotoName = (name: string) => /^photos\/([0-9a-f]{2})\/\1[0-9a-f]{62}(\.thumbnail)?\.jpg$/.test(name)

/** The pictures' files that are there, by their places. */
export async function listPhotoFiles(data: string): Promise<string[]> {
  const names: string[] = []
  for (const two of await unlessMissing(readdir(folderOf(data)), [])) {
    if (!/^[0-9a-f]{2}$/.test(two)) continue
    names.push(...(await readdir(join(folderOf(data), two))).map((name) => `photos/${two}/${name}`))
  }
  return names.filter(isPhotoName)
}

/** A picture's bytes; null when the file is not there. */
export async function readPhoto(data: string, sha256: string, size: PhotoSize): Promise<Buffer | null> {
  return await unlessMissing(readFile(fileOf(data, sha256, size)), null)
}

/** Where the whole picture lies, and its size in bytes; null when it is not there. */
export async function findPhoto(data: string, sha256: string): Promise<{ path: string; bytes: number } | null> {
  const path = fileOf(data, sha256, 'full')
  return await unlessMissing(
    stat(path).then(({ size }) => ({ path, bytes: size })),
    null,
  )
}

/** Says that a picture is about to be written, and makes its folder. Marks are made and settled one at a time. */
export async function beginPending(data: string, sha256: string): Promise<string> {
  const pending = `${sha256}.${randomUUID()}`
  for (const folder of [pendingFolderOf(data), dirname(fileOf(data, sha256, 'full'))]) await makeFolder(folder)
  await (await open(join(pendingFolderOf(data), pending), 'wx', 0o600)).close()
  await syncFolder(pendingFolderOf(data))
  return pending
}

/**
 * Puts a picture's files in their place, once it is marked. One with the same name has the same bytes. The whole one comes last: where
 * it is, the small one is too.
 */
export async function keepFiles(data: string, { sha256, files }: Pick<Picture, 'sha256' | 'files'>): Promise<void> {
  for (const size of SIZES.toReversed()) await rename(files[size], fileOf(data, sha256, size))
  await syncFolder(dirname(fileOf(data, sha256, 'full')))
}

/**
 * Ends a mark: a picture without another mark and without a row is removed. In this order, and while nobody makes a mark:
 * who has settled a mark by now has a row to be found, and who makes one later finds no file and writes it again.
 */
export async function resolvePending(data: string, pending: string, hasRow: (sha256: string) => Promise<boolean>) {
  const sha256 = pending.split('.')[0]!
  const others = (await listPending(data)).filter((other) => other !== pending && other.startsWith(`${sha256}.`))
  if (others.length === 0 && !(await hasRow(sha256)))
    for (const size of SIZES) await rm(fileOf(data, sha256, size), { force: true })
  await rm(join(pendingFolderOf(data), pending), { force: true })
}

/** Removes a picture's files though a row names it, unless somebody is about to write them. Not while marks are made. */
export async function letGoOfFiles(data: string, sha256: string): Promise<void> {
  if ((await listPending(data)).some((pending) => pending.startsWith(`${sha256}.`))) return
  for (const size of SIZES) await rm(fileOf(data, sha256, size), { force: true })
}

/** The marks that are there. */
export const listPending = (data: string): Promise<string[]> => unlessMissing(readdir(pendingFolderOf(data)), [])

/** A folder for the owner alone, whose own name is on the disk too when it is new. */
async function makeFolder(path: string) {
  const first = await mkdir(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
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

async function unlessMissing<T, E>(found: Promise<T>, otherwise: E): Promise<T | E> {
  try {
    return await found
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise
    throw error
  }
}
