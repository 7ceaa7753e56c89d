import { foldText, searchTokens } from '../../server/domain/fold.ts'

/** What the search index holds of a text. */
export const searchWords = (text: string) => indexed(foldText(text))

/** Folded text with two spaces before each word; what begins a word after a sign or inside a run of characters is added at the end. */
function indexed(folded: string): string {
  if (folded === '') return ''
  const words = folded.split(' ')
  const begun = new Set(words.map(beginning))
  const inside = [...new Set(searchTokens(folded).map(beginning))].filter((start) => !begun.has(start))
  return [...words, ...inside].map((word) => `  ${word}`).join('')
}

/** The first two characters. */
function beginning(word: string): string {
  const [first = '', second = ''] = word
  return first + second
}
