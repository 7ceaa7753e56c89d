import type { Db, Trx } from '../../../db/handle.ts'
import { insertMany } from '../../../db/rows.ts'
import { nameKey } from '../../domain/text/fold.ts'
import { STARTER_LANGUAGES, STARTERS } from '../../domain/starters.ts'
import { findOrAddNamed } from './catalogue.ts'
import { CONSOLES, DESKTOPS, LAPTOPS, TABLETS, WATCHES } from './starter-devices.ts'
import { PHONES } from './starter-phones.ts'

/** Common models by the English name of their type and by brand, with commas between them. */
const STARTER_MODELS = {
  Phone: PHONES,
  Laptop: LAPTOPS,
  Tablet: TABLETS,
  'Desktop computer': DESKTOPS,
  'Game console': CONSOLES,
  Watch: WATCHES,
}

/** The id of a starter by its English name: as the shop has it, in whichever language it was set up, else made as given. */
export async function findOrAddStarter(trx: Trx, kind: 'device_type' | 'problem', english: string): Promise<number> {
  return (await findStarter(trx, kind, english)) ?? (await findOrAddNamed(trx, kind, english))
}

async function findStarter(db: Db, kind: 'device_type' | 'problem', english: string): Promise<number | undefined> {
  const kept = await db
    .selectFrom(kind)
    .select('id')
    .where('name_key', 'in', [english, ...namesOf(kind, english)].map(nameKey))
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .executeTakeFirst()
  return kept?.id
}

/** What a starter is called in each language. */
function namesOf(kind: 'device_type' | 'problem', english: string): string[] {
  const index = STARTERS.en[kind].findIndex((name) => name === english)
  return STARTER_LANGUAGES.flatMap((language) => STARTERS[language][kind][index] ?? [])
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
  await addMissing(trx, 'device_type', STARTERS[language].device_type)
  for (const name of STARTERS[language].problem) await findOrAddNamed(trx, 'problem', name)
}

/**
 * Adds the common models, with the brands and types that they lack, as starters; returns how many models. What a brand has
 * already, of whatever type, stays as it is. A type is called as the shop calls it.
 */
export async function addStarterModels(trx: Trx): Promise<number> {
  const language = await starterLanguage(trx)
  const brands = await addMissing(trx, 'brand', Object.values(STARTER_MODELS).flatMap(Object.keys))
  const known = await trx.selectFrom('model').select(['brand_id', 'name_key']).where('deleted_at', 'is', null).execute()
  const taken = new Set(known.map(({ brand_id, name_key }) => `${brand_id} ${name_key}`))
  const models = []
  for (const [english, ofBrands] of Object.entries(STARTER_MODELS)) {
    const device_type_id = await typeOf(trx, english, language)
    for (const [brand, names] of Object.entries(ofBrands)) {
      const brand_id = brands.get(nameKey(brand))!
      for (const name of names.split(',').map((written: string) => written.trim())) {
        const name_key = nameKey(name)
        if (!taken.has(`${brand_id} ${name_key}`))
          models.push({ brand_id, device_type_id, name, name_key, starter: 1 as const })
      }
    }
  }
  await insertMany(trx, 'model', models)
  return models.length
}

async function typeOf(trx: Trx, english: string, language: (typeof STARTER_LANGUAGES)[number]): Promise<number> {
  const kept = await findStarter(trx, 'device_type', english)
  if (kept !== undefined) return kept
  const name = STARTERS[language].device_type[STARTERS.en.device_type.findIndex((known) => known === english)]!
  return (await addMissing(trx, 'device_type', [name])).get(nameKey(name))!
}

/** The ids of these types or brands by the keys of their names; those that are missing are added as starters. */
async function addMissing(trx: Trx, kind: 'device_type' | 'brand', names: readonly string[]) {
  const wanted = new Map(names.map((name) => [nameKey(name), name]))
  const known = await trx
    .selectFrom(kind)
    .select(['id', 'name_key'])
    .where('name_key', 'in', [...wanted.keys()])
    .where('deleted_at', 'is', null)
    .orderBy('id', 'desc')
    .execute()
  const ids = new Map(known.map(({ name_key, id }) => [name_key, id]))
  const missing = [...wanted].filter(([name_key]) => !ids.has(name_key))
  const added = await insertMany(
    trx,
    kind,
    missing.map(([name_key, name]) => ({ name, name_key, starter: 1 as const })),
  )
  for (const [index, [name_key]] of missing.entries()) ids.set(name_key, added[index]!)
  return ids
}
