import { useMutation } from '@tanstack/react-query'
import { queryClient } from '../../../query.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { toast } from '../../../ui/states/toast.tsx'
import { requestQuery, type RequestDetail } from './requests.ts'

/**
 * Does something with a request, says so or why not, and has its lists asked again. The request is shown as the answer tells it
 * in the moment that the message comes: what its keys do next is never of the step before.
 */
export function useRequestAct<Sent>(act: (sent: Sent) => Promise<RequestDetail>, done: (sent: Sent) => void) {
  const explain = useExplain()
  return useMutation({
    mutationFn: act,
    onSuccess: (request, sent) => {
      queryClient.setQueryData(requestQuery(request.id).queryKey, request)
      done(sent)
    },
    onError: (error) => void toast(explain(error), { bad: true }),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['trade-ins'] }),
  })
}
