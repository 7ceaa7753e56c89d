import { bundleIsNew, loadRun } from './built.mjs'

/** `npm start`, from a bundle that is made where there is none of this version. */
if (!bundleIsNew()) {
  const { buildProgram } = await import('./start/build-program.ts')
  await buildProgram().catch(async (error) => {
    const { reasonOf } = await import('./reason.ts')
    process.stderr.write(`Fixpoint runs from its sources, which starts slower: ${reasonOf(error) ?? String(error)}\n`)
  })
}
await loadRun('start')
