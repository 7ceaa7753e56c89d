import {
  AliasNode,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  RawNode,
  type SelectQueryNode,
  TableNode,
} from 'kysely'
import type { Database } from './database.ts'
import { directExecutionOf, withDirectExecution } from './engines/direct.ts'
import { type Db, handle, QUERY, type Trx } from './handle.ts'
import { seenBy } from './schema/reach-rules.ts'
import type { Schema } from './schema/schema.ts'
import { OWN_STORE_SQL } from './self.ts'

/**
 * Head office has the rows of all stores. Who works at one of them is given a database in which there are no others: every table
 * that a query selects from is put in place of by those of its rows that are seen there (`seenBy`). So no query has to think of it,
 * and one that is written tomorrow is divided too. Nobody else's queries become others by it.
 *
 * SQL that is written out and run on `db[QUERY]` is not read by anybody: where it selects rows for people it asks `seenSql`.
 */

/** The same database as who works at this store sees it. */
export function inReach(db: Db, store_id: number): Db {
  const query = db[QUERY]
  const direct = directExecutionOf(query)
  const divided = query.withPlugin(new ReachPlugin(store_id))
  if (direct) withDirectExecution(divided, direct)
  return { ...handle(divided, db.engine, db.flushSearchIndex), reach: store_id, whole: db }
}

/** The same transaction, whose new rows are of this store unless they belong to a row of another one. */
function trxInReach(trx: Trx, store_id: number): Trx {
  trx.act.node.store_id = store_id
  return { ...inReach(trx, store_id), act: trx.act }
}

/** The same for whoever reads and writes by the whole database. */
export const databaseInReach = (database: Database, store_id: number): Database => ({
  ...database,
  db: inReach(database.db, store_id),
  write: (by, run) => database.write(by, (trx) => run(trxInReach(trx, store_id))),
})

/**
 * The condition, in SQL that is written out, that a row is seen by who asks; null where they see all. `row` is how the query calls
 * the table.
 */
export const seenSql = ({ reach }: Pick<Db, 'reach'>, table: keyof Schema, row: string = `"${table}"`): string | null =>
  reach === undefined ? null : seenBy(table, reach, row)

class ReachPlugin implements KyselyPlugin {
  readonly #transformer: ReachTransformer
  constructor(store_id: number) {
    this.#transformer = new ReachTransformer(store_id)
  }
  transformQuery: KyselyPlugin['transformQuery'] = ({ node, queryId }) => this.#transformer.transformNode(node, queryId)
  transformResult: KyselyPlugin['transformResult'] = async ({ result }) => result
}

class ReachTransformer extends OperationNodeTransformer {
  readonly #store: number
  constructor(store_id: number) {
    super()
    this.#store = Math.trunc(store_id)
  }

  /** What it selects from: deletions and changes name a table too, and stay as they are. */
  protected override transformSelectQuery(node: SelectQueryNode, queryId?: never): SelectQueryNode {
    const query = super.transformSelectQuery(node, queryId)
    return {
      ...query,
      ...(query.from && { from: { ...query.from, froms: query.from.froms.map((from) => this.#divided(from)) } }),
      ...(query.joins && { joins: query.joins.map((join) => ({ ...join, table: this.#divided(join.table) })) }),
    }
  }

  /** Their store stands for this machine's wherever stock is counted. */
  protected override transformRaw(node: RawNode, queryId?: never): RawNode {
    const [first] = node.sqlFragments
    return node.sqlFragments.length === 1 && first === OWN_STORE_SQL
      ? RawNode.createWithSql(String(this.#store))
      : super.transformRaw(node, queryId)
  }

  #divided(from: OperationNode): OperationNode {
    if (TableNode.is(from)) return this.#rowsOf(from, from.table.identifier) ?? from
    if (AliasNode.is(from) && TableNode.is(from.node)) return this.#rowsOf(from.node, from.alias) ?? from
    return from
  }

  #rowsOf({ table }: TableNode, called: OperationNode): OperationNode | null {
    const name = table.identifier.name
    const seen = seenBy(name as keyof Schema, this.#store)
    if (seen === null) return null
    return AliasNode.create(RawNode.createWithSql(`(select * from "${name}" where ${seen})`), called)
  }
}
