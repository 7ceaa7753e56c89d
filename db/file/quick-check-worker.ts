import { constants, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { SEARCHABLE, type Searchable } from '../search/searchable.ts'
import { type CheckOrder, damageOf, firstFinding, type StructureDamage, structureDamageIn } from './quick-check.ts'

/** Checks a served file for `watchForDamage`, `checkStructure` and `checkAtOnce`, and sends what it finds. */
const { file, whole, politely, atOnce } = workerData as CheckOrder
// On Linux this thread alone; elsewhere it would be the whole program.
if (politely && process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL)
const database = new Database(file, { readonly: true, timeout: 1_000 })
const found = atOnce ? structureDamageIn(database) : findAll()
if (found.damage !== null || found.search.length > 0) parentPort?.postMessage(found)
database.close()

/** The first damage, or where only search indexes contradict themselves, which. Their own tables must be whole. */
function findAll(): StructureDamage {
  const search: { entity: Searchable; text: string }[] = []
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
      if (damage === null) continue
      const entity = SEARCHABLE.find((searched) => name === `search_${searched}`)
      if (!entity) return { damage, search: [] }
      search.push({ entity, text: damage })
    }
    return { damage: null, search }
  } catch (error) {
    return { damage: damageOf(error), search: [] }
  }
}
