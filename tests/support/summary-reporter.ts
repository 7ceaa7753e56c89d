import { stripVTControlCharacters } from 'node:util'
import type { Reporter, TestCase, TestModule, TestRunEndReason } from 'vitest/node'

/**
 * Ends a run with one plain line: `N passed, N failed`, and `, N skipped` when some were. Before it stands each test that
 * only passed when it was tried once more, and why not at first: that is a fault of the test or of the program.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: TestRunEndReason) {
    const { passed, skipped, ...counted } = count(modules)
    const failed = Math.max(counted.failed + errors.length, reason === 'failed' ? 1 : 0)
    const line = `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`
    const lines = [...triedAgain(modules), line]
    process.once('exit', () => process.stdout.write(lines.map((one) => `${one}\n`).join('')))
  }
}

/** A line for each test that failed first and then passed. */
function triedAgain(modules: readonly TestModule[]): string[] {
  const tests: TestCase[] = modules.flatMap((module) => [...module.children.allTests()])
  return tests
    .filter((test) => test.diagnostic()?.flaky)
    .map(
      (test) =>
        `passed only when tried again: ${test.project.name} ${test.module.relativeModuleId} > ${test.name}: ${whyFirst(test)}`,
    )
}

/** The first error of a test in one line, with the line of the test's own file where it broke. */
function whyFirst(test: TestCase): string {
  const error = test.result().errors?.[0]
  const at = error?.stacks?.findLast(({ file }) => file === test.module.moduleId)
  const said = stripVTControlCharacters(error?.message ?? '').replaceAll(/\s+/g, ' ')
  return `${said.slice(0, 200)}${at ? ` (line ${at.line})` : ''}`
}

/** A file that breaks before its tests run counts as one failure. */
function count(modules: readonly TestModule[]) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const module of modules) {
    const failedBefore = counts.failed
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === 'passed' || state === 'failed') counts[state] += 1
      else counts.skipped += 1
    }
    if (!module.ok() && counts.failed === failedBefore) counts.failed += 1
  }
  return counts
}
