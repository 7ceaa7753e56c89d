import { Alert, Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isUnread, type Amount } from '../ui/fields/amount.ts'
import { useFormat } from '../ui/format.ts'
import { Key } from '../ui/scanner/key.tsx'
import { useShortcuts } from '../ui/scanner/shortcuts.ts'
import { isImplausibleSum } from './cash.ts'

/** The cash that the customer has given for `toPay`, in cents. An implausible sum has to be confirmed first. */
export function useTendered(toPay: number, received: Amount) {
  const [sumInQuestion, setSumInQuestion] = useState<number | null>(null)
  // Nothing typed means that the customer gave it exactly; what cannot be read means nothing yet.
  const tendered = isUnread(received) ? null : (received ?? toPay)
  return {
    tendered,
    missing: tendered === null ? toPay : Math.max(0, toPay - tendered),
    isImplausibleSum: tendered !== null && isImplausibleSum(tendered, toPay),
    needsConfirmation: sumInQuestion !== null && sumInQuestion === tendered,
    askToConfirm: () => setSumInQuestion(tendered),
    confirmSum: () => setSumInQuestion(null),
  }
}

type Props = { toPay: number; tendered: number | null; confirmTendered: () => void }

/** Far more was given than is due: a price or a code may have been typed. Enter alone does not say yes. */
export function AskTendered({ toPay, tendered, confirmTendered }: Props) {
  const { t } = useTranslation('pay')
  const format = useFormat()
  const given = format.cents(tendered ?? 0)
  useShortcuts([{ keys: 'mod+Enter', label: t('confirmTenderedYes', { given }), run: confirmTendered }], {
    dialog: true,
  })
  return (
    <Alert color="yellow" role="alert" title={t('confirmTendered', { given, amount: format.cents(toPay) })}>
      <Button variant="default" type="button" onClick={confirmTendered} rightSection={<Key of="mod+Enter" />}>
        {t('confirmTenderedYes', { given })}
      </Button>
    </Alert>
  )
}
