import { loadRun } from './built.ts'
import { reasonOf } from './reason.ts'
import { buildProgram } from './start/build-program.ts'

/** `npm start`, from a bundle that is made where there is none of this version. */
await buildProgram().catch((error: unknown) => {
  process.stderr.write(`Fixpoint runs from its sources, which starts slower: ${reasonOf(error) ?? String(error)}\n`)
})
await loadRun('start')
