import { useTranslation } from 'react-i18next'
import { priced, taxOf, type TaxRule, taxRuleAt } from '../../../../server/domain/money/tax.ts'
import { useShop } from '../../../session.ts'
import { useFormat } from '../../../ui/format.ts'
import { BarCode, receiptCode } from '../../../print/codes.tsx'
import { Line, ShopHead, usePaperDate } from '../../../print/paper-parts.tsx'
import classes from '../../../print/roll.module.css'
import type { Ticket, TicketPayment } from '../requests.ts'
import { problemOf } from './papers.ts'
import { useMethodName } from '../../../payment/tenders.ts'

/** What was paid, for what, how, and what is left: 80 mm wide. */
export function Receipt({ ticket, payment }: { ticket: Ticket; payment: TicketPayment }) {
  const { t } = useTranslation('papers')
  const format = useFormat()
  const date = usePaperDate()
  const methodName = useMethodName()
  const shop = useShop()
  const { customer, device } = ticket
  const today = { mode: shop?.tax_mode ?? 'none', rate: shop?.tax_rate ?? 0 }
  const bill = billAtPayment(ticket, payment)
  const rule = taxRuleAt(payment.paid_at, today, shop?.former_taxes ?? [])
  return (
    <article className={classes.roll}>
      <ShopHead />
      <h2>{t('paper.receipt')}</h2>
      <dl>
        <Line label={t('receiptNumber')}>{payment.receipt_number}</Line>
        <Line label={t('date')}>{date.instant(payment.paid_at)}</Line>
        <Line label={t('cashier')}>{payment.cashier}</Line>
        <Line label={t('customer')}>{customer.full_name}</Line>
        <Line label={t('taxNumber')}>{shop?.tax_number}</Line>
      </dl>
      <dl className={classes.ruled}>
        <Line label={ticket.ticket_number}>{format.cents(priced(bill.cost_cents, rule))}</Line>
      </dl>
      <p className={classes.item}>
        {t('repairOf', { device: `${device.brand} ${device.model}` })}
        {device.serial_number && <span> · {device.serial_number}</span>}
        <br />
        {problemOf(ticket)}
      </p>
      <ReceiptTotals bill={bill} rule={rule} />
      <div className={classes.ready}>
        <span>{t('paidBy', { method: methodName(payment.payment_method) })}</span>
        <strong className={classes.paid}>{format.cents(payment.amount_cents)}</strong>
        {payment.transaction_id && <span>{payment.transaction_id}</span>}
      </div>
      {payment.tendered_cents !== null && payment.tendered_cents >= payment.amount_cents && (
        <dl>
          <Line label={t('given')}>{format.cents(payment.tendered_cents)}</Line>
          <Line label={t('change')}>{format.cents(payment.tendered_cents - payment.amount_cents)}</Line>
        </dl>
      )}
      <dl>
        <Line label={t('paidSoFar')}>{format.cents(bill.paid_cents)}</Line>
        <Line label={t('stillOwed')}>{format.cents(bill.due_cents)}</Line>
      </dl>
      {payment.receipt_number && (
        <BarCode text={receiptCode(payment.receipt_number)} label={payment.receipt_number} className={classes.bar} />
      )}
      <p className={classes.thanks}>{t('thanks')}</p>
    </article>
  )
}

type Bill = Pick<Ticket, 'cost_cents' | 'discount_cents' | 'total_cents' | 'paid_cents' | 'due_cents'>

/** The bill as it was when the money was taken: a receipt that is printed again says the same. */
export function billAtPayment(ticket: Ticket, { id, cost_cents, discount_cents }: TicketPayment): Bill {
  const cost = cost_cents ?? ticket.cost_cents
  const discount = discount_cents ?? ticket.discount_cents
  const total_cents = cost - discount
  const upTo = ticket.payments.filter((other) => other.id <= id)
  const paid_cents = upTo.reduce((sum, { amount_cents }) => sum + amount_cents, 0)
  return {
    cost_cents: cost,
    discount_cents: discount,
    total_cents,
    paid_cents,
    due_cents: Math.max(0, total_cents - paid_cents),
  }
}

/** Before tax where it is added on top, with the tax that it holds where it is included; the total is what is to be paid. */
function ReceiptTotals({ bill, rule }: { bill: Bill; rule: TaxRule }) {
  const { t } = useTranslation('papers')
  const format = useFormat()
  const { total_cents, discount_cents, cost_cents } = bill
  const taxed = rule.mode !== 'none' && rule.rate > 0
  const { net, tax } = taxOf(total_cents, { ...rule, mode: taxed ? 'included' : 'none' })
  // What the discount takes from the price, so that the column adds up to the cent.
  const discount = rule.mode === 'added' ? priced(cost_cents, rule) - net : discount_cents
  const total = (
    <Line label={t('total')}>
      <strong>{format.cents(total_cents)}</strong>
    </Line>
  )
  const taxLine = <Line label={t('tax', { rate: format.percent(rule.rate) })}>{format.cents(tax)}</Line>
  return (
    <dl>
      <Line label={t('discount')}>{discount > 0 && format.cents(-discount)}</Line>
      {taxed && rule.mode === 'added' && (
        <>
          <Line label={t('net')}>{format.cents(net)}</Line>
          {taxLine}
        </>
      )}
      {total}
      {taxed && rule.mode === 'included' && (
        <>
          <Line label={t('net')}>{format.cents(net)}</Line>
          {taxLine}
        </>
      )}
    </dl>
  )
}
