import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import * as frame from './en/frame.ts'
import * as refusals from './en/refusals.ts'
import * as repairs from './en/repairs.ts'
import * as webOrders from './en/web-orders.ts'
import { usePreferences } from '../preferences.ts'
import type { Translated, Words } from './words.ts'

export type Language = 'en' | 'de'

/** Languages are named in themselves. */
export const LANGUAGES: readonly { value: Language; label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'de', label: 'Deutsch' },
]

const english: Words = {
  frame: frame.words,
  refusals: refusals.words,
  repairs: repairs.words,
  'web-orders': webOrders.words,
}

/** English is always there; the others are fetched when they are spoken. */
async function fetchWords(language: Language): Promise<Translated<Words>> {
  if (language === 'en') return english
  const [german, germanRepairs, germanWebOrders, germanRefusals] = await Promise.all([
    import('./de/frame.ts'),
    import('./de/repairs.ts'),
    import('./de/web-orders.ts'),
    import('./de/refusals.ts'),
  ])
  return {
    frame: german.words,
    repairs: germanRepairs.words,
    'web-orders': germanWebOrders.words,
    refusals: germanRefusals.words,
  }
}

export async function startLanguage() {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    defaultNS: 'frame',
    resources: { en: english },
    interpolation: { escapeValue: false },
  })
  await speak(usePreferences.getState().language)
}

export async function speak(language: Language) {
  const words = await fetchWords(language)
  for (const [part, of] of Object.entries(words)) i18next.addResourceBundle(language, part, of, true, true)
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
  document.documentElement.dir = i18next.dir(language)
  usePreferences.setState({ language })
}
