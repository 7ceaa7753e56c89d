import { sql } from 'kysely'
import type { Db } from '../../../db/handle.ts'
import { idIn, idListParameter } from '../../../db/queries/id-list.ts'

/** Which of these events of repairs tell of money: a price, or why a payment was corrected, a message of that very moment. */
export async function eventsOfMoney(db: Db, ids: ReadonlySet<number>): Promise<Set<number>> {
  const events = await db
    .selectFrom('order_event')
    .select('id')
    .where(idIn(db, 'order_event.id', idListParameter(db, [...ids])))
    .where((event) =>
      event.or([
        event('kind', '=', 'price'),
        event.and([
          event('kind', '=', 'message'),
          event.exists(
            event
              .selectFrom('payment_entry')
              .select(sql`1`.as('one'))
              .whereRef('payment_entry.order_id', '=', 'order_event.order_id')
              .whereRef('payment_entry.created_at', '=', 'order_event.created_at')
              .where('payment_entry.kind', '!=', 'payment'),
          ),
        ]),
      ]),
    )
    .execute()
  return new Set(events.map(({ id }) => id))
}
