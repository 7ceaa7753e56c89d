import type { Request } from 'express'
import { type Caller, callerKindOf } from '../auth/permissions.ts'
import { isLoopback } from '../bounds/sender.ts'

/** A session that came over the network: from which address, when it was heard last (ms), how many streams it has open. */
export type Seen = { session: string; address: string; seen_at: number; streams: number }

/** Who of those who work here is connected from other devices. It lasts as long as this run of the server: whoever is there asks again. */
export type Presence = {
  /** Notes a request of a session. Customers are not noted: who signs in often enough would have the shop's devices forgotten. */
  see(session: { id: string; caller: Caller }, req: Pick<Request, 'ip' | 'socket'>): void
  /** Notes that a session listens for changes, until what it returns is called. */
  stay(session: string): () => void
  list(): Seen[]
}

/** How many are remembered; who has been silent longest is forgotten first, and nobody who listens. */
const MOST = 500

/** `onChange` hears when somebody comes, comes from elsewhere, or begins or stops listening. */
export function openPresence(now: () => number, onChange: () => void): Presence {
  const seen = new Map<string, Seen>()
  const forgetSilent = (except: string) => {
    const silent = seen.values().find(({ session, streams }) => streams === 0 && session !== except)
    if (silent) seen.delete(silent.session)
  }
  const change = (known: Seen, by: number) => {
    known.streams += by
    known.seen_at = now()
    onChange()
  }
  return {
    see: ({ id: session, caller }, { ip = '', socket }) => {
      if (isLoopback(ip) || ip === socket.localAddress || callerKindOf(caller) === 'customer') return
      const before = seen.get(session)
      const address = ip.replace(/^::ffff:/i, '')
      seen.delete(session) // The order of the map is that of their last requests.
      seen.set(session, { session, address, seen_at: now(), streams: before?.streams ?? 0 })
      if (seen.size > MOST) forgetSilent(session)
      if (before?.address !== address) onChange()
    },
    stay: (session) => {
      if (!seen.has(session)) return () => {}
      change(seen.get(session)!, 1)
      return () => {
        const known = seen.get(session)
        if (known) change(known, -1)
      }
    },
    list: () => [...seen.values()].map((one) => (one.streams > 0 ? { ...one, seen_at: now() } : one)),
  }
}
