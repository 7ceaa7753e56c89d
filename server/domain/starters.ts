import { nameKey } from './text/fold.ts'

/** What a new shop repairs and what breaks, in the language that its owner sets it up in. */
export const STARTERS = {
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

type Language = (typeof STARTER_LANGUAGES)[number]

/** The name of a starter in this language, in whichever of ours it is kept; a name that the shop gave itself stays. */
export function starterIn(kind: 'device_type' | 'problem', name: string, language: Language): string {
  const key = nameKey(name)
  for (const kept of STARTER_LANGUAGES) {
    const index = STARTERS[kept][kind].findIndex((starter) => nameKey(starter) === key)
    if (index >= 0) return STARTERS[language][kind][index]!
  }
  return name
}
