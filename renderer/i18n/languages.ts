import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { english } from './en/words.ts'
import { usePreferences } from '../preferences.ts'
import type { Translated, Words } from './words.ts'
import { isolated } from '../isolated.ts'

export type Language = 'en' | 'de'

/** Languages are named in themselves. */
export const LANGUAGES: readonly { value: Language; label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'de', label: 'Deutsch' },
]

/** English is part of the program; other languages are loaded when they are chosen. */
async function fetchWords(language: Language): Promise<Translated<Words>> {
  return language === 'en' ? english : (await import('./de/words.ts')).german
}

export async function initLanguage() {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    defaultNS: 'frame',
    resources: { en: english },
    // React escapes what it renders; a name within a sentence keeps its direction to itself.
    interpolation: { escape: isolated },
  })
  await setLanguage(usePreferences.getState().language)
}

export async function setLanguage(language: Language) {
  const words = await fetchWords(language)
  for (const [namespace, part] of Object.entries(words))
    i18next.addResourceBundle(language, namespace, part, true, true)
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
  document.documentElement.dir = i18next.dir(language)
  usePreferences.setState({ language })
}
