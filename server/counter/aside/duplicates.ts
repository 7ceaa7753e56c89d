import type { z } from 'zod'
import type { Db, NodeHead } from '../../../db/handle.ts'
import { type FoundRow, rowsById } from '../../../db/queries/alike.ts'
import { nodeOf } from '../../domain/ids.ts'
import { json } from '../../http/body.ts'
import { nothing, read, type Refusals, write } from '../../http/endpoint.ts'
import { accessDenied, conflict, forbidden, notFound } from '../../http/errors.ts'
import { type Caller, maySettle, staffOrAdmin } from '../../http/auth/permissions.ts'
import { placeHere } from '../../shop/people/reach.ts'
import {
  countOpenPairs,
  isHeededFrom,
  isMarkedPair,
  type OpenPair,
  openPairs,
  tellOfPair,
} from '../../sync/after/duplicates.ts'
import { PairList, PairPlace, PairWord, type TWICE } from './duplicates.contract.ts'
import { openTeller, type Teller, tellBy } from './told.ts'
import type { ToldColumn } from './told.contract.ts'

const PAGE = 50
/** Beyond so many nobody counts. */
const MOST_COUNTED = 200

type Twice = (typeof TWICE)[number]

/** What of each is shown, the same or not. */
const SHOWN: Record<Twice, readonly ToldColumn[]> = {
  user: ['full_name', 'phone', 'email'],
  device: ['brand_id', 'model_id', 'serial_number', 'owner_id', 'notes'],
  brand: ['name', 'description'],
  device_type: ['name', 'description'],
  problem: ['name', 'description'],
  model: ['name', 'brand_id', 'device_type_id'],
}

const REFUSALS = {
  403: { 'pair-of-others': 'At a terminal: of rows that are not this store’s alone head office decides' },
  404: { 'pair-not-here': 'One of the two is not here' },
  409: { 'pair-settled': 'Neither is marked as the other, or no longer' },
} satisfies Refusals

/** Rows that two machines added of one thing: a person says whether they are one. */
export const duplicates = [
  read(
    'GET /aside/duplicates',
    { who: staffOrAdmin, query: PairPlace, response: PairList, summary: 'Rows that may be one thing, side by side' },
    async ({ db }, { query: { offset = 0 }, session }) => {
      const { pairs, areMore } = await openPairs(db, PAGE, offset)
      return { items: await tellPairs(db, pairs, session!.caller), next: areMore ? offset + PAGE : null }
    },
  ),

  write(
    'POST /aside/duplicates',
    {
      who: staffOrAdmin,
      body: json(PairWord),
      response: nothing,
      refusals: REFUSALS,
      summary: 'Says of two rows that they are one thing, or that they are not',
    },
    async ({ trx }, { body: { entity, one, other, said }, session }) => {
      const rows = await rowsById(trx, entity, [one, other])
      if (rows.length !== 2 || rows.some(({ values }) => values['deleted_at'] !== null))
        throw notFound('pair-not-here', 'One of the two is not here any more')
      if (!maySettle(session!.caller, isAdminsMatter(entity, rows))) throw accessDenied()
      if (!isHeededFrom(trx.act.node, rows))
        throw forbidden(
          'pair-of-others',
          'These do not belong to this shop alone: head office says whether they are one',
        )
      // Of two rows that nothing takes for one a word would make them one for everybody.
      if (!isMarkedPair(rows))
        throw conflict('pair-settled', 'These are not taken for one, or somebody has said that they are two')
      await tellOfPair(trx, entity, [one, other], said)
    },
  ),
]

/** Of who works here and of the organisation's catalogue admins alone say what is one. */
const isAdminsMatter = (entity: Twice, rows: readonly FoundRow[]) =>
  (entity !== 'user' && entity !== 'device') ||
  (entity === 'user' && rows.some(({ values }) => values['role'] !== 'customer' || values['is_staff'] === 1))

/** How many pairs wait for somebody, as far as anybody counts. */
export const countPairs = (db: Db): Promise<number> => countOpenPairs(db, MOST_COUNTED)

type Told = z.output<typeof PairList>['items'][number]

async function tellPairs(db: Db, pairs: readonly OpenPair[], caller: Pick<Caller, 'role'>): Promise<Told[]> {
  const teller = openTeller(db)
  const place: Pick<NodeHead, 'role' | 'store_id'> = await placeHere(db)
  const told: Told[] = []
  for (const { table, original, later } of pairs) {
    const rows = [original, later]
    const added = rows.map(({ id, values }) => ({ actor: null, node: nodeOf(id), at: Number(values['created_at']) }))
    const by = await tellBy(db, added)
    const isHeeded = isHeededFrom(place, rows)
    const sides: Told['sides'] = []
    for (const [index, { id }] of rows.entries())
      sides.push({
        id,
        about: await teller.about(table, id),
        terminal: by[index]!.terminal,
        added_at: added[index]!.at,
      })
    told.push({
      entity: table,
      kind: table === 'user' ? 'person' : table === 'device' ? 'device' : 'catalogue',
      sides,
      values: await valuesOf(teller, table, rows),
      may_tell: isHeeded && maySettle(caller, isAdminsMatter(table, rows)),
      is_offices: !isHeeded,
    })
  }
  return told
}

async function valuesOf(teller: Teller, table: Twice, rows: readonly FoundRow[]): Promise<Told['values']> {
  const told: Told['values'] = []
  for (const column of SHOWN[table]) {
    const held = rows.map(({ values }) => values[column] ?? null)
    if (held.every((value) => value === null)) continue
    const each: Told['values'][number]['each'] = []
    for (const value of held) each.push(await teller.value(table, column, value))
    told.push({ column, each, is_same: held[0] === held[1] })
  }
  return told
}
