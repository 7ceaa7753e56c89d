import { setTimeout as pause } from 'node:timers/promises'
import type { Trx } from '../db/handle.ts'
import { upsertLocal } from '../db/local.ts'
import { noteForIndexing } from '../db/search/search-index.ts'
import { SEARCH_FORM } from '../db/search/search-words.ts'
import { SEARCHABLE, type Searchable } from '../db/search/searchable.ts'
import type { Context } from './context.ts'

/** What a program of another day worked out differently is worked out anew: in slices, while the shop goes on. */

type At = Pick<Context, 'database'>

/** Something that every row of a table has in one form. */
type Task = {
  name: string
  /** What they are to have. */
  form: (at: At) => Promise<string>
  /** Brings the next rows behind an id to it; null where there are no more. */
  slice: (trx: Trx, after: number) => Promise<number | null>
  /** What a slice leaves to be done behind it. */
  finish?: (at: At) => Promise<void>
}

/** Rows whose words are made anew before the next ones are: a search indexes what waits before it looks. */
const SEARCH_SLICE = 400

const searchTask = (entity: Searchable): Task => ({
  name: `search ${entity}`,
  form: async () => String(SEARCH_FORM),
  slice: (trx, after) => noteForIndexing(trx, entity, after, SEARCH_SLICE),
  finish: ({ database }) => database.flushSearchIndex(),
})

const TASKS: readonly Task[] = SEARCHABLE.map(searchTask)

/** After a trouble that may pass, in ms. */
const RETRY_MS = 60_000

/** Does what there is to do, and again what failed, until the server closes. */
export async function runUpkeep(context: Pick<Context, 'database' | 'log' | 'run'>): Promise<void> {
  const { closing } = context.run
  while (!closing.aborted) {
    try {
      await bringUpToDate(context, closing)
      return
    } catch (error) {
      if (closing.aborted) return
      context.log.warn({ err: error }, 'keys and search words could not be brought up to date')
      await pause(RETRY_MS, undefined, { signal: closing, ref: false }).catch(() => {}) // The server closes.
    }
  }
}

/** Brings every row to the form that this program gives it. */
export async function bringUpToDate(at: At, closing?: AbortSignal): Promise<void> {
  for (const task of TASKS) await bring(at, task, closing)
}

const BY = (name: string) => ({ actor: null, device: null, act: `upkeep ${name}` })

async function bring(at: At, { name, form, slice, finish }: Task, closing?: AbortSignal) {
  const { database } = at
  const wanted = await form(at)
  const known = await database.db
    .selectFrom('upkeep')
    .select(['form', 'after_id'])
    .where('name', '=', name)
    .executeTakeFirst()
  let after = known?.form === wanted ? known.after_id : 0
  while (after !== null && !closing?.aborted) {
    const from = after
    const began = performance.now()
    after = await database.write(BY(name), async (trx) => {
      const reached = await slice(trx, from)
      await upsertLocal(trx, 'upkeep', { name }, { form: wanted, after_id: reached })
      return reached
    })
    await finish?.(at)
    // Half of the time at most: the counter comes first.
    await pause(performance.now() - began, undefined, { ref: false })
  }
}
