import { type Builder, instant, int, nullable, text } from './columns.ts'

/**
 * Pictures that are to be sent, to be fetched, or whose files are to go; and how many of them a node said that it has not sent.
 */
export async function photosTravel({ table, addColumn }: Builder): Promise<void> {
  const need = { sha256: text(), direction: text(), since: instant(), tries: int(), next_at: instant() }
  await table('photo_need', need, ['sha256', 'direction'])
  await addColumn('node_contact', 'photos_waiting', nullable(int()))
}
