import { expect, test } from 'vitest'
import { isBlank, withoutInvisible } from '../../../server/domain/text/written-text.ts'

test('what nobody sees is left out, and letters are composed', () => {
  expect(withoutInvisible('\ufeff\u200bAp\u00adp\u2060le\u202e\u200f\u2069\u3164')).toBe('Apple')
  expect(withoutInvisible('Cafe\u0301')).toBe('Caf\u00e9')
})

test('what is seen stays: other scripts, pictures with their variation, spaces', () => {
  for (const text of ['محمد', '王美玲', 'สมชาย', '❤️ Shop', 'a\u00a0b', '\u0600'])
    expect(withoutInvisible(text)).toBe(text.normalize('NFC'))
})

test('a text of marks, spaces and empty signs alone is blank; a letter, figure, picture or point is none', () => {
  for (const text of ['', ' ', '\u2800', '\ufe0f', '\u0301', '\ufffc', '\u{1d173}', '\u3000 \u2028'])
    expect(isBlank(text)).toBe(true)
  for (const text of ['é', 'e\u0301', '7', '❤️', '.', 'محمد', 'สม', '王']) expect(isBlank(text)).toBe(false)
})
