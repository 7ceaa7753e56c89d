import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join, relative } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')
/** The program as JavaScript, file by file as it stands: what Electron runs and the installer packs. */
const APP = join(ROOT, 'dist', 'app')

/**
 * Writes main/, server/ and db/ without their types to dist/app, with the built page beside them. Electron is not counted
 * on to read TypeScript, and its sandboxed preload cannot.
 */
export function stripProgram(): void {
  rmSync(APP, { recursive: true, force: true })
  for (const folder of ['main', 'server', 'db']) {
    for (const file of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      if (/\.c?ts$/.test(file)) stripFile(join(ROOT, folder, file))
    }
  }
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  writeFileSync(join(APP, 'package.json'), `${JSON.stringify({ ...manifest, main: 'main/index.js' }, null, 2)}\n`)
  const pages = join(ROOT, 'dist', 'renderer')
  if (existsSync(pages)) cpSync(pages, join(APP, 'dist', 'renderer'), { recursive: true })
  copyFileSync(join(ROOT, 'LICENSE'), join(APP, 'LICENSE'))
}

function stripFile(file: string) {
  const target = join(APP, relative(ROOT, file)).replace(/ts$/, 'js')
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, withoutTypes(readFileSync(file, 'utf8')))
}

/** `code` without types, its relative imports and worker addresses naming the files that are written. */
export function withoutTypes(code: string): string {
  const plain = stripTypeScriptTypes(code, { mode: 'strip' })
  return plain.replace(/((?:from|import|import\(|new URL\()\s*')(\.{1,2}\/[^']+\.c?)ts'/g, "$1$2js'")
}
