import { randomFillSync, hash } from 'node:crypto'
import type { Kysely } from 'kysely'
import { digestOf, type JournalHeader, linkOf } from '../server/domain/chain.ts'
import { tick } from '../server/domain/hybrid-clock.ts'
import { execute } from './direct.ts'
import { type Act, type EngineName, type NodeHead, type Op, QUERY, type Trx } from './handle.ts'
import { MIGRATIONS } from './migrate.ts'
import type { JournalTable, Schema } from './schema.ts'
import { insertSql, run, runsOf } from './sql.ts'

export const sha256 = (text: string) => hash('sha256', text, 'base64url')

/** What the clock of a node ties by: a restored database has another epoch, so its stamps never meet its former ones. */
export const clockId = ({ id, epoch }: Pick<NodeHead, 'id' | 'epoch'>) => hash('sha256', `${id}:${epoch}`).slice(0, 8)

const COLUMNS = [
  'origin', 'epoch', 'seq', 'tx', 'hlc', 'schema', 'at', 'actor', 'device', 'act', 'entity', 'row_id', 'kind',
  'before', 'after', 'salt', 'digest', 'chain',
] as const satisfies readonly (keyof JournalTable)[] // oxfmt-ignore

/** Appends what the transaction did to the journal and moves the node's head; the last thing before the commit. */
export async function appendJournal(trx: Trx): Promise<void> {
  const { act } = trx
  if (act.ops.length === 0) return
  const head = { ...act.node }
  const link = linker(act, head)
  for (const ops of runsOf(act.ops)) {
    const parameters: unknown[] = []
    for (const op of ops) link(op, parameters)
    await execute(trx[QUERY], insertSql(trx.engine, 'journal', COLUMNS, ops.length), parameters)
  }
  await saveHead(trx, head)
}

/** Ties one change after the other to the chain: moves `head` and adds the columns of the entry to `into`. */
function linker(act: Act, head: NodeHead): (op: Op, into: unknown[]) => void {
  const nodeHash = clockId(head)
  const salts = randomFillSync(Buffer.allocUnsafe(16 * act.ops.length)).toString('base64url')
  const width = Math.floor(salts.length / act.ops.length)
  const tx = head.seq + 1
  const { id: origin, epoch } = head
  const { now: at, actor, device, act: deed } = act
  const schema = MIGRATIONS.length
  return ({ entity, row_id, kind, before, after }, into) => {
    const seq = ++head.seq
    const hlc = (head.hlc = tick(head.hlc, at, nodeHash))
    const salt = salts.slice((seq - tx) * width, (seq - tx + 1) * width)
    const digest = digestOf(sha256, salt, before, after)
    const header: JournalHeader = {
      origin,
      epoch,
      seq,
      tx,
      hlc,
      schema,
      at,
      actor,
      device,
      act: deed,
      entity,
      row_id,
      kind,
    }
    head.chain = linkOf(sha256, head.chain, header, digest)
    into.push(origin, epoch, seq, tx, hlc, schema, at, actor, device, deed, entity, row_id, kind)
    into.push(before, after, salt, digest, head.chain)
  }
}

const HEAD = 'select id, store_id, terminal, epoch, seq, chain, hlc from node where is_self = 1'

/** Reads this machine's node, which a database has from its first start; on PostgreSQL its lock makes the caller the one writer. */
export async function readHead(query: Kysely<Schema>, engine: EngineName): Promise<NodeHead | undefined> {
  const [head] = await run<NodeHead>(query, engine, engine === 'sqlite' ? HEAD : `${HEAD} for update`, [])
  return head
}

async function saveHead({ engine, [QUERY]: query }: Trx, { id, seq, chain, hlc }: NodeHead) {
  await run(query, engine, 'update node set seq = ?, chain = ?, hlc = ? where id = ?', [seq, chain, hlc, id])
}
