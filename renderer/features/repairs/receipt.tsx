import { useTranslation } from 'react-i18next'
import { taxOf } from '../../../server/domain/tax.ts'
import { useShop } from '../../session.ts'
import { useFormat } from '../../ui/format.ts'
import { BarCode } from './codes.tsx'
import { Line, problemOf, ShopHead, usePaperDate } from './paper-parts.tsx'
import classes from './roll.module.css'
import type { Ticket, TicketPayment } from './requests.ts'
import { useMethodName } from './tenders.ts'

/** What was paid, for what, how, and what is left: 80 mm wide. */
export function Receipt({ ticket, payment }: { ticket: Ticket; payment: TicketPayment }) {
  const { t } = useTranslation('repairs')
  const format = useFormat()
  const date = usePaperDate()
  const methodName = useMethodName()
  const { customer, device } = ticket
  return (
    <article className={classes.roll}>
      <ShopHead />
      <h2>{t('papers.receipt')}</h2>
      <dl>
        <Line label={t('papers.receiptNumber')}>{payment.receipt_number}</Line>
        <Line label={t('papers.date')}>{date.instant(payment.paid_at)}</Line>
        <Line label={t('papers.cashier')}>{payment.cashier}</Line>
        <Line label={t('papers.customer')}>{customer.full_name}</Line>
      </dl>
      <dl className={classes.ruled}>
        <Line label={ticket.ticket_number}>{format.cents(ticket.cost_cents)}</Line>
      </dl>
      <p className={classes.item}>
        {t('papers.repairOf', { device: `${device.brand} ${device.model}` })}
        {device.serial_number && <span> · {device.serial_number}</span>}
        <br />
        {problemOf(ticket)}
      </p>
      <dl>
        <Line label={t('papers.discount')}>{ticket.discount_cents > 0 && format.cents(-ticket.discount_cents)}</Line>
        <Line label={t('papers.total')}>
          <strong>{format.cents(ticket.total_cents)}</strong>
        </Line>
        <Tax cents={ticket.total_cents} />
      </dl>
      <div className={classes.ready}>
        <span>{t('papers.paidBy', { method: methodName(payment.payment_method) })}</span>
        <strong className={classes.paid}>{format.cents(payment.amount_cents)}</strong>
        {payment.transaction_id && <span>{payment.transaction_id}</span>}
      </div>
      <dl>
        <Line label={t('papers.paidSoFar')}>{format.cents(ticket.paid_cents)}</Line>
        <Line label={t('papers.left')}>{format.cents(ticket.due_cents)}</Line>
      </dl>
      {payment.receipt_number && (
        <BarCode text={payment.receipt_number} label={payment.receipt_number} className={classes.bar} />
      )}
      <p className={classes.thanks}>{t('papers.thanks')}</p>
    </article>
  )
}

/** The tax that the total holds, where prices hold it. */
function Tax({ cents }: { cents: number }) {
  const { t } = useTranslation('repairs')
  const shop = useShop()
  const format = useFormat()
  if (shop?.tax_mode !== 'included' || shop.tax_rate === 0) return null
  const { net, tax } = taxOf(cents, { mode: shop.tax_mode, rate: shop.tax_rate })
  const rate = new Intl.NumberFormat(format.locale, { style: 'percent', maximumFractionDigits: 2 })
  return (
    <>
      <Line label={t('papers.net')}>{format.cents(net)}</Line>
      <Line label={t('papers.tax', { rate: rate.format(shop.tax_rate / 10_000) })}>{format.cents(tax)}</Line>
    </>
  )
}
