import type { IncomingHttpHeaders } from 'node:http'
import type { z } from 'zod'
import type { Db, Trx } from '../../db/handle.ts'
import type { Context } from '../context.ts'
import type { Body } from './body.ts'
import type { FieldError, HttpError } from './errors.ts'
import type { Code } from './refusal.contract.ts'
import type { Page } from './paging.ts'
import type { Rule, Scope } from './auth/permissions.ts'
import type { Session } from './auth/session.ts'

/**
 * An endpoint is a value that says everything about itself. Routing, the order of refusals, permissions and the OpenAPI
 * document follow from it. Its kind is by effect: a `read` is given the reading side, a `write` runs in one transaction
 * with its journal entries and idempotency record, an `act` may work outside a transaction and write several times.
 */

type Schema = z.ZodType
type Out<S> = S extends Schema ? z.output<S> : undefined

/** What comes back: a value by schema, a list with its count, a file, a stream of events, or nothing (204). */
export type ResponseShape<S extends Schema = Schema> =
  | S
  | { kind: 'list'; item: S }
  | { kind: 'file'; types: string[] }
  | { kind: 'events'; item: S }
  | { kind: 'nothing' }

export const list = <S extends Schema>(item: S) => ({ kind: 'list' as const, item })
export const events = <S extends Schema>(item: S) => ({ kind: 'events' as const, item })
export const file = (...types: string[]) => ({ kind: 'file' as const, types })
export const nothing = { kind: 'nothing' as const }

/** Bytes to answer with. */
export type File = { type: string; bytes: Buffer | string; headers?: Record<string, string> }
/** Calls `send` with each event from now on, `end` when no more will come; returns how to stop. */
export type Events<T> = (send: (event: T) => void, end: () => void) => () => void

type HandlerResult<R> = R extends Schema
  ? z.output<R>
  : R extends { kind: 'list'; item: infer S }
    ? Page<Out<S>>
    : R extends { kind: 'events'; item: infer S }
      ? Events<Out<S>>
      : R extends { kind: 'file' }
        ? File
        : void

/** What a handler is asked. `response` takes what the response's schema has no place for. */
export type HandlerRequest<P = unknown, Q = unknown, B = unknown> = {
  params: P
  query: Q
  body: B
  /** The rows this caller may touch. Finders require it. */
  scope: Scope
  session: Session | null
  /** Where the call comes from: the address behind trusted proxies. */
  address: string
  /** Whether it came by https, as far as the caller or a trusted proxy can tell. */
  secure: boolean
  headers: IncomingHttpHeaders
  response: { headers: Record<string, string | string[]> }
}

/** What an endpoint is refused for: `{ 409: { 'refund-under-way': 'A refund to the card is under way' } }`. */
export type Refusals = Readonly<Record<number, Readonly<Partial<Record<Code, string>>>>>

type Spec<P extends Schema, Q extends Schema, B extends Schema, R extends ResponseShape> = {
  who: Rule
  params?: P
  query?: Q
  body?: Body<B>
  response: R
  /** Of success; 200, or 204 for nothing. */
  status?: number
  /** What answers faults of the request where a document says 400 instead of 422. */
  invalid?: (faults: FieldError[]) => HttpError
  /** By status and code, what else it is refused for, in a few words for the OpenAPI document. */
  refusals?: Refusals
  /** One sentence for the OpenAPI document. */
  summary?: string
  /** Answered although the screen is locked. */
  whileLocked?: boolean
  /** About this machine, or all stores: at head office not for who works at one store. */
  ofTheOrganisation?: boolean
  /**
   * False for a POST that takes no Idempotency-Key: where somebody signs in, and where a secret is asked or answered.
   * `by-document` where the document it makes bears the key for good: whoever sends it again is answered by that document, by
   * the handler itself.
   */
  keyed?: false | 'by-document'
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Route = `${Method} /${string}`

/** An endpoint of any kind, as the router sees it. */
export type Endpoint = Spec<Schema, Schema, Schema, ResponseShape> & { method: Method; path: string } & (
    | { kind: 'read'; handle: (context: Context & { db: Db }, request: HandlerRequest<never, never, never>) => unknown }
    | {
        kind: 'write'
        handle: (context: Context & { trx: Trx; db: Db }, request: HandlerRequest<never, never, never>) => unknown
      }
    | {
        kind: 'act'
        handle: (context: ActContext, request: HandlerRequest<never, never, never>) => unknown
        /** Answers a request whose effect is there and whose answer was lost, by the `id` that was left under its key. */
        again?: (context: ActContext, request: HandlerRequest<never, never, never>, id: number) => unknown
      }
  )

/** Whether a reply is a value by a schema, and none of the other kinds. */
export const isSchema = (response: ResponseShape): response is Schema => 'def' in response

/** Opens a write transaction in the caller's name. */
export type Write = <T>(run: (trx: Trx) => Promise<T>) => Promise<T>

/**
 * What an `act` works with. Its first `write` uses the request's key up: should it fail after that, the same key does nothing
 * again. `finish` is the last write, and what it returns the answer, which is kept under the key in the same transaction: a
 * server that is killed right after it still answers it. Where slow work follows the first write, that one may `leave` the id
 * of what it made under the key, and `again` answers by it. `undo` takes the effect back, and gives the key back with it; it
 * goes on though the caller's session ended meanwhile.
 */
export type ActContext = Context & { db: Db; write: Write; finish: Write; leave: (id: number) => void; undo: Write }

type Handler<C, P extends Schema, Q extends Schema, B extends Schema, R> = (
  context: C,
  request: HandlerRequest<z.output<P>, z.output<Q>, z.output<B>>,
) => HandlerResult<R> | Promise<HandlerResult<R>>

/** Looks, and changes nothing. */
export function read<P extends Schema, Q extends Schema, B extends Schema, R extends ResponseShape>(
  route: Route,
  spec: Spec<P, Q, B, R>,
  handle: Handler<Context & { db: Db }, P, Q, B, R>,
): Endpoint {
  return { kind: 'read', ...methodAndPath(route), ...spec, handle } as unknown as Endpoint
}

/** Changes rows in one transaction, all or nothing. */
export function write<P extends Schema, Q extends Schema, B extends Schema, R extends ResponseShape>(
  route: Route,
  spec: Spec<P, Q, B, R>,
  handle: Handler<Context & { trx: Trx; db: Db }, P, Q, B, R>,
): Endpoint {
  return { kind: 'write', ...methodAndPath(route), ...spec, handle } as unknown as Endpoint
}

/** Does slow work (bcrypt, files, network) outside any transaction, and writes when it has to. */
export function act<P extends Schema, Q extends Schema, B extends Schema, R extends ResponseShape>(
  route: Route,
  spec: Spec<P, Q, B, R>,
  handle: Handler<ActContext, P, Q, B, R>,
  again?: (...asked: [...Parameters<Handler<ActContext, P, Q, B, R>>, id: number]) => ReturnType<typeof handle>,
): Endpoint {
  return { kind: 'act', ...methodAndPath(route), ...spec, handle, again } as unknown as Endpoint
}

function methodAndPath(route: Route): { method: Method; path: string } {
  const [method, path] = route.split(' ') as [Method, string]
  return { method, path }
}

/** The endpoints under a prefix: `/v1`. */
export const withPrefix = (prefix: string, endpoints: readonly Endpoint[]): Endpoint[] =>
  endpoints.map((endpoint) => ({ ...endpoint, path: `${prefix}${endpoint.path}` }))
