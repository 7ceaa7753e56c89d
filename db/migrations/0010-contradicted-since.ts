import { type Builder, instant, nullable } from './columns.ts'

/** From when on a contradicted clock was not believed, so that a start knows which grants move once it is right. */
export async function contradictedSince({ addColumn }: Builder): Promise<void> {
  await addColumn('node', 'contradicted_since', nullable(instant()))
}
