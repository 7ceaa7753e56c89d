import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from '../built.mjs'

/** What a shipped copy of the program lists: each package in it, under which licence, with the words of the licence. */
export const THIRD_PARTY = join(ROOT, 'dist', 'THIRD-PARTY.txt')

export type Shipped = { name: string; version: string; licence: string; source: string; texts: string[] }

type Manifest = {
  name: string
  version: string
  license?: string | { type: string }
  /** As packages of long ago name them. */
  licenses?: { type: string }[]
  repository?: string | { url: string }
  homepage?: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  peerDependenciesMeta?: Record<string, { optional?: boolean }>
}

/** Every package that the program needs when it runs, sorted by name: bundled, packed beside it or built into the page. */
export function shippedPackages(): Shipped[] {
  const found = new Map<string, Shipped>()
  const visit = (name: string, from: string, needed: boolean) => {
    const folder = folderOf(name, from)
    // What is for another system, or is only there for who wants it, is not installed.
    if (folder === null && needed) throw new Error(`${name} is not installed: npm ci`)
    if (folder === null || found.has(folder)) return
    const manifest = readManifest(folder)
    found.set(folder, describe(manifest, folder))
    visitAll(manifest, folder)
  }
  const visitAll = (manifest: Manifest, from: string) => {
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = manifest
    const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional)
    for (const name of Object.keys(dependencies)) visit(name, from, !(name in optionalDependencies))
    for (const name of [...Object.keys(optionalDependencies), ...peers]) visit(name, from, false)
  }
  const { dependencies = {} } = readManifest(ROOT)
  for (const name of Object.keys(dependencies)) visit(name, ROOT, true)
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** Lists them in `dist/`, where the installer finds the file. */
export function writeThirdParty(): void {
  const packages = shippedPackages()
  const list = packages.map(({ name, version, licence, source }) => `${name} ${version} · ${licence} · ${source}`)
  const texts = packages.map(({ name, texts }) => [RULE, name, RULE, ...texts].join('\n\n'))
  writeFileSync(THIRD_PARTY, [HEAD, ...list, '', ...texts, RULE, gpl(), ''].join('\n'))
}

const RULE = '-'.repeat(80)

const HEAD = `Fixpoint is made with these packages of others. Each is followed by the words of its licence below.

libvips, with the libraries built into it (sharp), and libheif (libheif-js) are used under the GNU Lesser General Public
License, version 3. Both stand beside the program in files of their own, in app.asar.unpacked/node_modules/@img and in
app.asar/node_modules/libheif-js, and may be replaced there by other versions. Their sources are at
https://github.com/lovell/sharp-libvips and https://github.com/catdad-experiments/libheif-js.
`

/** The Lesser License adds to this one, and must come with it. */
const gpl = () => readFileSync(join(ROOT, 'licenses', 'GPL-3.0.txt'), 'utf8')

const readManifest = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** Where Node finds the package from there. */
function folderOf(name: string, from: string): string | null {
  const folder = join(from, 'node_modules', name)
  if (existsSync(join(folder, 'package.json'))) return folder
  return from === dirname(from) ? null : folderOf(name, dirname(from))
}

function describe({ name, version, license, licenses = [], repository, homepage }: Manifest, folder: string): Shipped {
  const old = licenses.map(({ type }) => type).join(' OR ')
  const licence = (typeof license === 'string' ? license : license?.type) ?? old
  if (licence === '') throw new Error(`${name} names no licence`)
  const address = typeof repository === 'string' ? repository : repository?.url
  const source = (homepage ?? address ?? `https://www.npmjs.com/package/${name}`).replace(/^git\+/, '')
  return { name, version, licence, source, texts: textsOf(folder, licence) }
}

const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i

/** The files of a package that say so; where it has none, the words that its readme has for it. */
function textsOf(folder: string, licence: string): string[] {
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file))
  if (files.length > 0) return files.map((file) => readFileSync(join(folder, file), 'utf8').trim())
  const readme = readdirSync(folder).find((file) => /^readme/i.test(file))
  const words = readme && /^#+ *licen[cs](e|ing)[^]*?(?=^#|(?![^]))/im.exec(readFileSync(join(folder, readme), 'utf8'))
  return [words ? words[0].trim() : `Under the licence ${licence}.`]
}
