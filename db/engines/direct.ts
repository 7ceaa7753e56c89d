import { CompiledQuery, type Kysely } from 'kysely'
import type { Schema } from '../schema/schema.ts'
import type { Connection } from './sqlite-connection.ts'

/** Runs finished statements on a connection, past Kysely's layers of promises, which cost as much as the statement. */
type DirectExecution = Pick<Connection, 'execute' | 'executeNoResult'>

const DIRECT: unique symbol = Symbol('direct')

/** Kysely on a connection that can be asked directly too. */
export const withDirectExecution = (query: Kysely<Schema>, direct: DirectExecution): Kysely<Schema> =>
  Object.assign(query, { [DIRECT]: direct })

/** How a connection is asked directly; undefined where it cannot be. */
export const directExecutionOf = (query: Kysely<Schema>) => (query as { [DIRECT]?: DirectExecution })[DIRECT]

/** The rows of a finished statement: directly where the engine can, else through Kysely. */
export async function execute<R>(query: Kysely<Schema>, text: string, parameters: readonly unknown[]): Promise<R[]> {
  const direct = directExecutionOf(query)
  if (!direct) return (await query.executeQuery<R>(CompiledQuery.raw(text, [...parameters]))).rows
  const result = direct.execute<R>(text, parameters)
  return result instanceof Promise ? (await result).rows : result.rows
}

/** Runs a finished statement that returns nothing; it may still be under way, but comes before all that follows. */
export async function executeNoResult(
  query: Kysely<Schema>,
  text: string,
  parameters: readonly unknown[],
): Promise<void> {
  const direct = directExecutionOf(query)
  if (direct) direct.executeNoResult(text, parameters)
  else await query.executeQuery(CompiledQuery.raw(text, [...parameters]))
}
