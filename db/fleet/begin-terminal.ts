import { sql } from 'kysely'
import { z } from 'zod'
import type { Database } from '../database.ts'
import { type Db, QUERY, type Trx } from '../handle.ts'
import { insertLocal } from '../local.ts'
import { readColumns } from '../row-states.ts'
import type { HeadOfficeTable } from '../schema/fleet-tables.ts'
import { setRole } from '../self.ts'

/** Makes a database that was just made a terminal's, which hears all else from head office. */

type Row = Readonly<Record<string, string | number | null>>

/** Its own rows as head office has them, and what it knows of head office. */
export type Enrolment = { node: Row; store: Row; parent: Omit<HeadOfficeTable, 'id'> }

const BY = { actor: null, device: null, act: 'join head office' }
const OWN = { node: z.object({ id: z.int().min(1), store_id: z.int() }), store: z.object({ id: z.int() }) }

/**
 * Puts a node and its store in the place of those that every new database begins with: these are head office's own, and come from
 * there. Nothing of it enters the journal, whose first entry will be this node's.
 * @throws Error for a database that has written anything, and for rows that are none
 */
export async function beginTerminal({ write }: Pick<Database, 'write'>, { node, store, parent }: Enrolment) {
  const own = OWN.node.parse(node)
  if (OWN.store.parse(store).id !== own.store_id) throw new Error('The node is of another store')
  await write(BY, async (trx) => {
    const { act, [QUERY]: query } = trx
    if (act.node.seq > 0 || act.node.role !== 'alone') throw new Error('Only a new database becomes a terminal')
    await sql`delete from store`.execute(query)
    await putRow(trx, 'store', store)
    await putRow(trx, 'node', node)
    await sql`update self set node_id = ${own.id}`.execute(query)
    await sql`delete from node where id <> ${own.id}`.execute(query)
    await setRole(trx, 'terminal')
    await insertLocal(trx, 'head_office', { id: 1, ...parent })
  })
}

/** Columns that a newer head office has are not known here: they come again when this program has them. */
async function putRow(trx: Trx, table: 'store' | 'node', row: Row) {
  const known = await columnsOf(trx, table)
  const columns = Object.keys(row).filter((column) => known.has(column))
  await sql`insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})
    values (${sql.join(columns.map((column) => row[column]))})`.execute(trx[QUERY])
}

const columnsOf = async (db: Db, table: 'store' | 'node') => (await readColumns(db)).get(table)!
