import { useState } from 'react'

/**
 * Which of a list's entries the keys are about: the one that the cursor is in, or was last; at first the first. Where that has gone
 * (somebody else has settled it, perhaps while a key is pressed) none is chosen until somebody moves: no key may settle an entry that
 * has only come into its place.
 */
export function useChosen(keys: readonly string[]): [chosen: string | undefined, choose: (key: string) => void] {
  const [chosen, choose] = useState<string>()
  const [first] = keys
  if (chosen === undefined && first !== undefined) choose(first)
  return [keys.find((key) => key === chosen), choose]
}
