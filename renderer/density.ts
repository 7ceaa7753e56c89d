import { useEffect } from 'react'
import { useMediaQuery } from '@mantine/hooks'
import { usePreferences } from './preferences.ts'

/** Rows of 36 for a mouse, 48 for fingers: what the screen is, unless someone has chosen. */
export function useIsTouch(): boolean {
  const chosen = usePreferences((state) => state.density)
  const coarse = useMediaQuery('(pointer: coarse)', false, { getInitialValueInEffect: false })
  return chosen === 'auto' ? coarse : chosen === 'touch'
}

/** Tells the style sheet. */
export function useDensityAttribute() {
  const touch = useIsTouch()
  useEffect(() => {
    document.documentElement.dataset['density'] = touch ? 'touch' : 'counter'
  }, [touch])
}
