import { useState } from 'react'
import { focusFirstError } from '../../ui/fields/focus-first-error.ts'
import { useRefusable } from '../../ui/fields/use-refusable.ts'

type Faults = Record<string, string>

/**
 * A form of the settings: what is typed, what is wrong with it, and keeping it. A field that is
 * changed is wrong no more.
 */
export function useSettingsForm<Values extends object, Body, Saved>(
  stored: () => Values,
  { send, onSaved }: { send: (body: Body) => Promise<Saved>; onSaved: (saved: Saved) => void | Promise<void> },
) {
  const [values, setValues] = useState(stored)
  const [errors, setErrors] = useState<Faults>({})
  const { mutate, isPending } = useRefusable(send, {
    onRefused: setErrors,
    onDone: async (saved) => {
      setErrors({})
      await onSaved(saved)
    },
  })
  return {
    values,
    errors,
    /** `also` names a field that is wrong no more though it was not changed itself. */
    change: (part: Partial<Values>, also?: string) => {
      setValues((before) => ({ ...before, ...part }))
      const isStill = (field: string) => !(field in part) && field !== also
      setErrors((before) => Object.fromEntries(Object.entries(before).filter(([field]) => isStill(field))))
    },
    /** Sends it, unless something is wrong that the page sees itself. */
    save: (faults: Faults, body: Body | null) => {
      setErrors(faults)
      if (Object.keys(faults).length > 0) focusFirstError()
      if (body !== null && Object.keys(faults).length === 0 && !isPending) mutate(body)
    },
  }
}
