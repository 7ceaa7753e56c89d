import { constants, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { type CheckOrder, damageOf, firstFinding } from './quick-check.ts'

/** Checks a served file for `watchForDamage` and `checkStructure`, and sends what it finds. */
const { file, whole, politely } = workerData as CheckOrder
// On Linux this thread alone; elsewhere it would be the whole program.
if (politely && process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL)
const database = new Database(file, { readonly: true, timeout: 1_000 })
const damage = findFirst()
if (damage) parentPort?.postMessage(damage)
database.close()

function findFirst(): string | null {
  try {
    const tables = `select name from sqlite_schema where type = 'table'`
    const names = database
      .prepare(whole ? tables : `${tables} and sql not like 'create virtual%'`)
      .pluck()
      .all()
    for (const name of names) {
      const damage = firstFinding(
        database
          .prepare(`pragma ${whole ? 'integrity_check' : 'quick_check'}('${String(name).replaceAll("'", "''")}')`)
          .pluck()
          .all(),
      )
      if (damage) return damage
    }
    return null
  } catch (error) {
    return damageOf(error)
  }
}
