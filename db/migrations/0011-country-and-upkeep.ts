import { type Builder, int, nullable, primary, text } from './columns.ts'

/** In which country the shop is, by which phone numbers are read, and how far work on all rows is; the second of this machine alone. */
export async function countryAndUpkeep({ addColumn, table }: Builder): Promise<void> {
  await addColumn('store', 'country', nullable(text()))
  await table('upkeep', { name: primary(text()), form: text(), after_id: nullable(int()) })
}
