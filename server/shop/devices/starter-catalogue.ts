import type { Db, Trx } from '../../../db/handle.ts'
import { nameKey } from '../../domain/fold.ts'
import { findOrAddNamed } from './catalogue.ts'

/** What a new shop repairs and what breaks, in the language that its owner sets it up in. */
const STARTERS = {
  en: {
    device_type: ['Phone', 'Laptop', 'Tablet', 'Desktop computer', 'Game console', 'Watch', 'Other'],
    problem: [
      'Screen broken',
      'Battery weak',
      'Does not charge',
      'Does not start',
      'Water damage',
      'Keyboard',
      'Camera',
      'Sound',
      'Slow',
      'Data rescue',
    ],
  },
  de: {
    device_type: ['Handy', 'Laptop', 'Tablet', 'Desktop-PC', 'Spielkonsole', 'Uhr', 'Anderes'],
    problem: [
      'Display defekt',
      'Akku schwach',
      'Lädt nicht',
      'Startet nicht',
      'Wasserschaden',
      'Tastatur',
      'Kamera',
      'Ton',
      'Langsam',
      'Datenrettung',
    ],
  },
} as const

export const STARTER_LANGUAGES = ['en', 'de'] as const

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
