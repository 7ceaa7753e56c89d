/**
 * Mistakes that programs of this kind have made, each planted in a file of the program as it is loaded: `from`, which stands there
 * once, becomes `to`. Whoever changes such a place plants the mistake anew where it belongs then.
 */

export type Edit = { file: string; from: string; to: string }

const MERGE = 'server/sync/core/merge.ts'
const PULL = 'server/sync/agent/pull.ts'
const PUSH = 'server/sync/agent/push.ts'
const TAKE = 'server/sync/take.ts'
const TAKE_PUSH = 'server/sync/hub/take-push.ts'
const ANSWER_PULL = 'server/sync/hub/answer-pull.ts'
const CLOSURE = 'server/sync/core/closure.ts'
const AUTHORITY = 'server/sync/core/authority.ts'

const WALK = 'server/sync/digests/walk.ts'

const EPOCH = 'db/journal/begin-epoch.ts'
const USERS = 'server/shop/people/users.ts'

const WINS = 'return holder === null || compareClocks(clock, holder) >= 0'
const TAKEN = 'await take(trx, known, heard, AT_NODE)'

export const BUGS = {
  'winner by arrival': [{ file: MERGE, from: WINS, to: 'return true' }],
  'tie kept local': [
    { file: MERGE, from: WINS, to: 'return holder === null || clock.stamp.slice(0, 17) > holder.stamp.slice(0, 17)' },
  ],
  'delta twice': [
    {
      file: TAKE_PUSH,
      from: '  await publishAll(sync)\n',
      to: `  for (const { entity, seq, after } of entries)
    if (entity === 'stock_movement' && seq <= head.seq) await sync.database.write(BY, (trx) => insert(trx, 'stock_movement', JSON.parse(after!)))
  await publishAll(sync)\n`,
    },
    {
      file: TAKE_PUSH,
      from: `import { inParts }`,
      to: `import { insert } from '../../../db/rows.ts'\nimport { inParts }`,
    },
  ],
  'cursor before apply': [
    {
      file: PULL,
      from: '  if (batches.length > 0) await applyInTurns(',
      to: `  for (const side of ['org', 'store'] as const) await database.write(BY, (trx) => saveCursor(trx, 'cursor', streams[side], after[side]))
  if (batches.length > 0) await applyInTurns(`,
    },
    { file: PULL, from: "if ((await readCursor(trx, 'cursor', stream)).seq >= cursor.seq) return", to: '' },
  ],
  'cursor a bare number': [
    { file: 'db/fleet/feed.ts', from: 'return row?.mark === mark', to: 'return row !== undefined' },
    { file: PULL, from: 'cursor.mark !== after.mark || ', to: '' },
  ],
  'streams apart': [{ file: ANSWER_PULL, from: 'isAtHead && left > 0 ?', to: 'left > 0 ?' }],
  'clamp at receivers': [
    {
      file: PULL,
      from: TAKEN,
      to: 'await take(trx, known, heard.map((one) => ({ ...one, stamp: receive(null, one.stamp, trx.act.clock.reading.says, one.stamp.slice(18)).stamp })), AT_NODE)',
    },
    {
      file: PULL,
      from: 'import { hearFromCommon',
      to: "import { receive } from '../../domain/time/hybrid-clock.ts'\nimport { hearFromCommon",
    },
  ],
  'origin not told': [
    { file: PUSH, from: 'const there = new Map(stamps)', to: 'const there = new Map(stamps.slice(0, 0))' },
  ],
  'columns won singly': [
    {
      file: 'db/schema/sync-rules.ts',
      from: 'SHARED.get(table)?.get(column)?.[0] ?? column\n',
      to: 'table && column\n',
    },
    { file: 'db/schema/sync-rules.ts', from: 'shared?.get(column) ?? [column])', to: 'shared ? [column] : [column])' },
  ],
  'equal write is no op': [
    {
      file: MERGE,
      from: WINS,
      to: `return (holder === null || compareClocks(clock, holder) >= 0) && !isSame(write.values, values)`,
    },
  ],
  'held never released': [
    {
      file: TAKE,
      from: 'for (const { entity, row_id } of came)\n',
      to: 'for (const { entity, row_id } of came.slice(0, 0))\n',
    },
  ],
  'closure forgotten': [
    {
      file: CLOSURE,
      from: 'for (const key of referencesOf(op)) if (!isIn(stream, key, streams)) addRow(key, stream, streams, rows)',
      to: '',
    },
  ],
  'promoted person not restated': [
    { file: CLOSURE, from: 'else addRow(own, stream, streams, rows)\n', to: 'else rows.clear()\n' },
  ],
  'goods back twice': [
    { file: 'server/shop/sales/settle-sale.ts', from: '    await takeExcessReturns(trx, order_id)\n', to: '' },
    {
      file: 'server/shop/sales/settle-sale.ts',
      from: 'import { takeExcessReturns, takeGoodsAgain }',
      to: 'import { takeGoodsAgain }',
    },
  ],
  'edit before erasure keeps its text': [
    {
      file: 'server/sync/core/transaction.ts',
      from: 'return erased !== null && compareClocks(clock, erased) < 0',
      to: 'return erased === null && clock === null',
    },
  ],
  'erased body sent again': [
    {
      file: 'server/sync/history/erasures.ts',
      from: 'if (blank.length === 0) return heard',
      to: 'if (blank.length >= 0) return heard',
    },
  ],
  'queue forgotten when the line drops in mid-push': [
    {
      file: PUSH,
      from: "  const reply = await send('push', printPush(acked.chain, entries))\n",
      to: `  const end = entries.at(-1)!
  await database.write(BY, (trx) => moveOriginHead(trx, end, { seq: end.seq, chain: end.chain }))
  const reply = await send('push', printPush(acked.chain, entries))\n`,
    },
  ],
  'expiry at every node': [
    {
      file: 'server/shop/sales/order-outcome.ts',
      from: "  const expired = await expiredBy(trx, trx.act.now)\n    .where(idOf(await ownedNodes(trx), 'id'))\n",
      to: '  const expired = await expiredBy(trx, trx.act.now)\n',
    },
  ],
  'correction by anybody': [
    {
      file: 'db/rows.ts',
      from: "if (SYNC_RULES[table].class !== 'money' || (await isMine(trx, id))) return",
      to: 'if (trx) return',
    },
    {
      file: AUTHORITY,
      from: "(kind === 'money' || kind === 'fact') ? 'not-owner' : null",
      to: "kind === 'fact' ? 'not-owner' : null",
    },
  ],
  'no epoch': [
    {
      file: EPOCH,
      from: 'if (epoch <= node.epoch ||',
      to: "if (node.role === 'terminal' && why === undefined) return\n  if (epoch <= node.epoch ||",
    },
  ],
  'series continued after restore': [
    { file: EPOCH, from: '  await sql`delete from counter where label is not null`.execute(trx[QUERY])\n', to: '' },
    { file: EPOCH, from: 'restoredTerminal(node.terminal, epoch)', to: 'node.terminal' },
  ],
  'transaction split': [
    { file: ANSWER_PULL, from: 'return whole.slice(0, cutOf(whole, most))', to: 'return fed.slice(0, most)' },
    { file: ANSWER_PULL, from: 'if (fed.length > 0 && whole.length === 0) {', to: 'if (fed.length < whole.length) {' },
  ],
  'quarantine blocks': [
    {
      file: TAKE_PUSH,
      from: '  await take(trx, known, heard, { ...side, entries: judged })\n',
      to: `  const { state } = await take(trx, known, heard, { ...side, entries: judged })
  if (state === 'quarantine') throw new Error('This may not be')\n`,
    },
  ],
  'quarantine counted as applied': [
    { file: TAKE, from: "  if (decision.state === 'quarantine') await quarantine(trx, key, decision)\n", to: '' },
  ],
  'relayed under another origin': [
    {
      file: 'server/sync/core/op.ts',
      from: 'const head = { origin, epoch,',
      to: 'const head = { origin: origin - origin, epoch,',
    },
  ],
  'store from the request': [
    {
      file: ANSWER_PULL,
      from: 'const store = `store:${own.store_id}`',
      to: 'const store = `store:${(body as { store?: number }).store ?? own.store_id}`',
    },
  ],
  'rights from a shop': [
    { file: AUTHORITY, from: 'const refusal = ofRights(asking)', to: 'const refusal = [ofRights(asking)][1]' },
  ],
  'password by journal': [
    {
      file: USERS,
      from: "await patch(trx, 'user', user_id, { password_version: version })",
      to: "await patch(trx, 'user', user_id, { password_version: version, profile_picture: password_hash })",
    },
  ],
  'unknown field dropped': [{ file: TAKE, from: '  if (decision.parked.length > 0) await park(trx, key)\n', to: '' }],
  'bigserial feed': [
    {
      file: 'db/fleet/feed.ts',
      from: '  for (const batch of chunksOf(rows)) {\n    const values = batch.flatMap((row) => COLUMNS',
      to: `  const { planted } = globalThis as unknown as { planted: { late?: KeptFeedTable[] } }
  const committed = planted.late ?? []
  planted.late = rows
  for (const batch of chunksOf(committed)) {
    const values = batch.flatMap((row) => COLUMNS`,
    },
  ],
  'clock kept after rollback': [
    {
      file: 'db/applied.ts',
      from: '  if (stamps.length > 0) act.heard = true\n',
      to: `  if (stamps.length > 0) act.heard = true
  Object.assign((globalThis as unknown as { planted: object }).planted, { [node.id]: node.hlc })\n`,
    },
    {
      file: 'db/journal/journal.ts',
      from: '  return { node, saved: { trusted_at,',
      to: `  const kept = (globalThis as unknown as { planted: Record<number, string> }).planted[node.id]
  if (kept !== undefined && kept > (node.hlc ?? '')) node.hlc = kept
  return { node, saved: { trusted_at,`,
    },
  ],
  'retry only after the next write': [
    {
      file: 'server/sync/agent/direction.ts',
      from: 'ms = waitAfter(failure, ++inARow, random())',
      to: 'ms = 2 ** 40 + waitAfter(failure, ++inARow, random())',
    },
    {
      file: 'server/sync/agent/direction.ts',
      from: 'hears = wokenBy(failure)',
      to: "hears = [...wokenBy(failure), 'news']",
    },
  ],
  'shared rows left out of the digest': [
    { file: WALK, from: 'withShares && rows.length > 0 ?', to: 'withShares && rows.length > 1_000_000 ?' },
  ],
} as const satisfies Record<string, readonly Edit[]>

export type BugName = keyof typeof BUGS
export const BUG_NAMES = Object.keys(BUGS) as BugName[]
