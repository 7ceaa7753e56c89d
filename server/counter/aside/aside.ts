import { countConflicts } from '../../../db/fleet/conflicts.ts'
import { countWaiting, waitingAs } from '../../../db/fleet/waiting.ts'
import type { Db } from '../../../db/handle.ts'
import { ownRole } from '../../../db/self.ts'
import { json } from '../../http/body.ts'
import { act, nothing, read, type Refusals, type Write } from '../../http/endpoint.ts'
import { admin, staffOrAdmin } from '../../http/auth/permissions.ts'
import type { Session } from '../../http/auth/session.ts'
import { refuseElsewhere, refuseStoreAdmin } from '../../shop/fleet/nodes.ts'
import { countPairs } from './duplicates.ts'
import { FROM_THE_START, listWaiting } from '../../sync/waiting/list.ts'
import { drop, type Person, retry, sayAnew } from '../../sync/waiting/person.ts'
import { openSync, type Sync } from '../../sync/take.ts'
import {
  AsideCounts,
  AsideKey,
  AsideList,
  AsidePlace,
  Decision,
  InsteadList,
  InsteadQuery,
  Retried,
  Taking,
} from './aside.contract.ts'
import { findInstead, isReplaceable, readInstead } from './instead.ts'
import { refusing } from './refusals.ts'
import { tellAll, type WaysOutFor } from './tell-aside.ts'

/** Transactions of a page: each may have 50 rows that are told. */
const PAGE = 50

/** What a person decides about: it was decided meanwhile, or head office cannot do it. */
const REFUSALS = {
  409: {
    'aside-settled': 'It was applied meanwhile, or somebody is done with it',
    'aside-parked': 'It waits for an update',
  },
} satisfies Refusals
const OFFICE = {
  403: { 'organisation-admin-needed': 'An admin of one store' },
  409: { ...REFUSALS[409], 'no-head-office': 'This is not the head office' },
} satisfies Refusals

/**
 * What is put aside of what was done elsewhere, one entry for each act of a person. Who works repairs sees it and has it tried again;
 * head office's admins take it, point it at another row or drop it: what a terminal does not take, others have.
 */
export const aside = [
  read(
    'GET /aside',
    { who: staffOrAdmin, query: AsidePlace, response: AsideList, summary: 'What is put aside, act by act, with why' },
    async ({ db }, { query, session }) => {
      const { origin, epoch, tx } = query
      const isPlace = origin !== undefined && epoch !== undefined && tx !== undefined
      const after = isPlace ? { origin, epoch, tx } : FROM_THE_START
      const found = await listWaiting(db, { after, limit: PAGE + 1 })
      const items = await tellAll(db, found.slice(0, PAGE), await waysOutFor(db, session!))
      const last = found.length > PAGE ? found[PAGE - 1]! : null
      return {
        items,
        next: last && { origin: last.origin, epoch: last.epoch, tx: last.tx },
        is_head_office: (await ownRole(db)) === 'head-office',
      }
    },
  ),

  read(
    'GET /aside/counts',
    { who: staffOrAdmin, response: AsideCounts, summary: 'How much is put aside, has two values, or is there twice' },
    async ({ db }) => ({
      waiting: await countWaiting(db),
      conflicts: await countConflicts(db),
      duplicates: await countPairs(db),
    }),
  ),

  read(
    'GET /aside/instead',
    {
      who: admin,
      query: InsteadQuery,
      response: InsteadList,
      refusals: { 403: OFFICE[403] },
      summary: 'Rows that may be named instead of one that is not here',
    },
    async ({ db }, { query, session }) => {
      await refuseStoreAdmin(db, session!.caller.id)
      return await findInstead(db, query)
    },
  ),

  act(
    'POST /aside/:origin/:epoch/:tx/attempts',
    {
      who: staffOrAdmin,
      // It may be of any store, and leans on rows of others.
      ofTheOrganisation: true,
      params: AsideKey,
      response: Retried,
      status: 201,
      refusals: REFUSALS,
      summary: 'Decides it anew: it is applied if it may be by now',
    },
    async (context, { params, session }) => {
      const { write, finish } = context
      const by = byOf(session)
      await refusing(async () => await retry(await syncBy(context, write, by), params, by))
      return await finish(async (trx) => ({ state: (await waitingAs(trx, params))?.state ?? ('applied' as const) }))
    },
  ),

  act(
    'POST /aside/:origin/:epoch/:tx/acceptance',
    {
      who: admin,
      params: AsideKey,
      body: json(Taking),
      response: nothing,
      refusals: {
        ...OFFICE,
        409: {
          ...OFFICE[409],
          'aside-needs-rows': 'It names rows that are not here',
          'aside-only-owner': 'Only its own machine may say this',
          'aside-unreadable': 'It does not say anything that could be taken',
        },
      },
      summary: 'Head office says it itself, with other rows in place of those that are not here',
    },
    async (context, { params, body: { text = null, instead = [] }, session }) => {
      await admit(context.db, session)
      const rows = readInstead(instead)
      const by = byOf(session)
      await refusing(async () => {
        const sync = await syncBy(context, context.write, by)
        await sayAnew(sync, params, by, { text: text || null, instead: rows })
      })
      await context.finish(async () => {})
    },
  ),

  act(
    'POST /aside/:origin/:epoch/:tx/rejection',
    {
      who: admin,
      params: AsideKey,
      body: json(Decision),
      response: nothing,
      refusals: OFFICE,
      summary: 'Drops it: it is never applied, and whoever wrote it has the rows again as they are here',
    },
    async (context, { params, body: { text = null }, session }) => {
      await admit(context.db, session)
      const by = byOf(session)
      await refusing(async () => {
        const sync = await syncBy(context, context.write, by)
        await drop(sync, params, by, { text: text || null })
      })
      await context.finish(async () => {})
    },
  ),
]

/** Takes and drops: admins of the organisation, at head office. */
async function admit(db: Db, session: Session | null): Promise<void> {
  await refuseStoreAdmin(db, session!.caller.id)
  await refuseElsewhere(db)
}

/**
 * Sync as this request writes: what is written `by` the caller goes through the request, which looks at the session once more. What
 * the program writes after that in its own name does not: a decision that stands has its consequences, even if the session ends.
 */
async function syncBy({ database }: Pick<Sync, 'database'>, write: Write, by: Person): Promise<Sync> {
  const { known } = await openSync(database)
  return {
    known,
    database: { ...database, write: (actor, run) => (actor === by ? write(run) : database.write(actor, run)) },
  }
}

const byOf = (session: Session | null): Person => ({ actor: session!.caller.id, device: session!.id, act: 'aside' })

async function waysOutFor(db: Db, { caller }: Session): Promise<WaysOutFor> {
  const isOffice = (await ownRole(db)) === 'head-office'
  const { works_at } = await db
    .selectFrom('user')
    .select('works_at')
    .where('id', '=', caller.id)
    .executeTakeFirstOrThrow()
  if (isOffice && works_at !== null) return () => []
  if (!isOffice || caller.role !== 'admin') return () => ['retry']
  return ({ state, waits_for }) => {
    if (state === 'parked') return ['retry']
    if (state === 'quarantined') return ['take', 'retry', 'drop']
    const isMendable = waits_for.length > 0 && waits_for.every(({ entity }) => isReplaceable(entity))
    return ['retry', ...(isMendable ? (['mend'] as const) : []), 'drop']
  }
}
