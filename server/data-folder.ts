import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseRefused } from '../db/errors.ts'
import { makeFolder } from '../db/file/make-folder.ts'
import { expectKind } from '../db/file/place-kind.ts'
import { syncFolder } from '../db/file/sync-folder.ts'
import { ofSystem } from './reason.ts'

/** What lies in the data folder, by kind; all that Fixpoint makes there is its owner's alone. */
const FILES = [
  'fixpoint.db', 'fixpoint.db-wal', 'fixpoint.db-shm', 'fixpoint.db-head', 'fixpoint.db-clean', 'fixpoint.lock',
  'fixpoint.reserve', 'secret', 'setup-code', 'shared-network', 'server.log', 'server.log.1',
] // oxfmt-ignore
const FOLDERS = ['photos', 'incoming', 'window', 'backups']

/**
 * Makes the data folder where it is missing, and sees to it that what lies in it is its owner's alone.
 * @throws DatabaseRefused when it cannot be made, or something else stands in the place of a file or folder
 */
export function prepareFolder(data: string): void {
  try {
    expectKind(data, 'folder')
    makeFolder(data)
  } catch (error) {
    if (error instanceof DatabaseRefused) throw error
    throw new DatabaseRefused(`The data folder cannot be made. ${ofSystem(error as Error) ?? (error as Error).message}`)
  }
  for (const name of FILES) expectKind(join(data, name), 'file')
  for (const name of FOLDERS) expectKind(join(data, name), 'folder')
  makePrivate(data, 0o700)
  for (const name of FILES) makePrivate(join(data, name), 0o600)
  for (const name of FOLDERS) makePrivate(join(data, name), 0o700)
}

const STICKY = 0o1000

/** Takes from others what they may do with `path`. A folder that is everybody's, like /tmp, stays so; Windows has no modes. */
function makePrivate(path: string, mode: number) {
  if (process.platform === 'win32') return
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found || (found.mode & 0o077) === 0 || (found.mode & STICKY) !== 0) return
  try {
    chmodSync(path, mode)
  } catch (error) {
    // Another user's file, or a disk without modes or that cannot be written: it stays as it is.
    if (!['EPERM', 'EROFS', 'ENOTSUP', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

/** The secret that signs tokens: made once, in a file that only its owner reads. `secret` is laid there where none is. */
export function signingSecret(data: string, secret = randomBytes(48).toString('base64url')): string {
  const file = join(data, 'secret')
  const kept = readSecret(file)
  if (kept) return kept
  layDown(data, 'secret', secret)
  return secret
}

/** Writes a whole file or none, and waits for the disk. */
function layDown(data: string, name: string, text: string) {
  const file = join(data, name)
  const descriptor = openSync(`${file}.new`, 'w', 0o600)
  try {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(`${file}.new`, file)
  syncFolder(data)
}

/** Remembers on which network this machine shares its server: a thing of the machine, which no backup takes along. */
export function keepNetwork(data: string, network: string | null): void {
  if (network !== null) return layDown(data, 'shared-network', network)
  rmSync(join(data, 'shared-network'), { force: true })
  syncFolder(data)
}

/** The network that was remembered; null for none. */
export function keptNetwork(data: string): string | null {
  try {
    return readFileSync(join(data, 'shared-network'), 'utf8').trim() || null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

const codeFile = (data: string) => join(data, 'setup-code')

/** Lays the set-up code of the running server where only its owner reads it, for a second `npm start`; null takes it away. */
export function keepSetupCode(data: string, code: string | null): void {
  // Removed first: a file that is there already would keep its mode.
  rmSync(codeFile(data), { force: true })
  if (code !== null) writeFileSync(codeFile(data), code, { mode: 0o600, flag: 'wx' })
}

/** The code of the server that runs on this folder; null when it is set up, or nobody serves it. */
export function keptSetupCode(data: string): string | null {
  try {
    return readFileSync(codeFile(data), 'utf8') || null // On a full disk it could not be written.
  } catch (error) {
    if (['ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

function readSecret(file: string): string | null {
  try {
    const secret = readFileSync(file, 'utf8').trim()
    if (!/^[\x21-\x7e]{32,1000}$/.test(secret))
      throw new DatabaseRefused(
        `${file} holds no signing secret. Move it away: a new one is made, and everybody signs in again.`,
      )
    return secret
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
