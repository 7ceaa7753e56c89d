import { type Builder, instant, int, nullable, text } from './columns.ts'

/** What a machine of a fleet keeps of its own: how far chains and streams have come, what it heard, and what waits or lost. */
export async function fleet({ table, index }: Builder): Promise<void> {
  const place = { origin: int(), epoch: int() }
  await table('origin_head', { ...place, seq: int(), chain: text() }, ['origin', 'epoch'])
  await table('stream_head', { stream: text(), seq: int(), mark: text() }, ['stream'])
  await table('cursor', { stream: text(), seq: int(), mark: text() }, ['stream'])
  await table('feed', { stream: text(), seq: int(), ...place, op_seq: int(), mark: text() }, ['stream', 'seq'], {
    clustered: true,
  })
  await table('share', { entity: text(), row_id: int(), stream: text() }, ['entity', 'row_id', 'stream'], {
    clustered: true,
  })
  await table('held', { entity: text(), row_id: int(), ...place, tx: int() }, [
    'entity', 'row_id', 'origin', 'epoch', 'tx',
  ]) // oxfmt-ignore
  await index('held', ['origin', 'epoch', 'tx'])
  await table('quarantine', { ...place, tx: int(), seq: int(), reason: text(), since: instant() }, [
    'origin', 'epoch', 'tx',
  ]) // oxfmt-ignore
  await table('parked', { ...place, tx: int() }, ['origin', 'epoch', 'tx'])
  await table(
    'conflict',
    {
      entity: text(), row_id: int(), register: text(), stamp: text(), ...place, seq: int(), lost: text(), won: text(),
    },
    ['entity', 'row_id', 'register', 'origin', 'epoch', 'seq'],
  ) // oxfmt-ignore
  await table(
    'heard',
    {
      ...place, seq: int(), tx: int(), hlc: text(), stamp: text(), schema: int(), at: instant(), actor: nullable(int()),
      device: nullable(text()), act: text(), entity: text(), row_id: int(), kind: text(), before: nullable(text()),
      after: nullable(text()), salt: nullable(text()), digest: nullable(text()), heard_at: instant(),
    },
    ['origin', 'epoch', 'seq'],
  ) // oxfmt-ignore
  await index('heard', ['entity', 'row_id'])
}
