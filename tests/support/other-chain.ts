import { sql } from 'kysely'
import { applyEntries, type ReceivedEntry, type RowWrite } from '../../db/applied.ts'
import type { Database } from '../../db/database.ts'
import { QUERY, type Trx } from '../../db/handle.ts'
import { clockId, sha256 } from '../../db/journal/journal.ts'
import { MIGRATIONS } from '../../db/migrations/migrate.ts'
import type { SelfTable } from '../../db/schema/local-tables.ts'
import type { SyncedTable } from '../../db/schema/schema.ts'
import { registerOf } from '../../db/schema/sync-rules.ts'
import { digestOf, GENESIS, linkOf } from '../../server/domain/chain.ts'
import { NODE_SPAN } from '../../server/domain/ids.ts'
import { tick } from '../../server/domain/time/hybrid-clock.ts'
import type { Clock } from '../../server/domain/time/write-order.ts'

type Fields = Record<string, string | number | null>
type Said = { entity: SyncedTable; row_id: number } & (
  | { kind: 'put'; after: Fields }
  | { kind: 'patch'; before: Fields; after: Fields }
  | { kind: 'del' }
)

type Told = { at?: number; act?: string }

/** Another node that writes a chain of its own: what it says comes here as it would over the wire. */
export function otherNode(origin: number, epoch = 1) {
  let [seq, chain, hlc] = [0, GENESIS, null as string | null]
  const entryOf = (said: Said, tx: number, at: number, told: Told): ReceivedEntry => {
    const { entity, row_id, kind } = said
    hlc = tick(hlc, at, clockId({ id: origin, epoch }))
    const header = {
      origin, epoch, seq: ++seq, tx, hlc, schema: MIGRATIONS.length, at, actor: null, device: null, act: 'POST /elsewhere',
      entity, row_id, kind, ...told,
    } // oxfmt-ignore
    const before = kind === 'put' ? null : JSON.stringify(kind === 'del' ? { deleted_at: null } : said.before)
    const after = kind === 'del' ? null : JSON.stringify(said.after)
    const salt = `salt-of-${String(seq).padStart(13, '0')}`
    const digest = digestOf(sha256, salt, before, after)
    chain = linkOf(sha256, chain, header, digest)
    return { ...header, before, after, salt, digest, chain, stamp: null }
  }
  return {
    origin,
    /** An id that this node has minted. */
    id: (n: number) => origin * NODE_SPAN + n,
    /** The entries of one transaction; `told` is what they say of themselves where that is not the truth. */
    says: (at: number, said: readonly Said[], told: Told = {}): ReceivedEntry[] => {
      const tx = seq + 1
      return said.map((one) => entryOf(one, tx, at, told))
    },
  }
}

/** The same entries with nothing left in their bodies. */
export const blank = (entries: readonly ReceivedEntry[]): ReceivedEntry[] =>
  entries.map((entry) => ({ ...entry, before: null, after: null, salt: null }))

export const clockOf = ({ stamp, hlc, origin, epoch, seq }: ReceivedEntry): Clock => ({
  stamp: stamp ?? hlc, origin, epoch, seq,
}) // oxfmt-ignore

/** What is written where each of the entries wins. */
export function writesOf(entries: readonly ReceivedEntry[]): RowWrite[] {
  return entries.map((entry) => {
    const { entity, row_id, kind, at, after } = entry
    const said = after === null ? { deleted_at: at } : (JSON.parse(after) as Fields)
    const row = { entity: entity as SyncedTable, row_id } // As it was said.
    if (kind === 'put')
      return { ...row, isNew: true, values: { created_at: at, ...said, updated_at: at }, clocks: { registers: {} } }
    const registers = Object.fromEntries(
      Object.keys(said).map((column) => [registerOf(row.entity, column), clockOf(entry)]),
    )
    return { ...row, isNew: false, values: { ...said, updated_at: at }, clocks: { registers } }
  })
}

/** Applies entries that all win. */
export const applyAll = (trx: Trx, entries: readonly ReceivedEntry[]) => applyEntries(trx, entries, writesOf(entries))

/** Says what this database is in a fleet. */
export const becomeRole = ({ write }: Pick<Database, 'write'>, role: SelfTable['role']) =>
  write({ actor: null, device: null, act: 'test' }, async (trx) => {
    await sql`update self set role = ${role}`.execute(trx[QUERY])
  })
