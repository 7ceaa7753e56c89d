import { type Builder, instant, int, nullable, primary, text } from './columns.ts'

/** What a machine knows of its head office, the codes by which machines join it, and when it last heard of each. */
export async function joining({ table, index }: Builder): Promise<void> {
  const sum = nullable(text())
  await table('head_office', {
    id: primary(int()), incarnation: text(), address: nullable(text()), sign_key: nullable(text()), sum,
  }) // oxfmt-ignore
  await table('enrolment_code', {
    code_hash: primary(text()), store_id: int(), terminal: text(), name: text(), replaces: nullable(int()),
    created_by: nullable(int()), created_at: instant(), expires_at: instant(), used_at: nullable(instant()),
    node_id: nullable(int()), sum,
  }) // oxfmt-ignore
  await index('enrolment_code', ['node_id'], 'node_id is not null')
  await table('node_contact', {
    node_id: primary(int()), seen_at: instant(), version: text(), schema: int(), clock_offset: int(), waiting: int(),
    waiting_since: nullable(instant()), troubles: int(), verdict: text(), sum,
  }) // oxfmt-ignore
}
