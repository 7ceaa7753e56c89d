import type { Compilable, CompiledQuery } from 'kysely'
import { execute } from './engines/direct.ts'
import { type Db, QUERY } from './handle.ts'

/** Stands for a parameter while a query is compiled. */
class Placeholder {
  readonly index: number
  constructor(index: number) {
    this.index = index
  }
}

/**
 * A query that is built and compiled once for each engine and then only run, for the few that every request makes:
 * compiling costs more than running. Its parameters must go into the query as they are, once each or more.
 */
export function prepared<P extends unknown[], O>(build: (db: Db, ...parameters: P) => Compilable<O>) {
  const compiled = new Map<string, CompiledQuery<O>>()
  return (db: Db, ...parameters: P): Promise<O[]> => {
    // Each store's is another statement: they are not kept.
    if (db.reach !== undefined) {
      const own = build(db, ...parameters).compile()
      return execute<O>(db[QUERY], own.sql, own.parameters)
    }
    let query = compiled.get(db.engine)
    if (!query) {
      const placeholders = parameters.map((_, index) => new Placeholder(index)) as unknown as P
      compiled.set(db.engine, (query = build(db, ...placeholders).compile()))
    }
    const values = query.parameters.map((value) => (value instanceof Placeholder ? parameters[value.index] : value))
    return execute<O>(db[QUERY], query.sql, values)
  }
}
