import type { Database } from '../../../db/database.ts'
import type { Db, Trx } from '../../../db/handle.ts'
import { eraseBodies } from '../../../db/journal/erase.ts'
import { patch, patchUnchecked } from '../../../db/rows.ts'
import { idOf, ownedNodes } from '../../../db/ownership.ts'
import { type PhotoPlace, withoutPhotos } from '../photos/photos.ts'
import { hashesOf, removeUnshown } from './unshown-photos.ts'

/**
 * Who sold, what they declared and where their money went is kept as long as the law wants it, and erased on its day: in the
 * rows, in the journal and on the disk. The account of a transfer goes with the declaration of its purchase. A row counts as
 * erased once its past is: whoever is stopped between goes on at the next time. Each machine erases its own rows.
 */

type Paper = { id: number; photo_id: number | null }
type Papers = { identities: Paper[]; declarations: Paper[]; transfers: number[] }

/** Papers of one round: a server that was off for a year must not stall when it is back. */
const ROUND = 50
const BY = { actor: null, device: null, act: 'erase sellers' }

/** Erases what has had its day at `now`; returns how many papers that were. */
export async function eraseDueSellers(
  database: Database,
  photos: Omit<PhotoPlace, 'db'>,
  now: number,
): Promise<number> {
  for (let erased = 0; ;) {
    const due = await papersDue(database.db, now)
    const papers = [...due.identities, ...due.declarations]
    if (papers.length === 0) return erased
    const shown = papers.flatMap(({ photo_id }) => photo_id ?? [])
    const hashes = await hashesOf(database.db, shown)
    await withoutPhotos({ ...photos, db: database.db }, hashes, () =>
      database.write(BY, (trx) => takeWords(trx, due, shown)),
    )
    await eraseBodies(database, BY, {
      seller_identity: idsOf(due.identities),
      declaration: idsOf(due.declarations),
      leg: due.transfers,
    })
    await database.write(BY, (trx) => markErased(trx, due))
    erased += papers.length
  }
}

async function papersDue(db: Db, now: number): Promise<Papers> {
  const nodes = await ownedNodes(db)
  const dueIn = (table: 'seller_identity' | 'declaration') =>
    db
      .selectFrom(table)
      .select(['id', 'photo_id'])
      .where('retain_until', '<=', now)
      .where('erased_at', 'is', null)
      .where(idOf(nodes, 'id'))
      .orderBy('retain_until')
      .limit(ROUND)
      .execute()
  const declarations = await dueIn('declaration')
  return { identities: await dueIn('seller_identity'), declarations, transfers: await transfersOf(db, declarations) }
}

const idsOf = (rows: readonly Paper[]) => rows.map(({ id }) => id)

/** The transfers of these declarations' purchases, and those of what took them back: each names the seller's account. */
async function transfersOf(db: Db, declarations: readonly Paper[]): Promise<number[]> {
  if (declarations.length === 0) return []
  const legs = await db
    .selectFrom('declaration')
    .innerJoin('receipt', (on) =>
      on.on(({ or, eb, ref }) =>
        or([
          eb('receipt.id', '=', ref('declaration.receipt_id')),
          eb('receipt.original_id', '=', ref('declaration.receipt_id')),
        ]),
      ),
    )
    .innerJoin('leg', 'leg.receipt_id', 'receipt.id')
    .select('leg.id')
    .where('declaration.id', 'in', idsOf(declarations))
    .where('leg.method', '=', 'transfer')
    .where(idOf(await ownedNodes(db), 'leg.id'))
    .execute()
  return legs.map(({ id }) => id)
}

const NOBODY = {
  name: null,
  document_kind: null,
  number: null,
  issuer: null,
  valid_until: null,
  born: null,
  address: null,
  photo_id: null,
}

async function takeWords(trx: Trx, { identities, declarations, transfers }: Papers, photo_ids: readonly number[]) {
  for (const { id } of identities) await patch(trx, 'seller_identity', id, NOBODY)
  for (const { id } of declarations)
    await patchUnchecked(trx, 'declaration', id, { words: null, signature: null, photo_id: null })
  for (const id of transfers) await patchUnchecked(trx, 'leg', id, { reference: null })
  await removeUnshown(trx, photo_ids)
}

async function markErased(trx: Trx, { identities, declarations }: Papers) {
  const erased_at = trx.act.now
  for (const { id } of identities) await patch(trx, 'seller_identity', id, { erased_at })
  for (const { id } of declarations) await patchUnchecked(trx, 'declaration', id, { erased_at })
}

/** A paper that outlives its customer, and the instant until which it is kept. */
export type KeptPaper = { what: 'identity' | 'declaration' | 'account'; number: string; until: number }

/** What is kept of a customer who sold devices, by their purchases. */
export async function keptPapers(db: Db, customer_id: number): Promise<KeptPaper[]> {
  const identities = await db
    .selectFrom('seller_identity')
    .leftJoin('receipt', 'receipt.id', 'seller_identity.receipt_id')
    .select(['receipt.number', 'seller_identity.pickup_id', 'seller_identity.retain_until'])
    .where('seller_identity.customer_id', '=', customer_id)
    .where('seller_identity.erased_at', 'is', null)
    .orderBy('seller_identity.id')
    .execute()
  const declarations = await db
    .selectFrom('declaration')
    .innerJoin('receipt', 'receipt.id', 'declaration.receipt_id')
    .select(['receipt.id', 'receipt.number', 'declaration.retain_until'])
    .where('receipt.customer_id', '=', customer_id)
    .where('declaration.erased_at', 'is', null)
    .orderBy('declaration.id')
    .execute()
  const accounts = await receiptsWithAccount(
    db,
    declarations.map(({ id }) => id),
  )
  return [
    ...identities.map(({ number, pickup_id, retain_until }) => ({
      what: 'identity' as const,
      // An older row may not say which purchase of the request it is of.
      number: number ?? `trade-in ${pickup_id}`,
      until: retain_until ?? 0,
    })),
    ...declarations.map(({ number, retain_until }) => ({
      what: 'declaration' as const,
      number,
      until: retain_until ?? 0,
    })),
    ...declarations
      .filter(({ id }) => accounts.has(id))
      .map(({ number, retain_until }) => ({ what: 'account' as const, number, until: retain_until ?? 0 })),
  ]
}

async function receiptsWithAccount(db: Db, receipt_ids: readonly number[]): Promise<Set<number>> {
  if (receipt_ids.length === 0) return new Set()
  const legs = await db
    .selectFrom('leg')
    .select('receipt_id')
    .where('receipt_id', 'in', receipt_ids)
    .where('reference', 'is not', null)
    .execute()
  return new Set(legs.map(({ receipt_id }) => receipt_id))
}
