import { type Builder, int, text } from './columns.ts'

/** Rows of which something may be odd since a batch of other nodes' ops. */
export async function whatFollows({ table }: Builder): Promise<void> {
  await table('suspect', { kind: text(), row_id: int() }, ['kind', 'row_id'])
}
