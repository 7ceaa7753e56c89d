import { CompiledQuery, type Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/** Runs a finished statement on a connection, past Kysely's layers of promises, which cost as much as the statement. */
export type Direct = <R>(text: string, parameters: readonly unknown[]) => R[]

const DIRECT: unique symbol = Symbol('direct')

/** Kysely on a connection that can be asked directly too. */
export const askedDirectly = (query: Kysely<Schema>, direct: Direct): Kysely<Schema> =>
  Object.assign(query, { [DIRECT]: direct })

/** The rows of a finished statement: directly where the engine can, else through Kysely. */
export async function execute<R>(query: Kysely<Schema>, text: string, parameters: readonly unknown[]): Promise<R[]> {
  const direct = (query as { [DIRECT]?: Direct })[DIRECT]
  if (direct) return direct<R>(text, parameters)
  return (await query.executeQuery<R>(CompiledQuery.raw(text, [...parameters]))).rows
}
