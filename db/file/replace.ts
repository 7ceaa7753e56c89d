import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { openSync, closeSync, fsyncSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { recordCleanStop } from './clean-stop.ts'
import { syncFolder } from './sync-folder.ts'

/**
 * Puts a database that lies ready beside a file in its place, and keeps what was there. A plan on the disk decides: without
 * it nothing has happened, with it everything will, whenever the machine goes dark between two steps. Whoever opens the file
 * calls `finishReplacement` first, holding its lock.
 */

/** Where what is to come lies ready, beside the file. */
export const stagingFolderOf = (file: string) => join(dirname(file), 'restoring')
const planOf = (file: string) => join(stagingFolderOf(file), 'plan.json')
/** The folder for what was there, made before the plan: once there is one, nothing needs room on the disk any more. */
const keptIn = (file: string) => join(stagingFolderOf(file), 'kept')

/**
 * `kept` is the folder, beside the file, that what was there goes to; `also` are other files that are replaced with it, and
 * `away` are files that go there without another in their place, by their paths beside the file.
 */
type Plan = { kept: string; also: string[]; away?: string[] }

/**
 * What SQLite and the program keep beside a database file about it: it goes where the file goes. A rollback journal, which a
 * kill leaves of the file's first moments, SQLite would play back into whatever lies there.
 */
const SIDE_FILE_SUFFIXES = ['-wal', '-shm', '-journal', '-clean', '-head']

/** Writes the plan: from now on the file is replaced by the one of the same name in `stagingFolderOf(file)`, come what may. */
export function planReplacement(file: string, plan: Plan): void {
  const stage = stagingFolderOf(file)
  for (const folder of foldersOf(plan.away ?? []))
    mkdirSync(join(keptIn(file), folder), { recursive: true, mode: 0o700 })
  const written = `${planOf(file)}.new`
  writeFileSync(written, JSON.stringify(plan), { mode: 0o600 })
  const descriptor = openSync(written, 'r+')
  fsyncSync(descriptor)
  closeSync(descriptor)
  syncFolder(stage)
  syncFolder(dirname(file))
  renameSync(written, planOf(file))
  syncFolder(stage)
}

/** Whether a replacement has its plan, and so will be finished. */
export const isPlanned = (file: string): boolean => existsSync(planOf(file))

/** Finishes a replacement that has a plan and undoes one that has none; does nothing where there is neither. */
export function finishReplacement(file: string): void {
  for (const _ of replacementSteps(file));
}

/** The same, step by step: each is done at once or not at all. */
export function* replacementSteps(file: string): Generator<void> {
  const folder = dirname(file)
  const stage = stagingFolderOf(file)
  if (isPlanned(file)) {
    const { kept, also, away = [] } = JSON.parse(readFileSync(planOf(file), 'utf8')) as Plan // As `planReplacement` wrote it.
    for (const name of [...also, basename(file)]) {
      if (!existsSync(join(stage, name))) continue // It is in its place already.
      const beside = name === basename(file) ? SIDE_FILE_SUFFIXES.map((suffix) => name + suffix) : []
      for (const old of [...beside, name]) yield* keep(file, kept, old)
      renameSync(join(stage, name), join(folder, name))
      syncFolder(folder)
      yield
    }
    yield* keepAway(file, kept, away)
    recordCleanStop(file)
    yield
    rmSync(planOf(file))
    syncFolder(stage)
    yield
  }
  rmSync(stage, { recursive: true, force: true })
}

function* keep(file: string, kept: string, name: string): Generator<void> {
  const folder = dirname(file)
  if (!existsSync(join(folder, name))) return
  yield* showKept(file, kept)
  renameSync(join(folder, name), join(folder, kept, name))
  syncFolder(join(folder, kept))
  syncFolder(folder)
  yield
}

function* showKept(file: string, kept: string): Generator<void> {
  const folder = dirname(file)
  if (existsSync(join(folder, kept))) return
  mkdirSync(keptIn(file), { recursive: true, mode: 0o700 }) // A plan of an older program has none.
  renameSync(keptIn(file), join(folder, kept))
  syncFolder(folder)
  yield
}

/** Many files, brought to the disk together: before that the plan is there, and whoever finishes it finds which are left. */
function* keepAway(file: string, kept: string, away: readonly string[]): Generator<void> {
  const folder = dirname(file)
  for (const name of away) {
    if (!existsSync(join(folder, name))) continue
    yield* showKept(file, kept)
    renameSync(join(folder, name), join(folder, kept, name))
    yield
  }
  const parents = foldersOf(away).flatMap((parent) => [join(folder, parent), join(folder, kept, parent)])
  for (const parent of parents) if (existsSync(parent)) syncFolder(parent)
}

const foldersOf = (names: readonly string[]) => [...new Set(['.', ...names.map((name) => dirname(name))])]
