import { type Builder, int, nullable, text } from './columns.ts'

const LOCAL = [
  'cart', 'cart_item', 'stripe_event', 'credential', 'session', 'claim_code', 'sign_in_failure', 'idempotency_key', 'passcode',
  'offer_shown', 'import_run', 'content_check', 'upkeep',
] as const // oxfmt-ignore

/** By what a row of a table of this machine alone is known to be as it was written. */
export async function rowSums({ addColumn }: Builder): Promise<void> {
  for (const table of LOCAL) await addColumn(table, 'sum', nullable(text()))
  await addColumn('counter', 'sum', nullable(int()))
}
