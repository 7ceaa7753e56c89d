import { useTranslation } from 'react-i18next'

/** A text of the shop in the language of the screen; in English, or the one that there is, where it lacks that. */
export function useTextIn() {
  const { i18n } = useTranslation()
  return (texts: Record<string, string>): string => texts[i18n.language] ?? texts['en'] ?? Object.values(texts)[0] ?? ''
}
