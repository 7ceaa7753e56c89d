import { existsSync, readdirSync, statSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

// Plain JavaScript, as are the two that import it: for as long as the program runs Node keeps what it reads TypeScript with, 50 MB,
// and the bundle needs none of it.

/** Where package.json lies: above the sources, and above what is built of them. */
export const ROOT = above(import.meta.dirname)
/** The bundled program: the file of each entry, of each thread and process it starts, and what they share. */
export const PROGRAM = join(ROOT, 'dist', 'program')
/** Written when the bundle is complete. */
export const COMPLETE = join(PROGRAM, 'complete')
/** What the bundle is made of: a change in any of it makes it old. */
const SOURCES = ['main', 'server', 'db', 'package-lock.json']

/**
 * `run.ts` of a folder from the bundle, or where the sources are newer, from its source. What V8 made of either is kept.
 * @param {'cli' | 'start'} folder
 * @returns {Promise<unknown>}
 */
export async function loadRun(folder) {
  const cache = join(ROOT, 'node_modules/.cache/fixpoint')
  enableCompileCache(cache) // Where the folder cannot be written, nothing is kept.
  process.env['NODE_COMPILE_CACHE'] ??= cache // For threads.
  return import(bundleIsNew() ? pathToFileURL(join(PROGRAM, `${folder}.js`)).href : `./${folder}/run.ts`)
}

export const bundleIsNew = () => isNewerThan(COMPLETE, SOURCES)

/**
 * Whether `file` is there and newer than all that it is made of, files and folders below the root.
 * @param {string} file
 * @param {readonly string[]} sources
 */
export function isNewerThan(file, sources) {
  const built = statSync(file, { throwIfNoEntry: false })
  return built !== undefined && sources.every((path) => newest(join(ROOT, path)) < built.mtimeMs)
}

/**
 * When the newest file at or below `path` changed, in ms; 0 when there is none.
 * @param {string} path
 * @returns {number}
 */
function newest(path) {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isDirectory()) return found?.mtimeMs ?? 0
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

/**
 * @param {string} folder
 * @returns {string}
 */
function above(folder) {
  return existsSync(join(folder, 'package.json')) || folder === dirname(folder) ? folder : above(dirname(folder))
}
