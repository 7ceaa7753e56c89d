import {
  DatabaseBusy,
  DatabaseChanged,
  DatabaseDamaged,
  DatabaseGone,
  DatabaseRefused,
  isDamage,
  isDiskFull,
  RESTORE,
  SchemaDamaged,
} from '../db/errors.ts'
import { BlockDamaged } from '../db/journal/block.ts'
import { StartRefused } from './config.ts'
import { HttpError } from './http/errors.ts'

/** The sentence for a failure that is nobody's mistake in the program; undefined for any other. */
export function reasonOf(error: unknown): string | undefined {
  if (SENTENCES.some((kind) => error instanceof kind)) return (error as Error).message
  if (error instanceof SchemaDamaged) return `The database file is damaged (${error.message}). ${RESTORE}`
  if (isDamage(error) || error instanceof BlockDamaged) return new DatabaseDamaged().message
  if (isDiskFull(error)) return 'The disk is full. What was finished before is kept; free some space and try again.'
  const { code, message } = error as NodeJS.ErrnoException
  // Of the addresses of this program only that of PostgreSQL is not looked at before. It holds a password: it is not repeated.
  if (error instanceof URIError || code === 'ERR_INVALID_URL')
    return 'The address of the database cannot be read. It is written postgres://USER:PASSWORD@HOST:5432/NAME, with % and @ in a password as %25 and %40.'
  if (code && UNREACHABLE.has(code))
    return `The PostgreSQL server does not answer (${message || code}). Is it running, and is its address (--database or FIXPOINT_DATABASE_URL) right?`
  // What pg says where the server asks for a password and the address has none.
  if (code?.startsWith('28') || message?.startsWith('SASL'))
    return `PostgreSQL lets nobody in with this user and password (${message}). They stand in the address, --database or FIXPOINT_DATABASE_URL.`
  if (code === '3D000') return `PostgreSQL has no such database (${message}). Make it first: createdb NAME`
  if (code && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code)) return `PostgreSQL refuses it: ${message}.`
  return ofSystem(error as Error)
}

/** Errors that are a sentence for a person themselves. */
const SENTENCES = [HttpError, DatabaseRefused, DatabaseBusy, DatabaseChanged, DatabaseGone, StartRefused]

const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN',
]) // oxfmt-ignore

/** What the system refused, in a sentence; undefined for an error that is not the system's. */
export function ofSystem(error: NodeJS.ErrnoException): string | undefined {
  const { code, syscall, path, message } = error
  if (!code || !syscall) return undefined
  const say = path === undefined ? undefined : FILES[code]
  return say ? say(path!) : `The system refuses it: ${message}.`
}

const FILES: Record<string, ((path: string) => string) | undefined> = {
  ENOENT: (path) => `There is no ${path}, and the system makes none there.`,
  ENOTDIR: (path) => `There can be no ${path}: a part of that path is a file, not a folder.`,
  EEXIST: (path) => `${path} is there already, and is not what belongs there.`,
  EISDIR: (path) => `${path} is a folder, where a file is needed.`,
  EACCES: (path) => `${path} may not be read or written by this user.`,
  EPERM: (path) => `${path} may not be read or written by this user.`,
  EROFS: (path) => `The disk of ${path} cannot be written: it is read-only.`,
  EIO: (path) => `The disk of ${path} fails: it does not give back what lies there, or takes nothing.`,
  ENAMETOOLONG: (path) => `${path.slice(0, 60)}… is too long for a name.`,
  ELOOP: (path) => `${path} is a link that leads to itself.`,
}
