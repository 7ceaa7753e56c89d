import { foldText, otherSpellings, searchTokens, withApostrophesParted } from '../../server/domain/text/fold.ts'

/**
 * Which form of words the index holds: one of another form is made anew (`server/upkeep.ts`). It grows with every change
 * of what is folded, or of the texts of `search-index.ts`.
 */
export const SEARCH_FORM = 2

/**
 * What the search index holds of a text: its folded words with two spaces before each, then those that are spelled in another
 * way, and what begins a word after a sign or inside a run of characters.
 */
export function searchWords(text: string): string {
  const folded = foldText(text)
  if (folded === '') return ''
  const words = [...folded.split(' '), ...otherSpellings(text)]
  const begun = new Set(words.map(beginning))
  const tokens = searchTokens(withApostrophesParted(text))
  const inside = [...new Set(tokens.map(beginning))].filter((start) => !begun.has(start))
  return [...words, ...inside].map((word) => `  ${word}`).join('')
}

/** The first two characters. */
function beginning(word: string): string {
  const [first = '', second = ''] = word
  return first + second
}
