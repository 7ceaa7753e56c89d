import { type Builder, int, nullable } from './columns.ts'

/** What a node said last of whether its rows are as head office has them: when they were, and of how many tables and days they are not. */
export async function digests({ addColumn }: Builder): Promise<void> {
  await addColumn('node_contact', 'same_at', nullable(int()))
  await addColumn('node_contact', 'differs', nullable(int()))
}
