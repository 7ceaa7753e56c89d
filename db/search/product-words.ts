import { foldText, otherSpellings } from '../../server/domain/text/fold.ts'

type ProductText = { name: string; brand: string; model: string; description?: string | null }

/** What the index holds of a product: anything within a word finds it, so its letters and pairs of letters stand there as words too. */
export function productText({ name, brand, model, description }: ProductText): string {
  const text = [name, brand, model, description].filter(Boolean).join(' ')
  const pieces = new Set<string>()
  for (const word of [...foldText(text).split(' '), ...otherSpellings(text)]) {
    const letters = [...word]
    for (const [at, letter] of letters.entries()) pieces.add(letter + (letters[at + 1] ?? ''))
  }
  return [text, ...pieces].join(' ')
}
