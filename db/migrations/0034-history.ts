import { type Builder, instant, int, nullable, text } from './columns.ts'

/**
 * What a fleet that lasts needs: a row's past is found before it is packed, cursors that head office does not know lead back to the
 * last one that it knows, what is old can go, and what was erased stays erased.
 */
export async function history({ table, addColumn, index }: Builder): Promise<void> {
  await index('journal', ['row_id'], 'pack is null')
  await table('cursor_past', { stream: text(), seq: int(), mark: text() }, ['stream', 'seq'], { clustered: true })
  await addColumn('feed', 'at', nullable(instant()))
  await index('heard', ['heard_at'])
  await table(
    'erased',
    {
      entity: text(), row_id: int(), stamp: text(), origin: int(), epoch: int(), seq: int(), revived_at: nullable(instant()),
    },
    ['entity', 'row_id'],
  ) // oxfmt-ignore
}
