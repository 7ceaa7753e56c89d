import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { isDoneAlready, isRefusedAs, isUnknown } from '../../../api.ts'
import { randomKey } from '../../../intents.ts'
import { queryClient } from '../../../query.ts'
import { useExplain } from '../../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../../ui/format.ts'
import { toTradeIn } from '../../../ui/routes.ts'
import { type Offer, type RequestDetail, requestQuery } from '../requests/requests.ts'
import { type Approver, NOBODY, useApproval, useMustAsk } from '../approval-fields.tsx'
import { bodyOf, faultsOf, forbidden } from './check-purchase.ts'
import { usePurchaseDraft } from './purchase-draft.ts'
import { buyDevice, type PurchaseData, type ShopRules } from './requests.ts'

type Given = { request: RequestDetail; offer: Offer; rules: ShopRules }

/** One purchase: what is filled in, what is missing, and sending it under its one key until it is known what became of it. */
export function usePurchase({ request, offer, rules }: Given) {
  const { t, i18n } = useTranslation('trade-ins')
  const { dateLocale: locale, timeZone } = useFormat()
  const explain = useExplain()
  const go = useNavigate()
  const { draft, change, drop } = usePurchaseDraft(request, i18n.language)
  const [approver, setApprover] = useState<Approver>(NOBODY)
  const [tried, setTried] = useState(false)
  const mustAsk = useMustAsk()
  const isHigh = offer.price_cents > rules.payout_limit_cents
  // Another price than the matrix has, which nobody with the right has approved yet.
  const isOpen = offer.source === 'manual' && offer.approved_by_name === null
  const needsApproval = mustAsk && (isHigh || isOpen)
  const approval = useApproval(approver)
  const known = { request, offer, rules, approval, needsApproval }
  const place = { locale, timeZone }
  const faults = faultsOf(draft, known, place)
  const buying = useMutation({
    mutationFn: () => buyDevice(request.id, bodyOf(draft, known, place), draft.key),
    onSuccess: (bought) => {
      drop()
      // Shown as bought by this answer alone: the line may drop before the next one.
      queryClient.setQueryData<RequestDetail>(
        requestQuery(request.id).queryKey,
        (known) => known && asBought(known, bought),
      )
      void go(toTradeIn(request.id), { replace: true, state: { bought: true } })
    },
    onError: (error) => {
      // Another form of it went through before: what is there is looked at, and nothing is sent under its key.
      if (isDoneAlready(error)) change({ key: randomKey() })
      if (isRefusedAs(error, 'photo-gone')) change({ photo: null })
    },
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['trade-ins'] }),
  })
  const words = Object.fromEntries(
    Object.entries(faults).map(([field, fault]) => [field, t(`purchase.fault.${fault}`)]),
  )
  const wrong = isRefusedAs(buying.error, 'approval-wrong')
  const submit = () => {
    if (buying.isPending || forbidden(request)) return
    setTried(true)
    const [first] = Object.keys(faults)
    if (first) focusField(first)
    else buying.mutate()
  }
  return {
    draft,
    change: (changes: Parameters<typeof change>[0]) => {
      if (!isUnknown(buying.error)) buying.reset()
      change(changes)
    },
    errors: tried ? words : {},
    approver,
    setApprover,
    needsApproval,
    isHigh,
    wrongApproval: wrong ? explain(buying.error) : undefined,
    forbidden: forbidden(request),
    busy: buying.isPending,
    unanswered: buying.error !== null && isUnknown(buying.error),
    failure: failureOf(),
    submit,
  }

  function failureOf(): string | null {
    if (buying.error === null || wrong) return null
    return isUnknown(buying.error) ? t('purchase.unknown') : explain(buying.error)
  }
}

function asBought(request: RequestDetail, bought: PurchaseData): RequestDetail {
  const { id, number, created_at, total_cents, hold_until } = bought
  const purchase = { id, number, created_at, total_cents, hold_until, kept_because: null }
  return { ...request, status: 'accepted', purchase }
}

/** The field of a fault; what is no field of a form (the pad) comes into view. */
function focusField(name: string) {
  const field =
    document.querySelector<HTMLElement>(`[data-field=${name}]`) ??
    document.querySelector<HTMLElement>(`[data-field-group=${name}] button`)
  field?.scrollIntoView({ block: 'nearest' })
  field?.focus()
}
