import { CompiledQuery } from 'kysely'
import type { Builder } from '../columns.ts'

/** What a shop prints on its papers beside its name, and when a finished device left the shop. */
export async function papersAndPickUp({ engine, query }: Builder): Promise<void> {
  const instant = engine === 'sqlite' ? 'integer' : 'bigint'
  for (const statement of [
    'alter table store add column tax_number text',
    'alter table store add column opening_hours text',
    'alter table store add column terms text',
    'alter table store add column former_taxes text',
    `alter table repair_order add column picked_up_at ${instant}`,
  ])
    await query.executeQuery(CompiledQuery.raw(statement))
}
