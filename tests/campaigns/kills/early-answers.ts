import Database from 'better-sqlite3'

/**
 * A planted fault, for `node --import`: what transactions wrote is committed for eight of them together, when the next one
 * begins, so that their answers go out before it is on the disk. A server that is killed loses what it acknowledged last.
 */
const TOGETHER = 8

type Run = (...parameters: unknown[]) => Database.RunResult
/** The transaction of a connection that is open for several of the program's, and whether it has left the file's mark. */
type Late = { begun: number; marked: boolean }

const { prepare } = Database.prototype
const NOTHING_DONE: Database.RunResult = { changes: 0, lastInsertRowid: 0 }
const late = new WeakMap<Database.Database, Late>()

Database.prototype.prepare = function (this: Database.Database, text: string) {
  const statement = prepare.call(this, text)
  const run = statement.run.bind(statement) as Run
  const inside = (words: string) => (prepare.call(this, words) as Database.Statement<[]>).run()
  const begin: Run = () => {
    const open = late.get(this)
    if (open && open.begun < TOGETHER) open.begun++
    else {
      if (open) inside('commit')
      run()
      late.set(this, { begun: 1, marked: false })
    }
    return inside('savepoint one')
  }
  const markOnce: Run = (...parameters) => {
    const open = late.get(this)
    if (open?.marked) return NOTHING_DONE
    if (open) open.marked = true
    return run(...parameters)
  }
  if (text === 'BEGIN IMMEDIATE') statement.run = begin
  if (text === 'COMMIT') statement.run = () => inside('release one')
  if (text === 'ROLLBACK') statement.run = () => (inside('rollback to one'), inside('release one'))
  if (text.startsWith('update self set mark')) statement.run = markOnce
  return statement
} as typeof prepare
