import { useQueryClient } from '@tanstack/react-query'
import { useRefusable } from '../../ui/fields/use-refusable.ts'
import { toast } from '../../ui/states/toast.tsx'

type ChangeHandlers = { message: string; onDone: () => void; onRefused: (errors: Record<string, string>) => void }

/** A change to who works here: the lists follow, and it is told. */
export function useChange<T>(change: (values: T) => Promise<unknown>, { message, onDone, onRefused }: ChangeHandlers) {
  const queries = useQueryClient()
  return useRefusable(change, {
    onRefused,
    onDone: async () => {
      await queries.invalidateQueries({ queryKey: ['staff'] })
      toast(message)
      onDone()
    },
  })
}
