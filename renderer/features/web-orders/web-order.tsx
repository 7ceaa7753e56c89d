import { Alert } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { sum } from '../../../server/domain/money/money.ts'
import { CLOSED_DISPUTES } from '../../../server/domain/sales-status.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { useFormat } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { Page } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/states/skeleton-rows.tsx'
import { toCustomer } from '../../ui/routes.ts'
import { When } from '../../ui/when.tsx'
import { WebOrderState } from '../../desk/web-order-state.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { isToPayHere } from '../../../server/domain/sales-status.ts'
import { PayOrder } from './pay-order.tsx'
import { useStripeWords } from './stripe-words.ts'
import { fetchWebOrder, type WebOrder as Order } from './requests.ts'
import { WebOrderActions } from './web-order-actions.tsx'
import { WebOrderMoney } from './web-order-money.tsx'
import classes from './web-orders.module.css'
import { Contacts } from '../../ui/phone.tsx'

export const webOrderQuery = (id: number) => ({ queryKey: ['web-orders', id], queryFn: () => fetchWebOrder(id) })

/** One order of the web shop: what is in it, and all that happened to its money. */
export function WebOrder() {
  const { t } = useTranslation('web-orders')
  const id = Number(useParams()['id'])
  const { data: order, error, refetch } = useQuery(webOrderQuery(id))
  if (!order)
    return (
      <Page title={t('order', { id })}>
        {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <SkeletonRows rows={8} />}
      </Page>
    )
  return <OrderScreen key={id} order={order} />
}

function OrderScreen({ order }: { order: Order }) {
  const { t } = useTranslation(['web-orders', 'pay'])
  const [paying, setPaying] = useState(false)
  const isAwaited = isToPayHere(order, order.paid_cents > 0)
  const pay = () => setPaying(true)
  useShortcuts([isAwaited && { keys: 'F9', label: t('pay:title'), run: pay }])
  return (
    <Page title={t('order', { id: order.id })} beside={<WebOrderState order={order} />}>
      <RefundProblem order={order} />
      <div className={classes.screen}>
        <div className={classes.card}>
          <ProductLines order={order} />
          <WebOrderMoney order={order} />
        </div>
        <div className={classes.side}>
          <WebOrderActions order={order} onPay={pay} />
          <CustomerDetails order={order} isStart={!isAwaited} />
        </div>
      </div>
      <PayOrder order={order} opened={paying} onClose={() => setPaying(false)} />
    </Page>
  )
}

/** Explains what has to be done by hand: money to give back, and disputes. */
function RefundProblem({ order: { refund_due, trouble, disputes } }: { order: Order }) {
  const { t } = useTranslation('web-orders')
  const format = useFormat()
  const words = useStripeWords()
  const open = disputes.filter(({ status }) => !CLOSED_DISPUTES.includes(status))
  return (
    <>
      {refund_due && (
        <Alert color="red" icon={<IconAlertTriangle size={20} aria-hidden />} mb="md" title={t('refundDue')}>
          {t(trouble ? `refundReason.${trouble}` : 'refundReason.given')}
        </Alert>
      )}
      {open.map(({ id, amount_cents, reason, evidence_due_at }) => (
        <Alert
          key={id}
          color="red"
          icon={<IconAlertTriangle size={20} aria-hidden />}
          mb="md"
          title={t('disputeOf', { amount: format.cents(amount_cents) })}
        >
          {t('disputeText', { reason: words.disputed(reason) })}{' '}
          {evidence_due_at !== null && t('disputeUntil', { when: format.instant(evidence_due_at) })}
        </Alert>
      ))}
    </>
  )
}

function ProductLines({ order }: { order: Order }) {
  const { t } = useTranslation('web-orders')
  const added = order.total_cents - sum(order.lines.map(({ line_total_cents }) => line_total_cents))
  return (
    <table className={classes.lines}>
      <thead>
        <tr>
          <th scope="col">{t('product')}</th>
          <th scope="col" className={classes.money}>
            {t('quantity')}
          </th>
          <th scope="col" className={classes.money}>
            {t('price')}
          </th>
          <th scope="col" className={classes.money}>
            {t('sum')}
          </th>
        </tr>
      </thead>
      <tbody>
        {order.lines.map((line) => (
          <tr key={line.product_id}>
            <td>{line.title}</td>
            <td className={`${classes.money} figures`}>{line.qty}</td>
            <td className={classes.money}>
              <Money cents={line.unit_price_cents} />
            </td>
            <td className={classes.money}>
              <Money cents={line.line_total_cents} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        {added > 0 && (
          <tr className={classes.added}>
            <td colSpan={3}>{t('added')}</td>
            <td className={classes.money}>
              <Money cents={added} />
            </td>
          </tr>
        )}
        <tr>
          <th scope="row" colSpan={3}>
            {t('total')}
          </th>
          <td className={classes.money}>
            <Money cents={order.total_cents} />
          </td>
        </tr>
      </tfoot>
    </table>
  )
}

/** Orders in these states have gone out. */
const SENT: ReadonlySet<Order['status']> = new Set(['shipped', 'completed'])

/** `isStart`: the cursor waits at the customer, for there is nothing else to do. */
function CustomerDetails({
  order: { customer, shipping_address, notes, created_at, expires_at, status },
  isStart,
}: {
  order: Order
  isStart: boolean
}) {
  const { t } = useTranslation('web-orders')
  const address = shipping_address && Object.values(shipping_address).filter((part) => typeof part === 'string' && part)
  return (
    <dl className={classes.facts}>
      <dt>{t('customer')}</dt>
      <dd>
        <Link to={toCustomer(customer.id)} data-work-start={isStart || undefined}>
          {customer.full_name || customer.email || t('noName')}
        </Link>
        <br />
        <Contacts {...customer} />
      </dd>
      <dt>{t('ordered')}</dt>
      <dd>
        <When at={created_at} />
      </dd>
      {status === 'pending' && expires_at !== null && (
        <>
          <dt>{t('reservedUntil')}</dt>
          <dd>
            <When at={expires_at} />
          </dd>
        </>
      )}
      {address && address.length > 0 && (
        <>
          <dt>{SENT.has(status) ? t('sentTo') : t('address')}</dt>
          <dd className={classes.address}>{address.join('\n')}</dd>
        </>
      )}
      {notes && (
        <>
          <dt>{t('notes')}</dt>
          <dd>{notes}</dd>
        </>
      )}
    </dl>
  )
}
