import { type Builder, instant, nullable, text } from './columns.ts'

/**
 * By which stamp a person's password is known to every machine of a fleet, and of what stays on this one how much head office has.
 * Passwords of before have none.
 */
export async function passwordVersions({ addColumn, index }: Builder): Promise<void> {
  await addColumn('user', 'password_version', nullable(text()))
  await addColumn('credential', 'parent_version', nullable(text()))
  await addColumn('claim_code', 'sent_at', nullable(instant()))
  await index(
    'credential',
    ['user_id'],
    'version is not null and (parent_version is null or parent_version <> version)',
  )
  await index('claim_code', ['expires_at'], 'sent_at is null')
  await index('user', ['works_at'], 'works_at is not null')
}
