import type { Trx } from '../../db/handle.ts'
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

/** Adds the device types and fault codes that every shop begins with, so that the first intake finds something to choose. */
export async function addStarters(trx: Trx, language: (typeof STARTER_LANGUAGES)[number]): Promise<void> {
  for (const kind of ['device_type', 'problem'] as const)
    for (const name of STARTERS[language][kind]) await findOrAddNamed(trx, kind, name)
}
