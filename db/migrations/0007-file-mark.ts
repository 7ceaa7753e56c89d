import { type Builder, nullable, text } from './columns.ts'

/** By which an SQLite file knows its write-ahead log; PostgreSQL leaves it empty. */
export async function fileMark({ addColumn }: Builder): Promise<void> {
  await addColumn('node', 'mark', nullable(text()))
}
