import { useCallback, useEffect, useMemo, useState } from 'react'
import { create } from 'zustand'
import { useSession } from '../../session.ts'

const PREFIX = 'fixpoint.draft.'

/** The drafts of the screens that are open, by name. */
const useOpenDrafts = create<Record<string, object>>(() => ({}))

/** What must not be stored, by the name of its draft: it outlives its screen, not the page, and no other person's sign-in. */
const secrets = new Map<string, object>()

useSession.subscribe(({ session }) => {
  if (!session?.user) return
  for (const name of secrets.keys()) if (!name.startsWith(`${PREFIX}${session.user.id}.`)) secrets.delete(name)
})

type Part<T> = Partial<T> | ((draft: T) => Partial<T>)

/**
 * What is being typed on a screen, kept for this user on this device over reloads and crashes until it is saved.
 * `secret` fields (passcodes, passwords) stay in memory alone. A draft of another `shape` of the program is dropped.
 * `change` and `clear` also work when the screen is closed meanwhile; `clear` forgets the draft, or only if it is `still`
 * what was sent, and says whether it did.
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
): [draft: T, change: (part: Part<T>) => void, clear: (still?: (draft: T) => boolean) => boolean] {
  // Before anyone is signed in (set-up), drafts belong to nobody.
  const user = useSession((state) => state.session?.user?.id ?? 0)
  const name = `${PREFIX}${user}.${screen}.${shape}`
  // Callers pass constants: the first render's values are used throughout.
  const [fixed] = useState({ empty, secret })
  const stored = useMemo(() => readDraft(name, fixed.empty), [name, fixed])
  // Each name is written by the one screen that has this type.
  const draft = (useOpenDrafts((open) => open[name]) as T | undefined) ?? stored
  useEffect(() => {
    useOpenDrafts.setState((open) => ({ [name]: stored, ...open }))
    return () => useOpenDrafts.setState(({ [name]: _, ...others }) => others, true)
  }, [name, stored])
  const change = useCallback(
    (part: Part<T>) => {
      const before = currentDraft(name, fixed.empty)
      const after = { ...before, ...(typeof part === 'function' ? part(before) : part) }
      keepDraft(name, after, fixed.secret)
      showDraft(name, after)
    },
    [name, fixed],
  )
  const clear = useCallback(
    (still: (draft: T) => boolean = () => true) => {
      if (!still(currentDraft(name, fixed.empty))) return false
      localStorage.removeItem(name)
      secrets.delete(name)
      showDraft(name, fixed.empty)
      return true
    },
    [name, fixed],
  )
  return [draft, change, clear]
}

const currentDraft = <T extends object>(name: string, empty: T): T =>
  (useOpenDrafts.getState()[name] as T | undefined) ?? readDraft(name, empty)

/** A closed screen reads what is stored when it is opened. */
function showDraft(name: string, draft: object) {
  if (name in useOpenDrafts.getState()) useOpenDrafts.setState({ [name]: draft })
}

function keepDraft<T extends object>(name: string, draft: T, secret: readonly (keyof T)[]) {
  const isSecret = (key: string) => secret.includes(key as keyof T)
  const fields = Object.entries(draft)
  secrets.set(name, Object.fromEntries(fields.filter(([key]) => isSecret(key))))
  writeDraft(name, Object.fromEntries(fields.filter(([key]) => !isSecret(key))))
}

/** Secrets belong to what is stored: they are gone where another window has saved or discarded it. */
function readDraft<T extends object>(name: string, empty: T): T {
  try {
    const stored = localStorage.getItem(name)
    return stored === null ? empty : { ...empty, ...(JSON.parse(stored) as Partial<T>), ...secrets.get(name) }
  } catch {
    return empty
  }
}

function writeDraft(name: string, draft: object) {
  try {
    localStorage.setItem(name, JSON.stringify(draft))
  } catch {
    // A full or forbidden storage: the draft lives as long as its screen.
  }
}
