import { spawnSync } from 'node:child_process'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** No test may last as long: where nothing begins or ends meanwhile, something stands still. */
const LIMIT_MS = 20 * 60_000

/**
 * Ends a run that stands still, and says where: a worker that is caught in one place heeds no time limit of its tests, and vitest
 * would wait for it without end.
 */
export default class StallReporter implements Reporter {
  #underWay = new Map<string, string>()
  #isOver = false
  #timer: NodeJS.Timeout | undefined

  onTestRunStart() {
    this.#isOver = false
    this.#goesOn()
  }
  onTestModuleQueued(module: TestModule) {
    this.#begins(module.id, nameOf(module))
  }
  onTestModuleEnd(module: TestModule) {
    this.#ends(module.id)
  }
  onTestCaseReady(test: TestCase) {
    this.#begins(test.id, `${nameOf(test.module)} > ${test.fullName}`)
  }
  onTestCaseResult(test: TestCase) {
    this.#ends(test.id)
  }
  onTestRunEnd() {
    this.#isOver = true
    this.#goesOn()
  }

  #begins(id: string, name: string) {
    this.#underWay.set(id, name)
    this.#goesOn()
  }
  #ends(id: string) {
    this.#underWay.delete(id)
    this.#goesOn()
  }
  #goesOn() {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#stop(), LIMIT_MS).unref()
  }

  #stop() {
    const minutes = LIMIT_MS / 60_000
    const where = this.#isOver ? ['the end of the run, after its last test'] : [...this.#underWay.values()]
    const processes = descendants()
    const lines = [`Nothing has gone on for ${minutes} minutes. Under way:`, ...where, 'Processes:', ...processes.map(({ line }) => line)] // oxfmt-ignore
    process.stderr.write(`${lines.join('\n')}\n`)
    for (const { pid } of processes) endAtOnce(pid)
    process.exit(1)
  }
}

const nameOf = ({ project, relativeModuleId }: TestModule) => `${project.name} ${relativeModuleId}`

/** The processes that this run has begun, each with how long it has been there and worked. Windows has no `ps`. */
function descendants(): { pid: number; line: string }[] {
  const { stdout, pid: own } = spawnSync('ps', ['-eo', 'pid=,ppid=,etime=,time=,args='], { encoding: 'utf8' })
  const all = (stdout ?? '').split('\n').map((line) => {
    const [pid, parent] = line.trim().split(/\s+/, 2).map(Number)
    return { pid: pid!, parent, line: line.slice(0, 300) }
  })
  const found = all.filter(({ pid, parent }) => parent === process.pid && pid !== own)
  for (const one of found) found.push(...all.filter(({ parent }) => parent === one.pid))
  return found
}

/** Another process of it may have ended it meanwhile. */
function endAtOnce(pid: number) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
