import { useQueryClient } from '@tanstack/react-query'
import { focusFirstError } from '../../ui/fields/focus-first-error.ts'
import { watchCursor } from '../../ui/fields/watch-cursor.ts'
import { useExplain, useFieldErrors } from '../../ui/fields/use-field-errors.ts'
import { useSendOnce } from '../../ui/send-once.ts'
import { toast } from '../../ui/states/toast.tsx'

type ChangeHandlers = { message: string; onDone: () => void; onRefused: (errors: Record<string, string>) => void }

/** A change to who works here: the lists follow, and what is refused stands at its field, which has the cursor then. */
export function useChange<T>(change: (values: T) => Promise<unknown>, { message, onDone, onRefused }: ChangeHandlers) {
  const explain = useExplain()
  const readErrors = useFieldErrors()
  const queries = useQueryClient()
  return useSendOnce({
    mutationFn: change,
    onMutate: watchCursor,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['staff'] })
      toast(message)
      onDone()
    },
    onError: (error, _, isFree) => {
      const refused = readErrors(error)
      onRefused(refused)
      if (Object.keys(refused).length === 0) toast(explain(error), { bad: true })
      else if (isFree?.()) focusFirstError()
    },
  })
}
