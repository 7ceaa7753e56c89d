import { Button, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { sum } from '../../../server/domain/money/money.ts'
import { isDoneAlready } from '../../api.ts'
import { randomKey } from '../../intents.ts'
import { queryClient } from '../../query.ts'
import { type Amount, isUnread } from '../../ui/fields/amount.ts'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../ui/format.ts'
import { MoneyField } from '../../ui/fields/money-field.tsx'
import { Money } from '../../ui/money.tsx'
import { Key } from '../../ui/scanner/key.tsx'
import { toast } from '../../ui/states/toast.tsx'
import { isToPayHere } from '../../../server/domain/sales-status.ts'
import { cancelOrder, recordManualRefund, refund, type WebOrder } from './requests.ts'
import classes from './web-orders.module.css'

/** What can be done with an order now; nothing where nothing is to do. */
export function WebOrderActions({ order, onPay }: { order: WebOrder; onPay: () => void }) {
  const { t } = useTranslation('web-orders')
  const atCounter = order.payment_method !== 'card'
  const left = leftOnCard(order)
  return (
    <>
      {isToPayHere(order, order.paid_cents > 0) && <AwaitedMoney order={order} onPay={onPay} />}
      {order.status === 'pending' && !atCounter && <p className={classes.dim}>{t('waitsForCard')}</p>}
      {left > 0 && <RefundForm key={left} order={order} left={left} />}
      {order.refund_due && <ManualRefundForm order={order} />}
    </>
  )
}

/** What was paid by card online and is neither back nor disputed nor on its way back. */
function leftOnCard({ payments, refunds }: WebOrder): number {
  const entries = payments.filter(({ method }) => method === 'card').flatMap((payment) => payment.entries)
  const unseen = refunds.filter(
    ({ status, refund_id }) => status === 'intended' || status === 'pending' || (status === 'succeeded' && !refund_id),
  )
  return sum(entries.map(({ amount_cents }) => amount_cents)) - sum(unseen.map(({ amount_cents }) => amount_cents))
}

/** Opens the window in which its money is taken, or gives it up. */
function AwaitedMoney({ order, onPay }: { order: WebOrder; onPay: () => void }) {
  const { t } = useTranslation(['web-orders', 'pay'])
  const cancel = useOrderAction((key) => cancelOrder(order.id, key), t('cancelledNow'))
  return (
    <div className={classes.form}>
      <h2>{t('toPayHere')}</h2>
      <strong className={classes.toPay}>
        <Money cents={order.total_cents} />
      </strong>
      <Button size="md" fullWidth data-work-start onClick={onPay} rightSection={<Key of="F9" />}>
        {t('pay:title')}
      </Button>
      {order.status === 'pending' && (
        <Button variant="subtle" color="red" loading={cancel.isPending} onClick={() => cancel.mutate()}>
          {t('cancel')}
        </Button>
      )}
    </div>
  )
}

function RefundForm({ order, left }: { order: WebOrder; left: number }) {
  const { t } = useTranslation('web-orders')
  const format = useFormat()
  const [amount, setAmount] = useState<Amount>(left)
  const [reason, setReason] = useState('')
  const fits = typeof amount === 'number' && amount > 0 && amount <= left
  const amount_cents = fits ? amount : 0
  const give = useOrderAction(
    (key) => refund(order.id, { amount_cents, reason: reason.trim() || undefined }, key),
    t('refund.done'),
  )
  return (
    <Form title={t('refund.title')} onSubmit={() => fits && give.mutate()}>
      <MoneyField
        label={t('refund.amount')}
        cents={amount}
        onCents={setAmount}
        error={
          typeof amount === 'number' && amount > left ? t('refund.atMost', { amount: format.cents(left) }) : undefined
        }
      />
      <Textarea
        label={t('refund.reason')}
        autosize
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={!fits} loading={give.isPending}>
        {t('refund.submit', { amount: format.cents(amount_cents) })}
      </Button>
    </Form>
  )
}

/** Records that the money was given back in cash or by a transfer, which clears the flag. */
function ManualRefundForm({ order }: { order: WebOrder }) {
  const { t } = useTranslation('web-orders')
  const [reason, setReason] = useState('')
  const [amount, setAmount] = useState<Amount>(null)
  const note = useOrderAction(
    (key) =>
      recordManualRefund(
        order.id,
        { reason: reason.trim(), amount_cents: typeof amount === 'number' ? amount : undefined },
        key,
      ),
    t('manualRefund.done'),
  )
  const fits = reason.trim() !== '' && !isUnread(amount) && amount !== 0
  return (
    <Form title={t('manualRefund.title')} onSubmit={() => fits && note.mutate()}>
      <MoneyField
        label={t('manualRefund.amount')}
        description={t('manualRefund.allHint')}
        cents={amount}
        onCents={setAmount}
      />
      <TextInput
        label={t('manualRefund.how')}
        description={t('manualRefund.hint')}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={!fits} loading={note.isPending}>
        {t('manualRefund.submit')}
      </Button>
    </Form>
  )
}

type FormProps = { title: string; onSubmit: () => void; children: React.ReactNode }

function Form({ title, onSubmit, children }: FormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <form noValidate className={classes.form} onSubmit={submit}>
      <h2>{title}</h2>
      {children}
    </form>
  )
}

/** Its key stays, whatever is changed in the form, until it is known what became of it. */
function useOrderAction(act: (key: string) => Promise<unknown>, message: string) {
  const explain = useExplain()
  const [key, setKey] = useState(randomKey)
  return useMutation({
    mutationFn: () => act(key),
    onSuccess: () => {
      setKey(randomKey())
      toast(message)
    },
    onError: (error) => {
      if (isDoneAlready(error)) setKey(randomKey())
      toast(explain(error), { bad: true })
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['web-orders'] }),
  })
}
