import { type Builder, instant, int, json, nullable, primary, text } from './columns.ts'

/** How far the check of the content is, and what the last whole one found; of this machine alone. */
export async function contentCheck({ table }: Builder): Promise<void> {
  await table('content_check', {
    id: primary(int()),
    position: nullable(text()),
    started_at: nullable(instant()),
    finished_at: nullable(instant()),
    entries: int(),
    rows: int(),
    findings: json(),
  })
}
