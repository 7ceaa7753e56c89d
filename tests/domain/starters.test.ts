import { expect, test } from 'vitest'
import { german } from '../../renderer/i18n/de/words.ts'
import { english } from '../../renderer/i18n/en/words.ts'
import { starterIn, STARTER_LANGUAGES, STARTERS } from '../../server/domain/starters.ts'

test('a starter is called as the language that is spoken calls it, in whichever it is kept', () => {
  for (const kind of ['device_type', 'problem', 'accessory'] as const)
    for (const kept of STARTER_LANGUAGES)
      for (const spoken of STARTER_LANGUAGES)
        expect(STARTERS[kept][kind].map((name) => starterIn(kind, name, spoken))).toEqual(STARTERS[spoken][kind])
})

test('what comes with a device is kept under the words that intake shows', () => {
  expect(Object.values(english.repairs.accessory)).toEqual(STARTERS.en.accessory)
  expect(Object.values(german.repairs.accessory)).toEqual(STARTERS.de.accessory)
})

test('what the shop named itself stays as it named it', () => {
  expect(starterIn('problem', 'Hinge loose', 'de')).toBe('Hinge loose')
  expect(starterIn('problem', 'screen BROKEN', 'de')).toBe('Display defekt')
  expect(starterIn('device_type', 'Screen broken', 'de')).toBe('Screen broken')
})
