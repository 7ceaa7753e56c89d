import type { Request, Response } from 'express'
import type { Context } from '../../context.ts'
import type { Room } from '../../http/bounds/room.ts'
import type { DigestDesk } from '../digests/desk.ts'
import type { KnownNode, NodeTokens } from '../node-tokens.ts'
import type { OfficeSeal } from '../office-seal.ts'
import type { Sync } from '../take.ts'
import type { Admission } from './admission.ts'
import type { Contacts } from './contacts.ts'
import type { HeldPulls } from './held-pulls.ts'
import type { LastWords } from './last-words.ts'
import type { Spread } from './spread.ts'
import type { Lane } from './turns.ts'

/** What a call of `/sync/v1` is given: head office, its database in turns, and who else calls. */
export type Hub = {
  context: Context
  /** Whatever is written through it takes its turn behind other nodes. */
  sync: Sync
  tokens: NodeTokens
  pushes: Admission
  pulls: HeldPulls
  /** Answers that are put together at once. */
  answers: Lane
  /** Pictures that come and go at once. */
  photos: Room
  spread: Spread
  contacts: Contacts
  lastWords: LastWords
  seal: OfficeSeal
  digests: DigestDesk
}

/** What a call is asked. */
export type Asked = {
  /** The body, read when it is asked for. @throws SyncRefused 400, 413 */
  json(): Promise<unknown>
  /** Where it comes from: the address behind trusted proxies. */
  address: string
  /** Aborted when nobody waits for the answer any more, or the server closes. */
  signal: AbortSignal
}

type Described = {
  /** For the log. */
  name: string
  method: 'POST'
  /** Below `/sync/v1`. */
  path: `/${string}`
  /** Asked all day: nothing but a refusal is logged. */
  isRead?: true
  /** How long its body may be, unpacked. */
  mostBytes: number
}

/** `status` is 200 where nothing else is said. */
export type Answer = { status?: number; body: unknown }

/**
 * A call of the wire, as a value: who may make it, and what is done. Refusals are thrown (`SyncRefused`). `admit` comes before the
 * body is read, and returns how to give back what it has taken.
 */
export type Call = Described &
  (
    | { who: 'nobody'; handle(hub: Hub, asked: Asked): Promise<Answer> }
    | {
        who: 'node'
        /** Of a node that was shut out it is heard too; of all others it is refused. */
        takesRevoked?: true
        admit?(hub: Hub, node: KnownNode): () => void
        handle(hub: Hub, asked: Asked & { node: KnownNode; epoch: number }): Promise<Answer>
      }
  )

/**
 * A call of a node whose body or answer is a file, under a path that goes on behind its own. It is given the request as it comes;
 * `answer` of null: it has answered itself.
 */
export type FileCall = {
  name: string
  methods: readonly string[]
  path: `/${string}/`
  serve(hub: Hub, asked: FileAsked): Promise<Answer | null>
}
export type FileAsked = { node: KnownNode; rest: string; req: Request; res: Response; signal: AbortSignal }

/** A body of a few names and numbers, in bytes. */
export const SMALL = 16_384
