import { expect, test } from 'vitest'
import * as germanFrame from '../../renderer/i18n/de/frame.ts'
import * as germanRepairs from '../../renderer/i18n/de/repairs.ts'
import * as germanWebOrders from '../../renderer/i18n/de/web-orders.ts'
import * as englishFrame from '../../renderer/i18n/en/frame.ts'
import * as englishRepairs from '../../renderer/i18n/en/repairs.ts'
import * as englishWebOrders from '../../renderer/i18n/en/web-orders.ts'

type Words = { [key: string]: string | Words }

const sentences = (words: Words, path = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : sentences(value, `${path}${key}.`),
  )

const holes = (sentence: string) => (sentence.match(/\{\{\w+\}\}/g) ?? []).toSorted()

// The type check finds missing keys; what stands within a sentence it does not see.
test.each([
  ['frame', englishFrame.words, germanFrame.words],
  ['repairs', englishRepairs.words, germanRepairs.words],
  ['web-orders', englishWebOrders.words, germanWebOrders.words],
])('every sentence of %s takes the same values in both languages and none is empty', (_, english, german) => {
  const translated = new Map(sentences(german))
  for (const [key, sentence] of sentences(english)) {
    expect(holes(translated.get(key) ?? ''), key).toEqual(holes(sentence))
    expect(translated.get(key)?.trim(), key).not.toBe('')
  }
})

test('German calls money open that is owed, and repairs by another word', () => {
  const { list, intake, column } = germanRepairs.words
  expect(column.due).toBe('Offen')
  for (const words of [list.open, intake.open_one, intake.open_other, germanFrame.words.box.open_other])
    expect(words).not.toMatch(/offen/i)
})
