import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Tender } from '../../server/domain/tenders.ts'
import { isUnknown } from '../api.ts'
import { isUnread, type Amount } from '../ui/fields/amount.ts'
import { useExplain } from '../ui/fields/use-field-errors.ts'
import { isImplausibleSum } from './cash.ts'

/** How somebody pays, as it is typed: the tender, the reference of another's terminal, and what was given in cash. */
export function useTenderFields() {
  const [tender, setTender] = useState<Tender>('Cash')
  const [reference, setReference] = useState('')
  const [received, setReceived] = useState<Amount>(null)
  return { tender, setTender, reference, setReference, received, setReceived }
}

type TenderFields = ReturnType<typeof useTenderFields>

/**
 * What these fields come to where `toPay`, in cents, is paid: whether it is covered, and what is sent of them. An implausible sum of
 * cash has to be confirmed first.
 */
export function useTendered(toPay: number, { tender, reference, received }: TenderFields) {
  const [sumInQuestion, setSumInQuestion] = useState<number | null>(null)
  const isCash = tender === 'Cash'
  // Nothing typed means that the customer gave it exactly; what cannot be read means nothing yet.
  const tendered = isUnread(received) ? null : (received ?? toPay)
  const missing = tendered === null ? toPay : Math.max(0, toPay - tendered)
  const isImplausible = isCash && tendered !== null && isImplausibleSum(tendered, toPay)
  const cash = isCash && tendered !== null && { tendered_cents: tendered }
  const named = !isCash && reference.trim() !== '' && { reference: reference.trim() }
  return {
    tendered,
    missing,
    isCovered: !isCash || missing === 0,
    needsConfirmation: isCash && sumInQuestion !== null && sumInQuestion === tendered,
    paidBy: { method: tender, ...cash, ...named },
    /** Enter, or the button: sends, unless the sum is to be confirmed. */
    submitTo: (send: () => void, isReady: boolean) => (event?: FormEvent) => {
      event?.preventDefault()
      if (isReady && isImplausible) setSumInQuestion(tendered)
      else send()
    },
    /** The customer has given that much indeed. */
    confirmTo: (send: () => void) => () => {
      setSumInQuestion(null)
      send()
    },
  }
}

/** Why a payment was not taken, unless a field shows it. */
export function usePaymentFailure(error: Error | null, refused: Record<string, string>): string | null {
  const { t } = useTranslation('pay')
  const explain = useExplain()
  if (error === null) return null
  if (isUnknown(error)) return t('unknown')
  return Object.keys(refused).length > 0 ? null : explain(error)
}
