import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { InlineConfig, Plugin } from 'vite'
import { bundleIsNew, COMPLETE, PROGRAM, ROOT } from '../built.mjs'
import { buildForProduction } from './build-for-production.ts'

/** Packages that bring machine code or files of their own, Electron itself, what builds the page, and a choice of pg that is not taken. */
const NOT_BUNDLED = ['better-sqlite3', 'sharp', 'heic-decode', 'electron', 'vite', 'pg-native']
/** A running program may still start a thread of the bundle before: its files stay that long, in ms. */
const KEPT_MS = 7 * 24 * 3_600_000

/**
 * Bundles main/, server/ and db/ with the packages that they use into dist/program, when that is missing or older than its
 * sources. From one file a server starts in half of the time that it needs from four hundred. `npm start`, Electron and the
 * installer run the bundle, and the tests start their servers from it.
 */
export async function buildProgram(): Promise<void> {
  if (bundleIsNew()) return
  rmSync(COMPLETE, { force: true })
  await bundle({ input: entries() })
  await bundle({ input: 'main/preload.cts', output: { format: 'cjs', entryFileNames: 'preload.cjs' } })
  removeOld()
  writeFileSync(COMPLETE, '')
}

type Options = NonNullable<NonNullable<InlineConfig['build']>['rolldownOptions']>

/** For Node, readable in a stack trace, each file under its own name beside the others. */
const bundle = (rolldownOptions: Options) =>
  buildForProduction({
    root: ROOT,
    configFile: false,
    publicDir: false,
    plugins: [WORKERS],
    ssr: { noExternal: true, external: NOT_BUNDLED },
    build: {
      ssr: true,
      target: 'node24',
      minify: false,
      outDir: PROGRAM,
      emptyOutDir: false,
      reportCompressedSize: false,
      rolldownOptions: {
        ...rolldownOptions,
        output: { chunkFileNames: '[name]-[hash].js', ...rolldownOptions.output },
      },
    },
  })

function entries(): Record<string, string> {
  const workers = ['server', 'db'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('-worker.ts'))
      .map((path) => [basename(path, '.ts'), join(folder, path)] as const),
  )
  return {
    cli: 'server/cli/run.ts',
    start: 'server/start/run.ts',
    'under-shell': 'server/start/under-shell.ts',
    shell: 'main/index.ts',
    ...Object.fromEntries(workers),
  }
}

/** A worker is found beside what starts it. Each that is named must be there: a server starts without it, and fails hours later. */
const WORKERS: Plugin = {
  name: 'workers',
  enforce: 'pre', // Others rewrite the code, and it is our own spelling that is looked for.
  transform: (code) => code.replace(/(new URL\('\.\/[\w-]+-worker)\.ts'/g, "$1.js'"),
  generateBundle(_options, files) {
    for (const file of Object.values(files)) {
      const code = file.type === 'chunk' ? file.code : ''
      for (const [, worker] of code.matchAll(/new URL\(["']\.\/([\w.-]+)["'], import\.meta\.url\)/g))
        if (!files[worker!]) this.error(`${file.fileName} starts ${worker}, which is not built`)
    }
  },
}

function removeOld() {
  for (const name of readdirSync(PROGRAM)) {
    const file = join(PROGRAM, name)
    if (Date.now() - statSync(file).mtimeMs > KEPT_MS) rmSync(file, { force: true })
  }
}
