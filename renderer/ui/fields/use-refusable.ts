import { useSendOnce } from '../send-once.ts'
import { toast } from '../states/toast.tsx'
import { focusFirstError } from './focus-first-error.ts'
import { useExplain, useFieldErrors } from './use-field-errors.ts'
import { watchCursor } from './watch-cursor.ts'

type Ends<Saved> = {
  onDone: (saved: Saved) => void | Promise<void>
  /** What is wrong, by field; empty where the refusal names none. */
  onRefused: (faults: Record<string, string>) => void
}

/**
 * Sends what a form holds, once at a time. What is refused stands at its field, which has the cursor then, unless somebody types
 * elsewhere by that time; a refusal that names no field is told.
 */
export function useRefusable<Body, Saved>(send: (body: Body) => Promise<Saved>, { onDone, onRefused }: Ends<Saved>) {
  const explain = useExplain()
  const readErrors = useFieldErrors()
  return useSendOnce({
    mutationFn: send,
    onMutate: watchCursor,
    onSuccess: onDone,
    onError: (error, _, isFree) => {
      const faults = readErrors(error)
      onRefused(faults)
      if (Object.keys(faults).length === 0) toast(explain(error), { bad: true })
      else if (isFree?.()) focusFirstError()
    },
  })
}
