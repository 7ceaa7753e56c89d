import { useState, type FocusEvent } from 'react'
import { flushSync } from 'react-dom'
import { afterPress } from '../../../ui/after-press.ts'

/**
 * A part of the intake is one row once it is `known` and the cursor has left its fields, until somebody changes it. Nothing
 * moves from under a finger, and a window that is left for a while keeps its cursor.
 */
export function useFolding(known: boolean) {
  const [editing, edit] = useState(false)
  const leave = ({ currentTarget }: FocusEvent<HTMLElement>) =>
    afterPress(() => setTimeout(() => currentTarget.contains(document.activeElement) || edit(false)))
  return {
    folded: known && !editing,
    /** Its fields are there at once, so that the cursor can go to them. */
    unfold: () => flushSync(() => edit(true)),
    fields: { onFocus: () => edit(true), onBlur: leave },
  }
}

/** Whether the server, or what is missing, speaks of a field of this part. */
export const isRefused = (errors: Record<string, string>, part: 'customer' | 'device'): boolean =>
  Object.keys(errors).some((field) => field === part || field.startsWith(`${part}.`))
