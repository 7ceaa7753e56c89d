import { useState } from 'react'

/** Which of a list's entries the keys are about: the one that the cursor is in, the first where that has gone. */
export function useChosen(keys: readonly string[]): [chosen: string | undefined, choose: (key: string) => void] {
  const [chosen, choose] = useState<string>()
  return [keys.find((key) => key === chosen) ?? keys[0], choose]
}
