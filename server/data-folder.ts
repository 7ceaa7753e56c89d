import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseRefused } from '../db/errors.ts'

/** Makes the data folder where it is missing, for its owner alone. */
export function prepareFolder(data: string): void {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new DatabaseRefused(`The data folder ${data} cannot be made: ${(error as Error).message}`)
  }
}

/** The secret that signs tokens: made once, in a file that only its owner reads. */
export function signingSecret(data: string): string {
  const file = join(data, 'secret')
  const kept = readSecret(file)
  if (kept) return kept
  const secret = randomBytes(48).toString('base64url')
  const descriptor = openSync(`${file}.new`, 'w', 0o600)
  writeSync(descriptor, secret)
  fsyncSync(descriptor)
  closeSync(descriptor)
  renameSync(`${file}.new`, file)
  keepNames(data)
  return secret
}

/** Brings a folder's names to the disk: a file that was renamed is lost with them. Windows cannot, and does so itself. */
function keepNames(folder: string) {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
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
    return readFileSync(codeFile(data), 'utf8')
  } catch (error) {
    if (['ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

function readSecret(file: string): string | null {
  try {
    const secret = readFileSync(file, 'utf8').trim()
    chmodSync(file, 0o600)
    if (secret.length < 32)
      throw new DatabaseRefused(`${file} holds no signing secret; remove it and every session starts anew`)
    return secret
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
