import type { Db } from '../../../db/handle.ts'
import { padded } from '../../../db/queries/id-list.ts'
import { newestFirst } from '../../../db/queries/newest-first.ts'
import { findIds, wordsBeside } from '../../../db/search/search.ts'
import { searchWords } from '../../../db/search/search-words.ts'
import { STARTER_LANGUAGES, starterIn } from '../../domain/starters.ts'

/** How many of the newest repairs that hold the other words are looked through for a fault. */
const MAX_MENTIONS = 500

/**
 * Ids of the newest repairs at whose intake a fault was chosen that is called so in any language of ours; words that are not
 * in its name stand in the repair's number or problem. A fault that is called otherwise is found by its new name at once.
 */
export async function repairsOfFaults(db: Db, q: string, limit: number): Promise<number[]> {
  const faults = await db.selectFrom('problem').select(['id', 'name']).execute()
  const found: number[] = []
  for (const { id, name } of faults) {
    const rest = wordsBeside(namesOf(name), q)
    if (rest === null) continue
    found.push(...(rest === '' ? await newestOf(db, id, limit) : await amongMentions(db, id, rest)))
  }
  return (await newestFirst(db, 'repair_order', [...new Set(found)])).slice(0, limit)
}

/** What a fault is called, as the search index would hold it: faults are few, and each search asks for all of them. */
const namesOf = remembered((name) =>
  searchWords([...new Set([name, ...STARTER_LANGUAGES.map((one) => starterIn('problem', name, one))])].join(' ')),
)

const MAX_REMEMBERED = 500

function remembered(work: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    const result = known.get(text) ?? work(text)
    if (known.size >= MAX_REMEMBERED) known.clear()
    known.set(text, result)
    return result
  }
}

async function newestOf(db: Db, problem_id: number, limit: number): Promise<number[]> {
  const chosen = await chosenAt(db)
    .where('problem_id', '=', problem_id)
    .orderBy('intake_problem.created_at', 'desc')
    .orderBy('intake_problem.id', 'desc')
    .limit(limit)
    .execute()
  return chosen.map(({ order_id }) => order_id)
}

async function amongMentions(db: Db, problem_id: number, words: string): Promise<number[]> {
  const ids = await findIds(db, 'repair_order', words, { limit: MAX_MENTIONS })
  if (ids.length === 0) return []
  const chosen = await db
    .selectFrom('intake')
    .innerJoin('intake_problem', 'intake_problem.intake_id', 'intake.id')
    .select('order_id')
    .where('order_id', 'in', padded(ids))
    .where('problem_id', '=', problem_id)
    .where('intake.deleted_at', 'is', null)
    .where('intake_problem.deleted_at', 'is', null)
    .execute()
  return chosen.map(({ order_id }) => order_id)
}

// A cross join is walked from the left on SQLite: by the fault's own index, and not through every intake there ever was.
const chosenAt = (db: Db) =>
  db
    .selectFrom('intake_problem')
    .crossJoin('intake')
    .select('intake.order_id')
    .whereRef('intake.id', '=', 'intake_problem.intake_id')
    .where('intake.deleted_at', 'is', null)
    .where('intake_problem.deleted_at', 'is', null)
