import { nameKey } from './text/fold.ts'

/** What a new shop repairs, what breaks and what comes with it, in the language that its owner sets it up in. */
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
    accessory: ['Charger', 'Cable', 'Case', 'SIM card', 'Memory card', 'Pen', 'Bag', 'Box'],
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
    accessory: ['Ladegerät', 'Kabel', 'Hülle', 'SIM-Karte', 'Speicherkarte', 'Stift', 'Tasche', 'Karton'],
  },
} as const

export const STARTER_LANGUAGES = ['en', 'de'] as const

type Language = (typeof STARTER_LANGUAGES)[number]

/** The name of a starter in this language, in whichever of ours it is kept; a name that the shop gave itself stays. */
export function starterIn(kind: keyof (typeof STARTERS)['en'], name: string, language: Language): string {
  const key = nameKey(name)
  for (const kept of STARTER_LANGUAGES) {
    const index = STARTERS[kept][kind].findIndex((starter) => nameKey(starter) === key)
    if (index >= 0) return STARTERS[language][kind][index]!
  }
  return name
}
