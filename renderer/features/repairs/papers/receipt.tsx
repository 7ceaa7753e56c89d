import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { priced } from '../../../../server/domain/money/tax.ts'
import { useMethodName } from '../../../payment/tenders.ts'
import { BarCode, receiptCode } from '../../../print/codes.tsx'
import { Line, ShopHead, Thanks, usePaperDate } from '../../../print/paper-parts.tsx'
import { NoTax, TaxLines } from '../../../print/receipt-tax.tsx'
import classes from '../../../print/roll.module.css'
import { serverNow } from '../../../server-clock.ts'
import { useShop } from '../../../session.ts'
import { useFormat } from '../../../ui/format.ts'
import type { Ticket, TicketReceipt } from '../requests.ts'
import { problemOf } from './papers.ts'
import { laterCorrections, standsDifferently } from './receipt-state.ts'
import { isolated, joined } from '../../../isolated.ts'
import { deviceName } from '../../../../server/domain/text/device-name.ts'

type Props = { ticket: Ticket; receipt: TicketReceipt }

/** What was paid, for what, how, and what is left: 80 mm wide. Printed again it says the same, and what became of it. */
export function Receipt({ ticket, receipt }: Props) {
  const { t } = useTranslation('papers')
  const date = usePaperDate()
  const shop = useShop()
  const { number, kind, payment_id } = receipt
  const first = ticket.receipts.find((other) => other.payment_id === payment_id)
  return (
    <article className={classes.roll}>
      <ShopHead />
      <h2>{t(kind === 'payment' ? 'paper.receipt' : 'correction')}</h2>
      <dl>
        <Line label={t('receiptNumber')}>{number}</Line>
        <Line label={t('corrects')}>{kind !== 'payment' && first?.number}</Line>
        <Line label={t('date')}>{date.instant(receipt.at)}</Line>
        <Line label={t('cashier')}>{receipt.cashier && <bdi>{receipt.cashier}</bdi>}</Line>
        <Line label={t('customer')}>
          <bdi>{ticket.customer.full_name}</bdi>
        </Line>
        <Line label={t('taxNumber')}>{shop?.tax_number}</Line>
      </dl>
      <Bill ticket={ticket} receipt={receipt} />
      <Legs receipt={receipt} />
      <Balance ticket={ticket} receipt={receipt} />
      <NoTax {...receipt} />
      {number !== null && <BarCode text={receiptCode(number)} label={number} className={classes.bar} />}
      <Thanks cents={receipt.amount_cents} />
    </article>
  )
}

/**
 * What the repair came to then. Where tax is added on top and all was paid at once, from the price before it to the total;
 * a part shows the whole with its tax, and tells its own share of it below.
 */
function Bill({ ticket, receipt }: Props) {
  const { t } = useTranslation('papers')
  const format = useFormat()
  const { cost_cents, discount_cents, amount_cents, tax_mode: mode, tax_rate: rate } = receipt
  const total = cost_cents - discount_cents
  const fromNet = mode === 'added' && amount_cents === total
  const price = fromNet ? priced(cost_cents, { mode, rate }) : cost_cents
  // What the discount takes from the price, so that the column adds up to the cent.
  const discount = fromNet ? price - (total - taxOf(receipt)) : discount_cents
  return (
    <>
      <dl className={classes.ruled}>
        <Line label={ticket.ticket_number}>{format.cents(price)}</Line>
      </dl>
      <p className={classes.item}>
        {t('repairOf', { device: isolated(deviceName(ticket.device)) })}
        {ticket.device.serial_number && (
          <span>
            {' '}
            · <bdi>{ticket.device.serial_number}</bdi>
          </span>
        )}
        <br />
        <bdi>{problemOf(ticket)}</bdi>
      </p>
      <dl>
        <Line label={t('discount')}>{discount > 0 && format.cents(-discount)}</Line>
        {fromNet && <TaxLines {...receipt} />}
        <Line label={t('total')}>
          <strong>{format.cents(total)}</strong>
        </Line>
        {!fromNet && amount_cents === total && <TaxLines {...receipt} />}
      </dl>
    </>
  )
}

const taxOf = ({ taxes }: TicketReceipt) => taxes.reduce((sum, { cents }) => sum + cents, 0)

/** The money that moved and how, and of a part the tax in it: other receipts state that of the rest. */
function Legs({ receipt }: { receipt: TicketReceipt }) {
  const { t } = useTranslation('papers')
  const format = useFormat()
  const methodName = useMethodName()
  const { legs, amount_cents, cost_cents, discount_cents } = receipt
  return (
    <>
      {legs.map(({ amount_cents: cents, payment_method, transaction_id, tendered_cents }, index) => (
        <Fragment key={index}>
          <div className={classes.ready}>
            <span>{t(cents < 0 ? 'backBy' : 'paidBy', { method: methodName(payment_method) })}</span>
            <strong className={classes.paid}>{format.cents(cents)}</strong>
            {transaction_id && <span>{transaction_id}</span>}
          </div>
          {tendered_cents !== null && tendered_cents >= cents && (
            <dl>
              <Line label={t('given')}>{format.cents(tendered_cents)}</Line>
              <Line label={t('change')}>{format.cents(tendered_cents - cents)}</Line>
            </dl>
          )}
        </Fragment>
      ))}
      {amount_cents !== cost_cents - discount_cents && (
        <dl>
          <TaxLines {...receipt} />
        </dl>
      )}
    </>
  )
}

/** What was paid and owed with this receipt; and where that is no longer true, what is now, and why. */
function Balance({ ticket, receipt }: Props) {
  const { t } = useTranslation('papers')
  const format = useFormat()
  const date = usePaperDate()
  const corrections = laterCorrections(ticket, receipt)
  const totalThen = receipt.cost_cents - receipt.discount_cents
  const owedThen = Math.max(0, totalThen - receipt.paid_cents)
  const isRepriced = ticket.total_cents !== totalThen
  return (
    <>
      <dl>
        <Line label={t('paidSoFar')}>{format.cents(receipt.paid_cents)}</Line>
        <Line label={t('stillOwed')}>{format.cents(owedThen)}</Line>
      </dl>
      {standsDifferently(ticket, receipt) && (
        <section className={classes.now}>
          <h3>{t(corrections.length > 0 ? 'corrected' : 'changedSince')}</h3>
          <dl>
            {corrections.map(({ number, at, amount_cents, legs }) => (
              <Line key={at + (number ?? '')} label={joined(date.day(at), number)}>
                {amount_cents === 0 ? <MethodChange legs={legs} /> : format.cents(amount_cents)}
              </Line>
            ))}
            <Line label={t('priceNow')}>{isRepriced && format.cents(ticket.total_cents)}</Line>
            <Line label={t('paidToday', { when: date.day(serverNow()) })}>{format.cents(ticket.paid_cents)}</Line>
            <Line label={t('stillOwed')}>{format.cents(ticket.due_cents)}</Line>
          </dl>
        </section>
      )}
    </>
  )
}

function MethodChange({ legs }: Pick<TicketReceipt, 'legs'>) {
  const methodName = useMethodName()
  return legs.map(({ payment_method }) => methodName(payment_method)).join(' → ')
}
