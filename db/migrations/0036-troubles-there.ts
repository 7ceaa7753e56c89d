import { type Builder, int, nullable } from './columns.ts'

/** What a node said that it could not apply of what it heard: head office shows it. Of what was said before, nothing. */
export async function troublesThere({ addColumn }: Builder): Promise<void> {
  await addColumn('node_contact', 'troubles_there', nullable(int()))
}
