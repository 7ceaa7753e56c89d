import { useMutation } from '@tanstack/react-query'
import { queryClient } from '../../../query.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { toast } from '../../../ui/states/toast.tsx'

/** Does something with a request, says so or why not, and has its lists asked again. */
export function useRequestAct<Sent>(act: (sent: Sent) => Promise<unknown>, done: (sent: Sent) => void) {
  const explain = useExplain()
  return useMutation({
    mutationFn: act,
    onSuccess: (_, sent) => done(sent),
    onError: (error) => void toast(explain(error), { bad: true }),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['trade-ins'] }),
  })
}
