import { expect, test } from 'vitest'
import { starterIn, STARTER_LANGUAGES, STARTERS } from '../../server/domain/starters.ts'

test('a starter is called as the language that is spoken calls it, in whichever it is kept', () => {
  for (const kind of ['device_type', 'problem'] as const)
    for (const kept of STARTER_LANGUAGES)
      for (const spoken of STARTER_LANGUAGES)
        expect(STARTERS[kept][kind].map((name) => starterIn(kind, name, spoken))).toEqual(STARTERS[spoken][kind])
})

test('what the shop named itself stays as it named it', () => {
  expect(starterIn('problem', 'Hinge loose', 'de')).toBe('Hinge loose')
  expect(starterIn('problem', 'screen BROKEN', 'de')).toBe('Display defekt')
  expect(starterIn('device_type', 'Screen broken', 'de')).toBe('Screen broken')
})
