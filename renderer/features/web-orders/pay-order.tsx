import { Button } from '@mantine/core'
import { useIsMutating, useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { isDoneAlready } from '../../api.ts'
import { randomKey } from '../../intents.ts'
import { MoneyTaken } from '../../payment/money-taken.tsx'
import classes from '../../payment/payment.module.css'
import { Cash, Reference, Tenders } from '../../payment/tender-fields.tsx'
import { AskTendered } from '../../payment/ask-tendered.tsx'
import { usePaymentFailure, useTendered, useTenderFields } from '../../payment/use-tender.ts'
import { TakeMoney } from '../../payment/take-money.tsx'
import { queryClient } from '../../query.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { isToPayHere } from '../../../server/domain/sales-status.ts'
import { useFieldErrors } from '../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../ui/format.ts'
import { toWebOrderReceipt } from '../../ui/routes.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { takeMoney, type WebOrder } from './requests.ts'

type Props = { order: WebOrder; opened: boolean; onClose: () => void }

const mutationKey = ({ id }: WebOrder) => ['take-order-money', id]

/** Takes the whole money of an order as that of a repair is taken: in cash with change, by the bank's terminal, or otherwise. */
export function PayOrder({ order, opened, onClose }: Props) {
  const { t } = useTranslation('pay')
  const busy = useIsMutating({ mutationKey: mutationKey(order) }) > 0
  const { id, customer } = order
  const name = customer.full_name || (customer.email ?? customer.phone ?? '')
  useShortcuts([], { dialog: opened })
  return (
    <Dialog
      opened={opened}
      onClose={() => busy || onClose()}
      size="lg"
      title={t('subtitle', { number: `ORD${id}`, name })}
    >
      {opened && <Payment order={order} onClose={onClose} />}
    </Dialog>
  )
}

function Payment({ order, onClose }: { order: WebOrder; onClose: () => void }) {
  const { t } = useTranslation('pay')
  const format = useFormat()
  const form = useOrderPayment(order)
  const { tender, toPay } = form
  if (form.paid) return <Paid order={form.paid} onClose={onClose} />
  // Once it was sent from here the money is this window's, whatever is heard of it before the answer.
  if (form.isUnsent && !isToPayHere(order, order.paid_cents > 0))
    return <PaidElsewhere order={order} onClose={onClose} />
  return (
    <form onSubmit={form.submit} className={classes.pay} noValidate>
      <div className={classes.whole}>
        <span>{t('toPay')}</span>
        <strong className="figures">{format.cents(toPay)}</strong>
      </div>
      <Tenders {...form} />
      {tender === 'Cash' ? <Cash {...form} /> : <Reference {...form} />}
      {form.needsConfirmation ? <AskTendered {...form} /> : <TakeMoney {...form} />}
    </form>
  )
}

/** One payment that is being taken. Its key stays, whatever is changed in it, until it is known what became of it. */
function useOrderPayment(order: WebOrder) {
  const { t } = useTranslation('pay')
  const [key] = useState(randomKey)
  const fields = useTenderFields()
  const toPay = order.total_cents
  const given = useTendered(toPay, fields)
  const sending = useMutation({
    mutationKey: mutationKey(order),
    mutationFn: (payment: Parameters<typeof takeMoney>[1]) => takeMoney(order.id, payment, key),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['web-orders'] }),
  })
  const refused = useFieldErrors()(sending.error)
  const failure = usePaymentFailure(sending.error, refused)
  const ready = given.isCovered && !sending.isPending && !sending.isSuccess
  const send = () => {
    if (ready) sending.mutate(given.paidBy)
  }
  return {
    ...given,
    ...fields,
    toPay,
    refused,
    ready,
    busy: sending.isPending,
    isUnsent: sending.isIdle,
    paid: sending.data ?? null,
    // What was taken before is seen as soon as the order is read again.
    failure: isDoneAlready(sending.error) ? t('savedAlready') : failure,
    submit: given.submitTo(send, ready),
    confirmTendered: given.confirmTo(send),
  }
}

/** What was taken last, with its receipt. */
const lastCharge = ({ payments }: WebOrder) =>
  payments
    .flatMap(({ entries }) => entries)
    .filter(({ kind }) => kind === 'charge')
    .toSorted((a, b) => a.created_at - b.created_at)
    .at(-1)

function Paid({ order, onClose }: { order: WebOrder; onClose: () => void }) {
  const { t } = useTranslation('pay')
  const go = useNavigate()
  const { amount_cents = 0, receipt = null } = lastCharge(order) ?? {}
  return (
    <MoneyTaken
      change={Math.max(0, (receipt?.tendered_cents ?? amount_cents) - amount_cents)}
      paid={amount_cents}
      receiptNumber={receipt?.number ?? null}
      rest={t('nothingOwed')}
      onPrint={() => receipt && void go(toWebOrderReceipt(order.id, receipt.number))}
    >
      <Button size="lg" onClick={onClose} autoFocus data-autofocus rightSection={<Key of="Enter" />}>
        {t('done')}
      </Button>
    </MoneyTaken>
  )
}

/** Nothing is left to take: it was paid in another window, or given up. */
function PaidElsewhere({ order, onClose }: { order: WebOrder; onClose: () => void }) {
  const { t } = useTranslation(['web-orders', 'pay'])
  const format = useFormat()
  const last = lastCharge(order)
  return (
    <div className={classes.pay}>
      <p role="status" className={classes.owed}>
        {last
          ? t('pay:paidBy', {
              amount: format.cents(last.amount_cents),
              name: last.receipt?.cashier ?? '–',
              when: format.when(last.created_at),
            })
          : t('waitsNoLonger', { state: t(`status.${order.status}`) })}
      </p>
      <Button autoFocus data-autofocus onClick={onClose}>
        {t('pay:done')}
      </Button>
    </div>
  )
}
