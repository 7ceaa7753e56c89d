import { setTimeout as pause } from 'node:timers/promises'
import type { Db, Trx } from '../db/handle.ts'
import { upsertLocal } from '../db/local.ts'
import { ownedNodes } from '../db/ownership.ts'
import { noteForIndexing } from '../db/search/search-index.ts'
import { SEARCH_FORM } from '../db/search/search-words.ts'
import { USER_FORM } from '../db/search/sort-keys.ts'
import { SEARCHABLE, type Searchable } from '../db/search/searchable.ts'
import type { Context } from './context.ts'
import { NAME_FORM, NAMED, renewNameKeys } from './shop/devices/name-keys.ts'
import { EMAIL_FORM } from './domain/text/fold.ts'
import { renewEmailKeys } from './shop/people/email-keys.ts'
import { phoneRules, renewPhoneKeys } from './shop/people/phone-keys.ts'

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
  form: async () => (entity === 'user' ? USER_FORM : String(SEARCH_FORM)),
  slice: (trx, after) => noteForIndexing(trx, entity, after, SEARCH_SLICE),
  finish: ({ database }) => database.flushSearchIndex(),
})

/** Rows of one transaction: some 10 ms. */
const KEY_SLICE = 200

/** Keys are made for a machine's own rows: whoever comes into another's begins anew. */
async function ofHeir(db: Db): Promise<string> {
  const nodes = await ownedNodes(db)
  return nodes.length > 1 ? ` of ${nodes.join()}` : ''
}

const phoneTask: Task = {
  name: 'phone keys',
  form: async ({ database: { db } }) => `${await phoneRules(db)}${await ofHeir(db)}`,
  slice: (trx, after) => renewPhoneKeys(trx, after, KEY_SLICE),
}

const emailTask: Task = {
  name: 'email keys',
  form: async ({ database: { db } }) => `${EMAIL_FORM}${await ofHeir(db)}`,
  slice: (trx, after) => renewEmailKeys(trx, after, KEY_SLICE),
}

const nameTask = (table: (typeof NAMED)[number]): Task => ({
  name: `name keys ${table}`,
  form: async ({ database: { db } }) => `${NAME_FORM}${await ofHeir(db)}`,
  slice: (trx, after) => renewNameKeys(trx, table, after, KEY_SLICE),
})

/** Who is who comes first. */
const TASKS: readonly Task[] = [phoneTask, emailTask, ...NAMED.map(nameTask), ...SEARCHABLE.map(searchTask)]

/** What a slice took says nothing of the next one where a whole index was waiting or the machine was busy. In ms. */
const LONGEST_PAUSE_MS = 1_000

/** After a trouble that may pass, in ms. */
const RETRY_MS = 60_000

/** Does what there is to do, again what failed, and once more when the shop has moved to another country, until the server closes. */
export async function runUpkeep({
  database,
  log,
  run: { closing },
}: Pick<Context, 'database' | 'log' | 'run'>): Promise<void> {
  let changed = false
  let wake = () => {}
  const deafen = database.onCommit((rows) => {
    if (!rows.some(({ entity }) => entity === 'store' || entity === 'node')) return
    changed = true
    wake()
  })
  closing.addEventListener('abort', () => wake())
  while (!closing.aborted) {
    changed = false
    const done = await bringUpToDate({ database }, closing).then(
      () => true,
      (error: unknown) => {
        if (!closing.aborted) log.warn({ err: error }, 'keys and search words could not be brought up to date')
        return false
      },
    )
    if (changed || closing.aborted) continue
    const woken = new Promise<void>((resolve) => (wake = resolve))
    await (done ? woken : Promise.race([woken, pause(RETRY_MS, undefined, { ref: false })]))
  }
  deafen()
}

/** Brings every row to the form that this program gives it; without `closing` the process waits for it. */
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
    await pause(Math.min(performance.now() - began, LONGEST_PAUSE_MS), undefined, { ref: closing === undefined })
  }
}
