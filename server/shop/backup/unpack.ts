import { createHash } from 'node:crypto'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseRefused } from '../../../db/errors.ts'
import { isPhotoName } from '../photos/photo-files.ts'
import { readEntry } from './archive.ts'
import { type Backup, DATABASE, SECRET } from './manifest.ts'

type Watched = { signal: AbortSignal; progress: (done: number, megabytes: number) => void }

/**
 * Reads every part of a backup and holds it against its hash; into `folder`, where there is one, each is written and
 * brought to the disk. Only names of ours are written.
 * @throws DatabaseRefused naming the part that is not as it was written
 */
export async function readParts(
  { path, manifest, entries }: Backup,
  folder: string | null,
  watched: Watched,
): Promise<void> {
  const total = manifest.parts.reduce((sum, { bytes }) => sum + bytes, 0)
  let read = 0
  for (const { name, sha256 } of manifest.parts) {
    if (name !== DATABASE && name !== SECRET && !isPhotoName(name))
      throw new DatabaseRefused(`${path} holds ${JSON.stringify(name)}, which belongs into no backup.`)
    const hash = createHash('sha256')
    const chunks = async function* () {
      for await (const chunk of readEntry(path, entries.get(name)!)) {
        watched.signal.throwIfAborted()
        hash.update(chunk)
        read += chunk.length
        watched.progress(read / Math.max(1, total), Math.round(read / 1e6))
        yield chunk
      }
    }
    if (folder) await writeFile(join(folder, name), chunks())
    else for await (const _ of chunks());
    if (hash.digest('hex') !== sha256)
      throw new DatabaseRefused(`${path} is damaged: its part ${name} is not as it was written.`)
  }
}

/** Writes a new file of its owner's alone and brings it to the disk. */
export async function writeFile(path: string, chunks: AsyncIterable<Buffer>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of chunks) await file.writeFile(chunk)
    await file.sync()
  } finally {
    await file.close()
  }
}
