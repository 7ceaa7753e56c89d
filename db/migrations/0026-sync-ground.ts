import { type Builder, instant, nullable, ref, text } from './columns.ts'

/** What sync stands on: what kind of node one is and its keys, reach, duplicates, and by which stamp an entry is judged. */
export async function syncGround({ addColumn, index }: Builder): Promise<void> {
  await addColumn('node', 'kind', nullable(text()))
  await addColumn('node', 'sign_key', nullable(text()))
  await addColumn('node', 'seal_key', nullable(text()))
  await addColumn('node', 'enrolled_at', nullable(instant()))
  await addColumn('node', 'revoked_at', nullable(instant()))
  await addColumn('user', 'works_at', nullable(ref('store')))
  for (const table of ['user', 'device', 'brand', 'model', 'device_type', 'problem']) {
    await addColumn(table, 'duplicate_of', nullable(ref(table)))
    await index(table, ['duplicate_of'], 'duplicate_of is not null')
  }
  await addColumn('journal', 'stamp', nullable(text()))
  await addColumn('credential', 'version', nullable(text()))
}
