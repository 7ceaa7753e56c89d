import { sharesOf } from '../../db/fleet/feed.ts'
import type { Trx } from '../../db/handle.ts'
import { refusalOf, REVOKED, type Sender } from './core/authority.ts'
import type { Here } from './core/transaction.ts'
import type { Known } from './core/upgrade.ts'
import type { Lookups } from './lookups.ts'
import { publishApplied } from './publish.ts'
import type { Side } from './take.ts'

/** How head office and a terminal differ in taking what others wrote. */

/** This machine's side for ops that are kept here already. */
export const sideHere = async (trx: Trx, known: Known): Promise<Side> =>
  trx.act.node.role === 'head-office' ? await sideOfOffice(trx, known) : AT_NODE

/** Head office judges, and puts what is applied into the streams. `entries` are those that it does not keep yet: none. */
export async function sideOfOffice(trx: Trx, known: Known): Promise<Side> {
  const nodes = await trx.selectFrom('node').select(['id', 'store_id', 'heir_id', 'revoked_at']).execute()
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return {
    entries: [],
    shutOut: (origin) => (byId.get(origin)?.revoked_at == null ? null : REVOKED),
    refusal: (origin, lookups) => {
      const sender = byId.get(origin)
      if (origin === trx.act.node.id || !sender) return () => null
      const from = { node: origin, store: sender.store_id }
      return refusalBy(trx, lookups, from, (node) => heirOf(byId, node))
    },
    onApplied: (heard, befores) => publishApplied(trx, known, heard, befores),
  }
}

type Heirs = ReadonlyMap<number, { heir_id: number | null }>

function heirOf(nodes: Heirs, node: number): number {
  const passed = [node]
  for (let heir = nodes.get(node)?.heir_id; heir != null && !passed.includes(heir); heir = nodes.get(heir)?.heir_id)
    passed.push(heir)
  return passed.at(-1)!
}

function refusalBy(trx: Trx, lookups: Lookups, sender: Sender, ownerOf: (node: number) => number): Here['refusal'] {
  const streamsOf = (entity: Parameters<typeof sharesOf>[1], row_id: number) =>
    lookups.get(`share ${entity} ${row_id}`, () => sharesOf(trx, entity, row_id))
  return (subject, row) =>
    refusalOf(subject, sender, {
      row,
      ownerOf,
      isShared: (store, entity, row_id) => streamsOf(entity, row_id).includes(`store:${store}`),
      isHeard: (store, entity, row_id) =>
        streamsOf(entity, row_id).some((stream) => stream === 'org' || stream === `store:${store}`),
    })
}

/** A node judges nothing of what comes down, and passes nothing on. */
export const AT_NODE: Side = {
  entries: null,
  shutOut: () => null,
  refusal: () => () => null,
  onApplied: async () => {},
}
