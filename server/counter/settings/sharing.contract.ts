import { z } from 'zod'
import { NETWORK_KINDS } from '../../domain/network-kind.ts'
import { flag, int, milliseconds, oneOf, text } from '../../http/fields.contract.ts'

/** A network that this computer is in: what the system calls it, and where the server is, or would be, reached there. */
export const SharedNetwork = z.object({ name: text(), kind: oneOf(NETWORK_KINDS), address: text() })

/** A screen on another device, with somebody signed in. */
export const Connected = z.object({
  session: text(),
  person: text(),
  /** What the browser says it is. */
  device: text().nullable(),
  address: text(),
  seen_at: milliseconds(),
  /** Whether it listens for changes at this moment. */
  here_now: flag(),
  /** Whether it is the one that asks. */
  own: flag(),
})

/** Whether other devices of the shop reach this server, where, and which do. */
export const Sharing = z.object({
  /** Whether FIXPOINT_HOST has decided. */
  fixed: flag(),
  /** The name of the network that was chosen; null while nothing is shared. */
  network: text().nullable(),
  /** Where the server is reached there; null while it is not. */
  address: text().nullable(),
  /** Why it is not, although a network was chosen. */
  trouble: oneOf(['network-gone', 'network-port-taken', 'network-refused']).nullable(),
  port: int(),
  networks: z.array(SharedNetwork),
  connected: z.array(Connected),
})

/** The network to share the server on; null ends it. */
export const SharingChange = z.object({ network: text({ min: 1, max: 200 }).nullable() })
