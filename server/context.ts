import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import type { Config } from './config.ts'
import type { Passwords } from './http/auth/passwords.ts'
import type { JoinState } from './domain/fleet/joining.ts'
import type { Fleet } from './domain/fleet/line-state.ts'
import { type Activity, openActivity } from './checks/activity.ts'
import { type BodyRoom, openBodyRoom } from './http/bounds/body-room.ts'
import { type CustomerWrites, openCustomerWrites } from './http/bounds/customer-writes.ts'
import { openRegistrations, type Registrations } from './http/bounds/registrations.ts'
import { openUploadRoom, type UploadRoom } from './http/bounds/upload-room.ts'
import { openRoom, type Room } from './http/bounds/room.ts'
import type { Presence } from './http/network/presence.ts'
import type { Sharing } from './http/network/sharing.ts'
import type { Tokens } from './http/auth/tokens.ts'
import type { NodeKeys } from './sync/node-keys.ts'
import type { StripeAccess } from './shop/card-payments/stripe.ts'
import type { Differences } from './shop/fleet/differences.ts'
import type { Parent } from './shop/people/passwords/parent.ts'
import { createImageWorkers, type ImageWorkers } from './shop/photos/image-workers.ts'
import { createFairQueue, type FairQueue } from './shop/photos/fair-queue.ts'

/** What features are given. Nothing in the program is found any other way. */
export type Context = {
  config: Config
  database: Database
  /** ms since 1970, by the clock of the database, which does not believe one that its last write contradicts. */
  now: () => number
  passwords: Passwords
  tokens: Tokens
  /** By which this machine is known to others of its fleet. */
  keys: NodeKeys
  log: Logger
  /** Online card payments; null where no key is configured. */
  stripe: StripeAccess | null
  /** This run of the server. */
  run: Run
}

/** Where a machine that was never set up joins head office. */
export type JoinDesk = {
  /** How far it is; null where nobody asked. */
  state(): JoinState | null
  isAtWork(): boolean
  /**
   * Asks head office with a code, which may stand behind the address: `https://office.example.com#CODE`. Returns once it is let
   * in; the rest goes on by itself.
   * @throws 403, 409 and 429 as head office and the way to it say
   */
  begin(asked: { address: string; code: string | null; name: string | null }): Promise<void>
}

export type Run = {
  /** Aborted when the server closes: what never ends by itself ends then. */
  closing: AbortSignal
  /** The one-time code that opens set-up, while no admin exists. */
  setupCode: string
  /** How far the demonstration of a shop that is being set up is filled in; null while none is. */
  filling: { progress: { done: number; all: number } | null }
  imageWorkers: ImageWorkers
  /** Where photos are marked and unmarked, one after the other. */
  photoFileLock: FairQueue
  /** Whether anybody asks for something: what can wait does. */
  activity: Activity
  /** Windows that are told of changes, of each session and of each person. */
  listening: { sessions: Room; people: Room }
  /** What is coming in: bodies in memory, and bodies with files. */
  bodies: BodyRoom
  uploads: UploadRoom
  registrations: Registrations
  customerWrites: CustomerWrites
  /** How head office is asked of people who sign in; set by whoever talks to it. */
  parent: Parent
  /** How a photo is fetched whose file is not here: it resolves once that is there, or is not waited for; set by whoever talks to head office. */
  photos: { look: ((sha256: string) => Promise<void>) | null }
  /** Whether other devices of the shop reach this server, and which do. */
  sharing: Sharing
  presence: Presence
  joining: JoinDesk
  /** How the line to head office goes; null while this database is none of a terminal. */
  fleet: Fleet | null
  /** What is done about rows that are not as head office has them; null where nobody talks to one. */
  differences: Differences | null
}

/** What every run of the server begins with. */
export const newRun = (
  closing: AbortSignal,
  setupCode: string,
  parts: Pick<Run, 'sharing' | 'presence' | 'joining'>,
): Run => ({
  ...parts,
  closing,
  setupCode,
  filling: { progress: null },
  imageWorkers: createImageWorkers(),
  photoFileLock: createFairQueue({ concurrency: 1 }),
  activity: openActivity(),
  listening: { sessions: openRoom({ each: 20 }), people: openRoom({ each: 60 }) },
  bodies: openBodyRoom(),
  uploads: openUploadRoom(),
  registrations: openRegistrations(),
  customerWrites: openCustomerWrites(),
  parent: { signIn: null },
  photos: { look: null },
  fleet: null,
  differences: null,
})
