import { expect, test } from 'vitest'
import { german } from '../../renderer/i18n/de/words.ts'
import { english } from '../../renderer/i18n/en/words.ts'
import { sentencesOf } from './sentences-of.ts'

const holes = (sentence: string) => (sentence.match(/\{\{\w+\}\}/g) ?? []).toSorted()

// The type check finds missing keys; what stands within a sentence it does not see.
test.each(Object.entries(english))(
  'every sentence of %s takes the same values in both languages and none is empty',
  (namespace, words) => {
    const translated = new Map(sentencesOf(german[namespace as keyof typeof german]))
    for (const [key, sentence] of sentencesOf(words)) {
      expect(holes(translated.get(key) ?? ''), key).toEqual(holes(sentence))
      expect(translated.get(key)?.trim(), key).not.toBe('')
    }
  },
)

test('German calls money open that is owed, and repairs by another word', () => {
  const { repairs, intake, frame } = german
  expect(repairs.column.due).toBe('Offen')
  for (const words of [repairs.filter.open, intake.open_one, intake.open_other, frame.search.open_other])
    expect(words).not.toMatch(/offen/i)
})
