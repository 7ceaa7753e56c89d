import { type Builder, instant, nullable } from './columns.ts'

/** When somebody's PIN was given or taken away last, and who is known to share a phone number with somebody else. */
export async function peopleAtTheDesk({ addColumn }: Builder): Promise<void> {
  await addColumn('user', 'pin_changed_at', nullable(instant()))
  await addColumn('user', 'phone_shared_at', nullable(instant()))
}
