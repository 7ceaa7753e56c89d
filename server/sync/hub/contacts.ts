import { updateLocal } from '../../../db/local.ts'
import type { Sync } from '../take.ts'
import { BY } from './publish-all.ts'

/** A node says hello when the line comes, and may then push and pull for days: now and then that is written down too. */
export type Contacts = {
  /** A node was heard; whether that can be written down is nothing to it. */
  seen(node: number): void
}

/** How old what is written of a node that is there may be, in ms. */
const EVERY_MS = 300_000

export function openContacts({ database }: Pick<Sync, 'database'>, onError: (error: unknown) => void): Contacts {
  const noted = new Map<number, number>()
  return {
    seen: (node) => {
      const now = database.clock.now()
      const last = noted.get(node)
      if (last !== undefined && Math.abs(now - last) < EVERY_MS) return
      noted.set(node, now)
      if (last === undefined) return // It has just said hello.
      const note = database.write(BY, async (trx) => {
        await updateLocal(trx, 'node_contact', { node_id: node }, { seen_at: trx.act.now })
        trx.act.announced.push({ entity: 'node_contact', id: node })
      })
      note.catch(onError)
    },
  }
}
