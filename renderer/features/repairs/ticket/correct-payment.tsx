import { Input, SegmentedControl, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Amount, isUnread } from '../../../ui/fields/amount.ts'
import { focusFirstError, focusRefused } from '../../../ui/fields/focus-first-error.ts'
import { useExplain, useFieldErrors } from '../../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../../ui/format.ts'
import { MoneyField } from '../../../ui/fields/money-field.tsx'
import { SaveOrCancel } from '../../../ui/fields/save-or-cancel.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { TENDERS } from '../../../../server/domain/tenders.ts'
import { refreshRepairs } from '../change-status.ts'
import { correctPayment, type Ticket, type TicketPayment } from '../requests.ts'
import classes from './ticket.module.css'

type Props = { ticket: Ticket; payment: TicketPayment; onDone: () => void }

/** Puts a payment right: money that was given back, an amount that was mistyped, or paid another way than was said. */
export function CorrectPayment({ ticket, payment, onDone }: Props) {
  const { t } = useTranslation(['repairs', 'frame'])
  const explain = useExplain()
  const format = useFormat()
  const [amount, setAmount] = useState<Amount>(0)
  const [method, setMethod] = useState(payment.payment_method)
  const [reference, setReference] = useState('')
  const [reason, setReason] = useState('')
  const isOther = method !== payment.payment_method
  const tender = TENDERS.find((one) => one === method)
  const other = isOther && tender && { method: tender, reference: reference.trim() || undefined }
  const chooseMethod = (chosen: string) => {
    // Nothing typed yet: the money stays and only its way changes, unless more is said.
    if (amount === 0) setAmount(payment.amount_cents)
    setMethod(chosen)
  }
  const change = useMutation({
    mutationFn: (amount_cents: number) =>
      correctPayment(ticket.id, payment.id, { amount_cents, ...other, reason: reason.trim() }),
    onSuccess: () => {
      refreshRepairs()
      onDone()
    },
  })
  const refused = useFieldErrors()(change.error)
  const [tried, setTried] = useState(false)
  const isSame = !isOther && amount === payment.amount_cents
  const faults = {
    amount: amount === null ? t('frame:fieldError.missing') : isSame ? t('correction.same') : null,
    reason: reason.trim() === '' ? t('frame:fieldError.missing') : null,
  }
  const save = () => {
    setTried(true)
    if (faults.amount || faults.reason || amount === null || isUnread(amount)) return focusFirstError()
    if (!change.isPending) change.mutate(amount, focusRefused())
  }
  useShortcuts([
    { keys: 'mod+Enter', label: t('correction.submit'), run: save },
    { keys: 'Escape', label: t('frame:action.cancel'), run: onDone },
  ])
  const difference = isUnread(amount) || amount === null ? 0 : payment.amount_cents - amount
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        save()
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
          (tried && faults.amount) ||
          (refused['amount_cents'] ??
            (change.error && !Object.keys(refused).length ? explain(change.error) : undefined))
        }
      />
      <Input.Wrapper label={t('correction.method')}>
        <SegmentedControl
          fullWidth
          aria-label={t('correction.method')}
          data={TENDERS.map((value) => ({ value, label: t(`frame:tender.${value}`) }))}
          value={method ?? ''}
          onChange={chooseMethod}
        />
      </Input.Wrapper>
      {isOther && method !== 'Cash' && (
        <TextInput
          label={t('correction.reference')}
          autoComplete="off"
          maxLength={100}
          value={reference}
          onChange={({ currentTarget }) => setReference(currentTarget.value)}
          error={refused['reference']}
        />
      )}
      <TextInput
        label={t('correction.reason')}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        error={(tried && faults.reason) || refused['reason']}
      />
      <SaveOrCancel keys save={t('correction.submit')} busy={change.isPending} onCancel={onDone} />
    </form>
  )
}
