import type { Contents } from '../../../db/file/contents.ts'
import type { Progress } from './make-backup.ts'

/** What is to be restored, once it lies unpacked and checked in the stage. */
export type Source = {
  path: string
  database: Contents
  /** When (ms) and by which Fixpoint a backup was made; null for a database file that somebody copied. */
  made: { at: number; version: string } | null
  /** Photos that rows name, and that will not be there. */
  missing_photos: string[]
  hasSecret: boolean
}

/** What whoever unpacks is told: `path` is what is to be restored, `file` and `data` are what it goes to. */
export type Staging = { path: string; file: string; data: string; signal: AbortSignal; progress: Progress }
