import { buildPages } from './build-pages.ts'
import { stripProgram } from './strip-program.ts'

/** `npm run build`: the counter's pages, and the program as Electron runs it. */
await buildPages((line) => void process.stdout.write(`${line}\n`))
stripProgram()
process.stdout.write('Built dist/renderer and dist/app.\n')
