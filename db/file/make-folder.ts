import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseRefused } from '../errors.ts'

/**
 * Makes a folder of its owner's alone, and those above it that are missing. Node's own `recursive` never ends where the system
 * says of a folder that is there that nothing can be made in it, as in /proc. Throws what the system says.
 * @throws DatabaseRefused where something else lies in the place of one of them
 */
export function makeFolder(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory()) return
  if (found) throw new DatabaseRefused(`${path} is no folder, where one is needed.`)
  const above = dirname(path)
  if (above !== path) makeFolder(above)
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error // Another program may have made it just now.
  }
}
