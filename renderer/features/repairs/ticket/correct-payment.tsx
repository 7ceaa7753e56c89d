import { TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Amount, isUnread } from '../../../ui/fields/amount.ts'
import { useExplain, useFieldErrors } from '../../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../../ui/format.ts'
import { MoneyField } from '../../../ui/fields/money-field.tsx'
import { SaveOrCancel } from '../../../ui/fields/save-or-cancel.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { refreshRepairs } from '../change-status.ts'
import { correctPayment, type Ticket, type TicketPayment } from '../requests.ts'
import classes from './ticket.module.css'

type Props = { ticket: Ticket; payment: TicketPayment; onDone: () => void }

/** Corrects a payment in place: money that was given back, or an amount that was mistyped. */
export function CorrectPayment({ ticket, payment, onDone }: Props) {
  const { t } = useTranslation(['repairs', 'frame'])
  const explain = useExplain()
  const format = useFormat()
  const [amount, setAmount] = useState<Amount>(0)
  const [reason, setReason] = useState('')
  const change = useMutation({
    mutationFn: (amount_cents: number) =>
      correctPayment(ticket.id, payment.id, { amount_cents, reason: reason.trim() }),
    onSuccess: () => {
      refreshRepairs()
      onDone()
    },
  })
  const refused = useFieldErrors()(change.error)
  useShortcuts([{ keys: 'Escape', label: t('frame:action.cancel'), run: onDone }])
  const ready = !isUnread(amount) && amount !== null && amount !== payment.amount_cents && reason.trim() !== ''
  const difference = isUnread(amount) || amount === null ? 0 : payment.amount_cents - amount
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (ready && !change.isPending) change.mutate(amount)
      }}
    >
      <MoneyField
        label={t('correction.amount')}
        description={difference > 0 ? t('correction.goesBack', { amount: format.cents(difference) }) : undefined}
        autoFocus
        cents={amount}
        onCents={setAmount}
        onFocus={({ currentTarget }) => currentTarget.select()}
        error={
          refused['amount_cents'] ?? (change.error && !Object.keys(refused).length ? explain(change.error) : undefined)
        }
      />
      <TextInput
        label={t('correction.reason')}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        error={refused['reason']}
      />
      <SaveOrCancel keys save={t('correction.submit')} busy={change.isPending} disabled={!ready} onCancel={onDone} />
    </form>
  )
}
