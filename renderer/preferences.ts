import { create } from 'zustand'
import { persist } from 'zustand/middleware'

type Density = 'auto' | 'counter' | 'touch'
type Preferences = {
  language: 'en' | 'de'
  density: Density
  /** What pressed last on this screen; null before the first press. */
  lastPress: 'touch' | 'mouse' | null
  /** Minutes without a key or a touch until the screen locks; 0 for never. */
  lockMinutes: number
  /** The steps of a new shop are not shown here any more. */
  firstStepsLeft: boolean
  /** Filters of the list of repairs that are kept, by who kept them: the addresses behind the question mark. */
  keptFilters: Record<number, string[]>
}

/** What this screen remembers for whoever stands at it. */
export const usePreferences = create<Preferences>()(
  persist(
    (): Preferences => ({
      language: guessLanguage(),
      density: 'auto',
      lastPress: null,
      lockMinutes: 10,
      firstStepsLeft: false,
      keptFilters: {},
    }),
    {
      name: 'fixpoint.preferences',
    },
  ),
)

function guessLanguage(): Preferences['language'] {
  return navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en'
}
