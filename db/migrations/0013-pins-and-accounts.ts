import { type Builder, instant, int, nullable, text } from './columns.ts'

/** PINs that say whose they are, and accounts that somebody made for themselves. */
export async function pinsAndAccounts({ addColumn, index }: Builder): Promise<void> {
  await addColumn('credential', 'pin_key', nullable(text()))
  await addColumn('credential', 'pin_length', nullable(int()))
  await addColumn('credential', 'pin_shared_at', nullable(instant()))
  await index('credential', ['pin_key'])
  await addColumn('user', 'unconfirmed_since', nullable(instant()))
}
