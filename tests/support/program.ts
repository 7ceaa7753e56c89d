import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { fixpoint: string } }
const words = scripts.fixpoint.split(' ').slice(1)

/** Node's flags for the program, as package.json has them. */
export const FLAGS = words.slice(0, -1)
/** What Node is given for `npm run fixpoint`. */
export const CLI = [...FLAGS, join(ROOT, words.at(-1)!)]

/** Whether `npm run build` has been run: without it there is no page. */
export const pagesAreBuilt = () => existsSync(join(ROOT, 'dist/renderer/index.html'))
