import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { useMethodName } from '../../payment/tenders.ts'
import { BarCode, receiptCode } from '../../print/codes.tsx'
import { ROLL } from '../../print/page-size.ts'
import { Line, ShopHead, Thanks, usePaperDate } from '../../print/paper-parts.tsx'
import { PaperScreen } from '../../print/paper-screen.tsx'
import { NoTax, TaxLines } from '../../print/receipt-tax.tsx'
import classes from '../../print/roll.module.css'
import { useShop } from '../../session.ts'
import { useFormat } from '../../ui/format.ts'
import { toWebOrder } from '../../ui/routes.ts'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { fetchWebOrder, type WebOrder } from './requests.ts'

/** The receipt of what an order was paid at the desk, or of what went back there. */
export function WebOrderReceipt() {
  const { t } = useTranslation(['papers', 'web-orders'])
  const go = useNavigate()
  const params = useParams()
  const id = Number(params['id'])
  const { data: order, error, refetch } = useQuery({ queryKey: ['web-orders', id], queryFn: () => fetchWebOrder(id) })
  useEffect(() => {
    document.title = params['number'] ?? 'Fixpoint'
  }, [params])
  if (!order) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null
  const receipt = receiptsOf(order).find(({ number }) => number === params['number'])
  const leave = () => void go(toWebOrder(id), { replace: true })
  return (
    <PaperScreen
      paper="receipt"
      size={ROLL}
      title={`${t('paper.receipt')} ${receipt?.number ?? ''}`}
      back={t('web-orders:order', { id })}
      onBack={leave}
      onPrinted={leave}
    >
      {receipt ? <Paper order={order} receipt={receipt} /> : <EmptyState>{t('noReceipt')}</EmptyState>}
    </PaperScreen>
  )
}

type DeskReceipt = ReturnType<typeof receiptsOf>[number]

/** The money that has a receipt, oldest first. */
const receiptsOf = ({ payments }: WebOrder) =>
  payments
    .flatMap(({ method, entries }) =>
      entries.flatMap(({ receipt, ...entry }) => (receipt ? { method, ...entry, ...receipt } : [])),
    )
    .toSorted((a, b) => a.created_at - b.created_at)

function Paper({ order, receipt }: { order: WebOrder; receipt: DeskReceipt }) {
  const { t } = useTranslation(['papers', 'web-orders'])
  const format = useFormat()
  const date = usePaperDate()
  const shop = useShop()
  const methodName = useMethodName()
  const { number, cashier, method, reference, amount_cents, created_at, kind, tendered_cents } = receipt
  const all = receiptsOf(order)
  const later = all.slice(all.findIndex((other) => other.number === number) + 1)
  const onTop = order.total_cents - order.lines.reduce((sum, { line_total_cents }) => sum + line_total_cents, 0)
  return (
    <article className={classes.roll}>
      <ShopHead />
      <h2>{t(kind === 'charge' ? 'paper.receipt' : 'refund')}</h2>
      <dl>
        <Line label={t('receiptNumber')}>{number}</Line>
        <Line label={t('web-orders:number')}>ORD{order.id}</Line>
        <Line label={t('date')}>{date.instant(created_at)}</Line>
        <Line label={t('cashier')}>{cashier}</Line>
        <Line label={t('customer')}>{order.customer.full_name || order.customer.email}</Line>
        <Line label={t('taxNumber')}>{shop?.tax_number}</Line>
      </dl>
      <dl className={classes.ruled}>
        {order.lines.map(({ product_id, qty, title, line_total_cents }) => (
          <Line key={product_id} label={qty === 1 ? title : `${qty} × ${title}`}>
            {format.cents(line_total_cents)}
          </Line>
        ))}
        <Line label={t('web-orders:added')}>{onTop > 0 && format.cents(onTop)}</Line>
        <Line label={t('total')}>{format.cents(order.total_cents)}</Line>
      </dl>
      <div className={classes.ready}>
        <span>{t(amount_cents < 0 ? 'backBy' : 'paidBy', { method: methodName(method) })}</span>
        <strong className={classes.paid}>{format.cents(amount_cents)}</strong>
        {reference && <span>{reference}</span>}
      </div>
      {tendered_cents !== null && tendered_cents >= amount_cents && (
        <dl className={classes.sums}>
          <Line label={t('given')}>{format.cents(tendered_cents)}</Line>
          <Line label={t('change')}>{format.cents(tendered_cents - amount_cents)}</Line>
        </dl>
      )}
      <dl className={classes.sums}>
        <TaxLines {...receipt} />
      </dl>
      <NoTax {...receipt} />
      {later.length > 0 && (
        <section className={classes.now}>
          <h3>{t('changedSince')}</h3>
          <dl>
            {later.map((other) => (
              <Line key={other.number} label={`${date.day(other.created_at)} · ${other.number}`}>
                {format.cents(other.amount_cents)}
              </Line>
            ))}
          </dl>
        </section>
      )}
      <BarCode text={receiptCode(number)} label={number} className={classes.bar} />
      <Thanks cents={amount_cents} />
    </article>
  )
}
