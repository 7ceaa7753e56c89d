import type { z } from 'zod'
import { someConflicts } from '../../../db/fleet/conflicts.ts'
import type { Db } from '../../../db/handle.ts'
import { rowsById } from '../../../db/queries/alike.ts'
import type { Conflict } from '../../../db/schema/conflict.ts'
import { REFERENCES } from '../../../db/schema/references.ts'
import type { SyncedTable } from '../../../db/schema/schema.ts'
import { SYNC_RULES } from '../../../db/schema/sync-rules.ts'
import { json } from '../../http/body.ts'
import { nothing, read, type Refusals, write } from '../../http/endpoint.ts'
import { accessDenied, conflict, type HttpError } from '../../http/errors.ts'
import { type Caller, maySettle, staffOrAdmin } from '../../http/auth/permissions.ts'
import {
  CannotSettle,
  type CannotSettleReason,
  type ConflictKey as Key,
  isRestorable,
  keepWinner,
  openForeign,
  restoreLost,
} from '../../sync/waiting/conflicts.ts'
import { ConflictKey, ConflictList, ConflictPlace } from './conflicts.contract.ts'
import { type Fields, openTeller, tellBy, toldOf } from './told.ts'

const PAGE = 50

const REFUSALS = {
  409: {
    'conflict-settled': 'Somebody has gone on from it, or decided',
    'conflict-foreign': 'It is another store’s',
    'conflict-elsewhere': 'It is put right on its own screen',
    'conflict-of-money': 'Money is put right where it was taken',
  },
} satisfies Refusals

/**
 * Values that lost against a write that did not know them, beside what holds. Who works repairs keeps the one or writes the other
 * again; of what admins change, they alone.
 */
export const conflicts = [
  read(
    'GET /aside/conflicts',
    {
      who: staffOrAdmin,
      query: ConflictPlace,
      response: ConflictList,
      summary: 'What has two values, with who wrote each',
    },
    async ({ db }, { query: { offset = 0 }, session }) => {
      const found = await someConflicts(db, PAGE + 1, offset)
      const items = await tellConflicts(db, found.slice(0, PAGE), session!.caller)
      return { items, next: found.length > PAGE ? offset + PAGE : null }
    },
  ),

  write(
    'POST /aside/conflicts/keeping',
    {
      who: staffOrAdmin,
      body: json(ConflictKey),
      response: nothing,
      refusals: REFUSALS,
      summary: 'Leaves what holds now, and says that it was known what lost',
    },
    async ({ trx }, { body, session }) => {
      const key = await admit(trx, body, session!.caller)
      await settling(() => keepWinner(trx, key))
    },
  ),

  write(
    'POST /aside/conflicts/restoring',
    {
      who: staffOrAdmin,
      body: json(ConflictKey),
      response: nothing,
      refusals: REFUSALS,
      summary: 'Writes the value again that lost, by the act for it and under its rules',
    },
    async ({ trx }, { body, session }) => {
      const key = await admit(trx, body, session!.caller)
      await settling(() => restoreLost(trx, key))
    },
  ),
]

async function settling(decide: () => Promise<void>): Promise<void> {
  try {
    await decide()
  } catch (error) {
    throw error instanceof CannotSettle ? refusalOf(error.reason) : error
  }
}

function refusalOf(reason: CannotSettleReason): HttpError {
  switch (reason) {
    case 'settled':
      return conflict('conflict-settled', 'This is settled: somebody has gone on from it, or decided')
    case 'foreign':
      return conflict('conflict-foreign', 'This is another store’s: it is decided there, or at head office')
    case 'elsewhere':
      return conflict('conflict-elsewhere', 'This cannot be written again by itself: put it right on its own screen')
    case 'money':
      return conflict('conflict-of-money', 'Money is put right where it was taken, by an entry of its own')
  }
}

/** @throws 403, 409 for a row of a table that is not there */
async function admit(db: Db, key: z.output<typeof ConflictKey>, caller: Pick<Caller, 'role'>): Promise<Key> {
  const { entity, row_id, register } = key
  if (!isTable(entity)) throw refusalOf('settled')
  const [row] = await rowsById(db, entity, [row_id])
  // What is another store's is not there for who works at one.
  if (!row && db.reach !== undefined) throw refusalOf('settled')
  if (!maySettle(caller, isAdminsMatter(entity, register, row?.values ?? {}))) throw accessDenied()
  return { ...key, entity }
}

const isTable = (entity: string): entity is SyncedTable => Object.hasOwn(REFERENCES, entity)

/** What the organisation shares, who works here, and removing anything. */
function isAdminsMatter(entity: SyncedTable, register: string, row: Fields): boolean {
  if (SYNC_RULES[entity].class === 'org') return true
  return register === 'deleted_at' || (entity === 'user' && (row['role'] !== 'customer' || row['is_staff'] === 1))
}

type Told = z.output<typeof ConflictList>['items'][number]

async function tellConflicts(db: Db, found: readonly Conflict[], caller: Pick<Caller, 'role'>): Promise<Told[]> {
  const teller = openTeller(db)
  const isForeign = await openForeign(db)
  const by = await tellBy(
    db,
    found.flatMap(({ lost, won }) => [lost, won].map(({ actor, at, clock }) => ({ actor, at, node: clock.origin }))),
  )
  const told: Told[] = []
  for (const [place, { entity, row_id, register, lost }] of found.entries()) {
    const [row] = await rowsById(db, entity, [row_id])
    const holds: Fields = row?.values ?? {}
    const values: Told['values'] = []
    for (const column of toldOf(Object.keys(lost.values)))
      if (lost.values[column] !== (holds[column] ?? null))
        values.push({
          column,
          lost: await teller.value(entity, column, lost.values[column]),
          holds: await teller.value(entity, column, holds[column]),
        })
    const { origin, epoch, seq } = lost.clock
    told.push({
      entity,
      row_id,
      register,
      origin,
      epoch,
      seq,
      about: await teller.about(entity, row_id),
      values,
      is_removal: register === 'deleted_at',
      lost_by: by[2 * place]!,
      holds_by: by[2 * place + 1]!,
      may_decide:
        maySettle(caller, isAdminsMatter(entity, register, holds)) && !isForeign({ entity, row_id, register }, holds),
      may_restore: isRestorable({ entity, register }),
    })
  }
  return told
}
