import Database from 'better-sqlite3'

/**
 * A planted fault, for `node --import`: each transaction is committed only when the next one begins, so that its answer goes
 * out before it is on the disk. A server that is killed loses what it acknowledged last.
 */
type Run = () => Database.RunResult

const { prepare } = Database.prototype
const NOTHING_DONE: Database.RunResult = { changes: 0, lastInsertRowid: 0 }
const uncommitted = new WeakMap<Database.Database, Run>()

Database.prototype.prepare = function (this: Database.Database, text: string) {
  const statement = prepare.call(this, text)
  const run = statement.run.bind(statement) as Run
  const commitLater: Run = () => {
    uncommitted.set(this, run)
    return NOTHING_DONE
  }
  const commitThenBegin: Run = () => {
    uncommitted.get(this)?.()
    uncommitted.delete(this)
    return run()
  }
  if (text === 'COMMIT') statement.run = commitLater
  if (text === 'BEGIN IMMEDIATE') statement.run = commitThenBegin
  return statement
} as typeof prepare
