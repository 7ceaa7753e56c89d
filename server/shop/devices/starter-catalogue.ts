import type { Db, Trx } from '../../../db/handle.ts'
import { nameKey } from '../../domain/fold.ts'
import { STARTER_LANGUAGES, STARTERS } from '../../domain/starters.ts'
import { findOrAddNamed } from './catalogue.ts'

/** The id of a starter by its English name: as the shop has it, in whichever language it was set up, else made as given. */
export async function findOrAddStarter(trx: Trx, kind: 'device_type' | 'problem', english: string): Promise<number> {
  const index = STARTERS.en[kind].findIndex((name) => name === english)
  const names = STARTER_LANGUAGES.flatMap((language) => STARTERS[language][kind][index] ?? [])
  const kept = await trx
    .selectFrom(kind)
    .select('id')
    .where('name_key', 'in', [english, ...names].map(nameKey))
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .executeTakeFirst()
  return kept?.id ?? (await findOrAddNamed(trx, kind, english))
}

/** The language that the shop was set up in, by what its device types are called. */
export async function starterLanguage(db: Db): Promise<(typeof STARTER_LANGUAGES)[number]> {
  const types = await db.selectFrom('device_type').select('name_key').where('deleted_at', 'is', null).execute()
  const known = new Set(types.map(({ name_key }) => name_key))
  const missing = (language: (typeof STARTER_LANGUAGES)[number]) =>
    STARTERS[language].device_type.filter((name) => !known.has(nameKey(name))).length
  return STARTER_LANGUAGES.toSorted((a, b) => missing(a) - missing(b))[0]!
}

/** Adds the device types and fault codes that every shop begins with, so that the first intake finds something to choose. */
export async function addStarters(trx: Trx, language: (typeof STARTER_LANGUAGES)[number]): Promise<void> {
  for (const kind of ['device_type', 'problem'] as const)
    for (const name of STARTERS[language][kind]) await findOrAddNamed(trx, kind, name)
}
