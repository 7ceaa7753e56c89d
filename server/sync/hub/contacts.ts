import { updateLocal } from '../../../db/local.ts'
import type { Sync } from '../take.ts'
import { BY } from './publish-all.ts'

/** A node says hello when the line comes, and may then push and pull for days: now and then that is written down too. */
export type Contacts = {
  /** A node has said hello, which writes it down itself. */
  greeted(node: number): void
  /** A node was heard otherwise; whether that can be written down is nothing to it. */
  seen(node: number): void
  /** When it was heard last by this instance, in ms; null where it was not. */
  lastOf(node: number): number | null
}

/** How old what is written of a node that is there may be, in ms. */
const EVERY_MS = 300_000

export function openContacts({ database }: Pick<Sync, 'database'>, onError: (error: unknown) => void): Contacts {
  const noted = new Map<number, number>()
  const heard = new Map<number, number>()
  return {
    greeted: (node) => void noted.set(node, database.clock.now()),
    lastOf: (node) => heard.get(node) ?? null,
    seen: (node) => {
      const now = database.clock.now()
      heard.set(node, now)
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
