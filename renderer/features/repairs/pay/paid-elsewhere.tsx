import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../ui/format.ts'
import classes from '../../../payment/payment.module.css'
import type { Ticket, TicketPayment } from '../requests.ts'

const takenOn = ({ payments }: Ticket) => payments.filter(({ receipt_number }) => receipt_number !== null)

/** What others have taken on this ticket since the dialog was opened. */
export function useTakenElsewhere(ticket: Ticket): TicketPayment[] {
  const [known] = useState(() => new Set(takenOn(ticket).map(({ id }) => id)))
  return takenOn(ticket).filter(({ id }) => !known.has(id))
}

type Props = { payments: readonly TicketPayment[] }

/** Who took what, and when. */
export function TakenElsewhere({ payments }: Props) {
  const { t } = useTranslation('pay')
  const format = useFormat()
  if (payments.length === 0) return null
  return (
    <div role="status">
      {payments.map(({ id, amount_cents, cashier, paid_at }) => (
        <p key={id} className={classes.owed}>
          {t('tookMeanwhile', {
            name: cashier ?? '–',
            amount: format.cents(amount_cents),
            when: format.when(paid_at),
          })}
        </p>
      ))}
    </div>
  )
}

/** Nothing is left to take: it was paid in another window. */
export function PaidElsewhere({ payments, onClose }: Props & { onClose: () => void }) {
  const { t } = useTranslation('pay')
  return (
    <div className={classes.pay}>
      <p className={classes.owed}>{t('nothingOwed')}</p>
      <TakenElsewhere payments={payments} />
      <Button autoFocus onClick={onClose}>
        {t('done')}
      </Button>
    </div>
  )
}
