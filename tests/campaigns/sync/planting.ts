import { registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { join, relative } from 'node:path'
import { BUGS, type BugName } from './bugs.ts'
import type * as RunSeed from './run-seed.ts'

/**
 * Loads the program once more with a mistake in it: a piece of one of its files is another one as the file is loaded. Nothing of the
 * program knows of it, and nothing on the disk is changed. Each mistake has modules of its own, beside those of the program as it is.
 */

const ROOT = join(import.meta.dirname, '../../..')
const MARK = 'planted'

/** What is one for the program and its planted copies: packages, and the databases in memory that the first day has left. */
const SHARED = ['/node_modules/', '/db/engines/', '/sync/memory.ts', '/sync/first-day.ts']

let isRegistered = false

type Seeds = typeof RunSeed

/** What lives through schedules, with the program as it is or with a mistake. */
export async function loadWith(bug: BugName | null): Promise<Seeds> {
  if (bug === null) return await import('./run-seed.ts')
  // The first day is the same for all.
  await (await import('./run-seed.ts')).beginFirstDay()
  if (!isRegistered) register()
  isRegistered = true
  const url = new URL(pathToFileURL(join(import.meta.dirname, 'run-seed.ts')))
  url.searchParams.set(MARK, bug)
  return (await import(url.href)) as Seeds
}

const bugOf = (url: string | undefined): BugName | null =>
  url?.startsWith('file:') ? (new URL(url).searchParams.get(MARK) as BugName | null) : null

function register(): void {
  registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context)
      const bug = bugOf(context.parentURL)
      if (bug === null || !found.url.startsWith('file:') || SHARED.some((part) => found.url.includes(part)))
        return found
      const url = new URL(found.url)
      url.searchParams.set(MARK, bug)
      return { ...found, url: url.href }
    },
    load: (url, context, next) => {
      const loaded = next(url, context)
      const bug = bugOf(url)
      if (bug === null) return loaded
      const file = relative(ROOT, fileURLToPath(url)).replaceAll('\\', '/')
      const edits = BUGS[bug].filter((edit) => edit.file === file)
      if (edits.length === 0) return loaded
      return { ...loaded, source: edits.reduce(edited, textOf(loaded.source)) }
    },
  })
}

function edited(source: string, { file, from, to }: { file: string; from: string; to: string }): string {
  if (source.split(from).length !== 2)
    throw new Error(`'${from}' stands ${source.split(from).length - 1} times in ${file}: plant the mistake elsewhere`)
  return source.replace(from, () => to)
}

const textOf = (source: string | ArrayBuffer | NodeJS.TypedArray | undefined): string =>
  typeof source === 'string' ? source : new TextDecoder().decode(source)
