import { create } from 'zustand'
import { persist } from 'zustand/middleware'

type Density = 'auto' | 'counter' | 'touch'
type Preferences = {
  language: 'en' | 'de'
  density: Density
  /** Minutes without a key or a touch until the screen locks; 0 for never. */
  lockMinutes: number
}

/** What this screen remembers for whoever stands at it. */
export const usePreferences = create<Preferences>()(
  persist((): Preferences => ({ language: guessLanguage(), density: 'auto', lockMinutes: 10 }), {
    name: 'fixpoint.preferences',
  }),
)

function guessLanguage(): Preferences['language'] {
  return navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en'
}
