import i18next from 'i18next'

/** What the shop wrote in the language of the screen, or else in another one. */
export function spoken(texts: Readonly<Record<string, string>>): string {
  const written = [texts[i18next.language], texts['en'], ...Object.values(texts)]
  return written.find((text) => text !== undefined && text.trim() !== '') ?? ''
}
