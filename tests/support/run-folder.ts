import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Gives the run one temporary folder that goes with it: workers are ended without a word and could not tidy up. They
 * inherit its address as their system's temporary folder.
 */
export function openRunFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-run-'))
  chmodSync(folder, 0o711) // PostgreSQL's user must get through.
  for (const name of ['TMPDIR', 'TMP', 'TEMP']) process.env[name] = folder
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
}
