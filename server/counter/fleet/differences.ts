import type { z } from 'zod'
import type { Db } from '../../../db/handle.ts'
import { ownedNodes } from '../../../db/ownership.ts'
import { rowsById } from '../../../db/queries/alike.ts'
import { SYNCED_TABLES, type SyncedTable } from '../../../db/schema/schema.ts'
import { nodeOf } from '../../domain/ids.ts'
import type { Comparison, Differing } from '../../domain/fleet/differences.ts'
import { admin, staffOrAdmin } from '../../http/auth/permissions.ts'
import { json } from '../../http/body.ts'
import { act, read, type Refusals } from '../../http/endpoint.ts'
import { conflict, invalidField } from '../../http/errors.ts'
import { CannotCompare, type DayOfRows as Day, type Differences as Doing } from '../../shop/fleet/differences.ts'
import { namesOf } from '../queries/row-names.ts'
import { THING_OF } from '../queries/things.ts'
import { DayOfRows, Differences, SentDay, TakenDay } from './differences.contract.ts'

const REFUSALS = {
  409: {
    'compare-waiting': 'Something waits to be sent or heard, or came meanwhile',
    'compare-no-line': 'Head office is not reached, or there is none',
    'compare-busy': 'Head office has too much to do',
  },
} satisfies Refusals

/** What of a terminal's rows is not as head office has it, and what a person does about that. Nothing does so by itself. */
export const differences = [
  read(
    'GET /line/differences',
    {
      who: staffOrAdmin,
      response: Differences,
      summary: 'Rows that are not as head office has them, by table and day, as they were compared last',
    },
    async ({ db, run: { fleet } }) => await tellAll(db, fleet?.state().comparison ?? NEVER),
  ),

  act(
    'POST /line/differences/taking',
    {
      who: admin,
      keyed: false,
      body: json(DayOfRows),
      response: TakenDay,
      refusals: REFUSALS,
      summary: 'Takes the rows of a day from head office, as that has them, and notes what each was before',
    },
    async ({ run, write }, { body }) => {
      const { changed, came, left, onlyHere, more } = await doing(run.differences, (all) =>
        all.take(dayOf(body), write),
      )
      return { changed, came, left, only_here: onlyHere.length, more }
    },
  ),

  act(
    'POST /line/differences/sending',
    {
      who: admin,
      keyed: false,
      body: json(DayOfRows),
      response: SentDay,
      refusals: REFUSALS,
      summary:
        'Says the rows of a day to head office that this machine has made and that are here alone, or other there against its journal',
    },
    async ({ run, write }, { body }) => ({
      sent: await doing(run.differences, (all) => all.send(dayOf(body), write)),
    }),
  ),
]

const NEVER: Comparison = { comparedAt: null, sameAt: null, differs: [], more: false }

function dayOf({ entity, day }: z.output<typeof DayOfRows>): Day {
  const table = SYNCED_TABLES.find((name) => name === entity)
  if (!table) throw invalidField('entity', 'unknown-table', 'There is no such table')
  return { entity: table, day }
}

/** @throws 409 */
async function doing<T>(differences: Doing | null, run: (differences: Doing) => Promise<T>): Promise<T> {
  if (!differences) throw noLine()
  try {
    return await run(differences)
  } catch (error) {
    throw error instanceof CannotCompare ? refusalOf(error) : error
  }
}

const noLine = () => conflict('compare-no-line', 'Head office is not reached, or there is none')

function refusalOf({ reason }: CannotCompare) {
  switch (reason) {
    case 'no-line':
      return noLine()
    case 'busy':
      return conflict('compare-busy', 'Head office has too much to do: try again later')
    case 'waiting':
      return conflict(
        'compare-waiting',
        'Something waits to be sent or heard, or came meanwhile: try again in a moment',
      )
  }
}

async function tellAll(
  db: Db,
  { comparedAt, sameAt, differs, more }: Comparison,
): Promise<z.output<typeof Differences>> {
  const owned = await ownedNodes(db)
  const told = []
  for (const one of differs) told.push(await tell(db, one, owned))
  return { compared_at: comparedAt, same_at: sameAt, differs: told, more }
}

async function tell(db: Db, { entity, day, other, lacking, onlyHere, ids }: Differing, owned: readonly number[]) {
  const table = entity as SyncedTable // As it was compared.
  const names = await namesOf(db, table, await rowsById(db, table, [...ids]))
  const rows = ids.map((id) => ({ id, name: names.get(id) ?? `#${id}`, sends: owned.includes(nodeOf(id)) }))
  return { entity, day, thing: THING_OF[table], other, lacking, only_here: onlyHere, rows }
}
