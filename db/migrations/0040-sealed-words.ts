import { type Builder, nullable, text } from './columns.ts'

/** By what head office knows its own words again, should it lose them and hear them from those who have heard them. */
export async function sealedWords({ addColumn }: Builder): Promise<void> {
  await addColumn('heard', 'seal', nullable(text()))
}
