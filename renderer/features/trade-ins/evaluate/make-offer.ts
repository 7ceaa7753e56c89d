import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { ApiError, isRefusedAs, isUnknown } from '../../../api.ts'
import { randomKey } from '../../../intents.ts'
import { queryClient } from '../../../query.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { type Approval, makeOffer, type NamedSeller, offerTo } from './requests.ts'

type Offered = { version: number; seen_cents: number | undefined; approval: Approval; seller: NamedSeller | null }

/** Offers what the evaluation came to, once, whether or not the answer comes. */
export function useMakeOffer(id: string, onMade: () => void) {
  const { t } = useTranslation('trade-ins')
  const go = useNavigate()
  const explain = useExplain()
  const key = useRef('')
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: ({ seller, ...offer }: Offered) => {
      key.current ||= randomKey()
      return seller ? offerTo(id, { ...offer, customer: seller }, key.current) : makeOffer(id, offer, key.current)
    },
    onSuccess: ({ pickup_id }) => {
      void go('/buy-in', { replace: true, state: { offered: pickup_id } })
      onMade()
      // This evaluation has ended: nobody asks for it again.
      void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] !== id })
    },
    onError: (failure) => {
      // What was refused is another intention the next time.
      if (!isUnknown(failure)) key.current = ''
      if (isRefusedAs(failure, 'evaluation-changed', 'offer-sum-changed'))
        void queryClient.invalidateQueries({ queryKey: ['buy-ins', id] })
    },
  })
  const refusal = error && (isUnknown(error) ? t('evaluate.offerUnknown') : explain(error))
  const field = error && fieldOf(error)
  return {
    offer: (offered: Offered) => !isPending && mutate(offered),
    busy: isPending,
    refusal: field ? null : refusal,
    errors: field && refusal ? { [field]: refusal } : {},
    reset,
  }
}

/** Beside which field a refusal stands. */
function fieldOf(error: Error): string | undefined {
  if (!(error instanceof ApiError)) return undefined
  if (isRefusedAs(error, 'approval-wrong', 'may-not-approve', 'too-many-attempts', 'offer-needs-approval'))
    return 'approval'
  if (isRefusedAs(error, 'phone-of-somebody', 'phone-registered')) return 'customer.phone'
  if (isRefusedAs(error, 'customer-unconfirmed')) return 'customer'
  const [first] = error.fieldErrors
  return first && first.loc.slice(1).join('.')
}
