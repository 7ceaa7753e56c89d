import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
const PAGES = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/*.md', { cwd: ROOT })]

const SIDES = '(?:db|docs|main|renderer|server|tests)'
/** A path from the root: `server/http/`, `db/rows.ts`. */
const FROM_ROOT = new RegExp(`(?<![\\w./-])${SIDES}/[\\w./-]*[\\w/]`, 'g')
/** A file of code below some folder, wherever its path begins. */
const CODE = /(?<![\w./-])[\w-]+(?:\/[\w.-]+)+\.(?:ts|tsx|cts)\b/g
/** A page that another page links to, from where it stands. */
const LINK = /\]\(([^)#:]+\.(?:md|png))/g

test.each(PAGES)('every file and folder that %s names is there', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8')
  const named = new Set([...text.matchAll(FROM_ROOT), ...text.matchAll(CODE)].map(([path]) => path))
  for (const [, path] of text.matchAll(LINK)) named.add(join(page, '..', path!))
  expect([...named].filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
})

test('what the table of folders says is in a folder is in it', () => {
  const rows = readFileSync(join(ROOT, 'docs/overview.md'), 'utf8').match(/^\| `.+$/gm) ?? []
  expect(rows.length).toBeGreaterThan(15)
  const missing = rows.flatMap((row) => {
    const names = [...row.matchAll(/`([^` ]+)`/g)].map(([, name]) => name!)
    const folders = names.filter((name) => new RegExp(`^${SIDES}/`).test(name))
    const inside = names.filter((name) => !folders.includes(name) && /^[\w-]+(\/|\.tsx?)$/.test(name))
    return inside.filter((name) => !folders.some((folder) => existsSync(join(ROOT, folder, name))))
  })
  expect(missing).toEqual([])
})

test('the pages name files', () => {
  const named = PAGES.map((page) => readFileSync(join(ROOT, page), 'utf8').match(FROM_ROOT)?.length ?? 0)
  expect(named.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(60)
})
