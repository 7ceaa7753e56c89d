import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
/** What a folder can carry before nobody finds anything in it. */
const MAX_CODE_FILES = 20
/** Flat whatever they hold: a path there is a URL, or a number in a row. */
const FLAT = ['server/v1', 'server/api', 'db/migrations']

/** Files of code by folder. Contracts stand beside their endpoints and declarations beside what they declare: neither counts. */
function filesByFolder(): Map<string, string[]> {
  const entries = ['db', 'main', 'renderer', 'server'].flatMap((side) =>
    readdirSync(join(ROOT, side), { recursive: true, encoding: 'utf8' }).map(
      (path) => `${side}/${path.replaceAll('\\', '/')}`,
    ),
  )
  const code = entries.filter((path) => /\.(ts|tsx|cts)$/.test(path) && !/\.(contract|d)\.ts$/.test(path))
  return Map.groupBy(code, (path) => path.slice(0, path.lastIndexOf('/')))
}

test('no folder carries more than 20 files of code: it is split by use case before', () => {
  const folders = filesByFolder()
  expect(folders.size).toBeGreaterThan(50)
  const full = [...folders].filter(([folder, files]) => files.length > MAX_CODE_FILES && !FLAT.includes(folder))
  expect(full.map(([folder, files]) => `${folder}: ${files.length}`)).toEqual([])
})
