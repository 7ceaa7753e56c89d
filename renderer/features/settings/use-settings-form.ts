import { useState } from 'react'
import { focusFirstError } from '../../ui/fields/focus-first-error.ts'
import { watchCursor } from '../../ui/fields/watch-cursor.ts'
import { useExplain, useFieldErrors } from '../../ui/fields/use-field-errors.ts'
import { useSendOnce } from '../../ui/send-once.ts'
import { toast } from '../../ui/states/toast.tsx'

type Faults = Record<string, string>

/**
 * A form of the settings: what is typed, what is wrong with it, and keeping it. A refusal stands at its field, and one that
 * names none is told; a field that is changed is wrong no more.
 */
export function useSettingsForm<Values extends object, Body, Saved>(
  stored: () => Values,
  { send, onSaved }: { send: (body: Body) => Promise<Saved>; onSaved: (saved: Saved) => void | Promise<void> },
) {
  const explain = useExplain()
  const readErrors = useFieldErrors()
  const [values, setValues] = useState(stored)
  const [errors, setErrors] = useState<Faults>({})
  const { mutate, isPending } = useSendOnce({
    mutationFn: send,
    onMutate: watchCursor,
    onSuccess: async (saved) => {
      setErrors({})
      await onSaved(saved)
    },
    onError: (error, _, isFree) => {
      const refused = readErrors(error)
      setErrors(refused)
      if (Object.keys(refused).length === 0) toast(explain(error), { bad: true })
      else if (isFree?.()) focusFirstError()
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
