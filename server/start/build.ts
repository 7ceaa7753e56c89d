import { buildPages } from './build-pages.ts'
import { buildProgram } from './build-program.ts'

/** `npm run build`: the counter's pages, and the bundled program. */
await buildPages((line) => void process.stdout.write(`${line}\n`))
await buildProgram()
process.stdout.write('Built dist/renderer and dist/program.\n')
