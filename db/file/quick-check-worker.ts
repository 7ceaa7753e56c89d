import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { damageOf, firstFinding } from './quick-check.ts'

/** Checks a served file for `watchForDamage` and sends what it finds. */
const database = new Database(String(workerData), { readonly: true, timeout: 1_000 })
const damage = findFirst()
if (damage) parentPort?.postMessage(damage)
database.close()

function findFirst(): string | null {
  try {
    const names = database
      .prepare(`select name from sqlite_schema where type = 'table' and sql not like 'create virtual%'`)
      .pluck()
      .all()
    for (const name of names) {
      const damage = firstFinding(
        database
          .prepare(`pragma quick_check('${String(name).replaceAll("'", "''")}')`)
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
