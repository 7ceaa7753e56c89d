import { type Builder, int, json, nullable, text } from './columns.ts'

/** What a terminal keeps of the shop that it was before it joined head office: how ids of then are called now, and its journal of then. */
export async function joinedHistory({ table }: Builder): Promise<void> {
  const sum = nullable(text())
  const alias = { entity: text(), first_id: int(), last_id: int(), first_new_id: int(), sum }
  await table('id_alias', alias, ['entity', 'first_id'])
  const chain = { origin: int(), epoch: int(), seq: int(), chain: text(), erased: json(), sum }
  await table('archived_chain', chain, ['origin', 'epoch'])
}
