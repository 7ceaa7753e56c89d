import { statSync } from 'node:fs'
import { DatabaseRefused } from '../errors.ts'

/** Refuses what is not the kind of thing that belongs at `path`; what is not there passes. @throws DatabaseRefused */
export function expectKind(path: string, kind: 'file' | 'folder'): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found || (kind === 'file' ? found.isFile() : found.isDirectory())) return
  const is = found.isDirectory() ? 'a folder' : found.isFile() ? 'a file' : 'neither a file nor a folder'
  throw new DatabaseRefused(
    `${path} is ${is}, where Fixpoint keeps a ${kind}. Move it away, or choose another folder with --data.`,
  )
}
