import { useCallback, useState } from 'react'
import { useSession } from '../../session.ts'

const PREFIX = 'fixpoint.draft.'

/**
 * What is being typed on a screen, kept for this user on this device over reloads and crashes until it is saved.
 * `secret` fields (passcodes, passwords) stay in memory alone. A draft of another `shape` of the program is dropped.
 *
 * ```
 * const [draft, change, clear] = useDraft('intake', emptyIntake, { secret: ['passcode'] })
 * change({ note: 'Screen cracked' })
 * ```
 */
export function useDraft<T extends object>(
  screen: string,
  empty: T,
  { secret = [], shape = 1 }: { secret?: readonly (keyof T)[]; shape?: number } = {},
): [draft: T, change: (part: Partial<T> | ((draft: T) => Partial<T>)) => void, clear: () => void] {
  // Before anyone is signed in (set-up), drafts belong to nobody.
  const user = useSession((state) => state.session?.user?.id ?? 0)
  const name = `${PREFIX}${user}.${screen}.${shape}`
  // Callers pass constants: the first render's values are used throughout.
  const [fixed] = useState({ empty, secret })
  const [draft, setDraft] = useState(() => ({ ...empty, ...readDraft<T>(name) }))
  const change = useCallback(
    (part: Partial<T> | ((draft: T) => Partial<T>)) =>
      setDraft((before) => {
        const after = { ...before, ...(typeof part === 'function' ? part(before) : part) }
        writeDraft(name, withoutSecrets(after, fixed.secret))
        return after
      }),
    [name, fixed],
  )
  const clear = useCallback(() => {
    localStorage.removeItem(name)
    setDraft(fixed.empty)
  }, [name, fixed])
  return [draft, change, clear]
}

function withoutSecrets<T extends object>(draft: T, secret: readonly (keyof T)[]): Partial<T> {
  return Object.fromEntries(Object.entries(draft).filter(([key]) => !secret.includes(key as keyof T))) as Partial<T>
}

function readDraft<T>(name: string): Partial<T> {
  try {
    return JSON.parse(localStorage.getItem(name) ?? '{}') as Partial<T>
  } catch {
    return {}
  }
}

function writeDraft(name: string, draft: object) {
  try {
    localStorage.setItem(name, JSON.stringify(draft))
  } catch {
    // A full or forbidden storage: the draft lives as long as the page.
  }
}
