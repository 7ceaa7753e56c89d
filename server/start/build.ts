import { buildPages } from './build-pages.ts'
import { buildProgram } from './build-program.ts'
import { writeThirdParty } from './third-party.ts'

/** `npm run build`: the counter's pages, the bundled program, and whose packages are in them. */
await buildPages((line) => void process.stdout.write(`${line}\n`))
await buildProgram()
writeThirdParty()
process.stdout.write('Built dist/renderer, dist/program and dist/THIRD-PARTY.txt.\n')
