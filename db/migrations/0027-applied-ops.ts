import { type Builder, instant, int, primary, text } from './columns.ts'

/** What a machine keeps of the rows that others write too: by which stamps registers were written, and what came lately. */
export async function appliedOps({ table }: Builder): Promise<void> {
  await table('field_clock', { entity: text(), row_id: int(), stamps: text() }, ['entity', 'row_id'], {
    clustered: true,
  })
  await table('arrival', { n: primary(int()), at: instant(), rows: text() })
}
