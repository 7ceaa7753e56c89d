import { type Builder, bytes, int, json, nullable, primary, text } from './columns.ts'

/**
 * A second, smaller form of the journal's entries, and an index of them by row. Nothing is moved here: that is done while
 * nothing else runs.
 */
export async function packedJournal({ table, addColumn, index }: Builder): Promise<void> {
  await addColumn('journal', 'pack', nullable(bytes()))
  await table('journal_shape', { id: primary(int()), entity: text(), fields: json() })
  await index('journal_shape', ['entity', 'fields'])
  await table('journal_row', { entity: int(), row_id: int(), origin: int(), epoch: int(), seq: int() }, ROW_KEY, {
    clustered: true,
  })
  await table('journal_packing', { origin: int(), epoch: int(), seq: int() }, ['origin', 'epoch'])
}

const ROW_KEY = ['entity', 'row_id', 'origin', 'epoch', 'seq']
