import type { Compilable, CompiledQuery } from 'kysely'
import { execute } from './engines/direct.ts'
import { type Db, QUERY } from './handle.ts'

/** Stands for a parameter while a query is compiled. */
class Hole {
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
  return async (db: Db, ...parameters: P): Promise<O[]> => {
    let query = compiled.get(db.engine)
    if (!query) {
      const holes = parameters.map((_, index) => new Hole(index)) as unknown as P
      compiled.set(db.engine, (query = build(db, ...holes).compile()))
    }
    const filled = query.parameters.map((value) => (value instanceof Hole ? parameters[value.index] : value))
    return await execute<O>(db[QUERY], query.sql, filled)
  }
}
