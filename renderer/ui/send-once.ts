import { useMutation, type UseMutationOptions } from '@tanstack/react-query'
import { useRef } from 'react'

/**
 * A mutation of a form. While it is under way nothing is sent again: whoever presses Ctrl+Enter a second time, perhaps with another
 * value typed meanwhile, would be told that something was saved which was not.
 */
export function useSendOnce<Reply, Body, Before>(options: UseMutationOptions<Reply, Error, Body, Before>) {
  const isUnderWay = useRef(false)
  const mutation = useMutation<Reply, Error, Body, Before>({
    ...options,
    onSettled: async (...settled) => {
      isUnderWay.current = false
      await options.onSettled?.(...settled)
    },
  })
  const mutate: typeof mutation.mutate = (...asked) => {
    if (isUnderWay.current) return
    isUnderWay.current = true
    mutation.mutate(...asked)
  }
  return { ...mutation, mutate }
}
