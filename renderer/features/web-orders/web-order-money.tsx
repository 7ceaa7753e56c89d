import { IconPrinter } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { Money } from '../../ui/money.tsx'
import { toWebOrderReceipt } from '../../ui/routes.ts'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { When } from '../../ui/when.tsx'
import type { WebOrder } from './requests.ts'
import { useStripeWords } from './stripe-words.ts'
import classes from './web-orders.module.css'
import { joined } from '../../isolated.ts'
import { WholeCodes } from '../../ui/whole-codes.tsx'

/** Everything that moved on an order, oldest first, and what is on its way. */
export function WebOrderMoney({ order }: { order: WebOrder }) {
  const { t } = useTranslation(['web-orders', 'papers'])
  const go = useNavigate()
  const words = useStripeWords()
  const moved = order.payments.flatMap(({ id, method, entries }) =>
    entries.map((entry, index) => ({ ...entry, method, key: `${id}-${index}` })),
  )
  const last = moved.findLast(({ receipt }) => receipt !== null)?.receipt
  useShortcuts([
    !!last && {
      keys: 'F10',
      label: t('papers:printReceipt', { number: last.number }),
      run: () => void go(toWebOrderReceipt(order.id, last.number)),
    },
  ])
  // One that Stripe made stands among what moved; one that went back another way has no number of Stripe's.
  const others = order.refunds.filter(({ status, refund_id }) => status !== 'succeeded' || refund_id === null)
  return (
    <section className={classes.moved} aria-labelledby="web-order-money">
      <h2 id="web-order-money">{t('money')}</h2>
      {moved.length === 0 && others.length === 0 && <p className={classes.dim}>{t('nothingMoved')}</p>}
      <ul>
        {moved
          .toSorted((a, b) => a.created_at - b.created_at)
          .map(({ key, kind, method, amount_cents, reference, created_at, receipt }) => (
            <li key={key}>
              <span className={classes.grow}>
                {t(`entryKind.${kind}`)}
                <span className={classes.dim}>
                  <WholeCodes>{joined(methodName(method), receipt?.number, reference)}</WholeCodes>
                </span>
              </span>
              <When at={created_at} />
              <Money cents={amount_cents} />
              {receipt && (
                <Link
                  to={toWebOrderReceipt(order.id, receipt.number)}
                  className={classes.print}
                  aria-label={t('papers:printReceipt', { number: receipt.number })}
                >
                  <IconPrinter size={18} aria-hidden />
                </Link>
              )}
            </li>
          ))}
        {others.map(({ id, status, failure, amount_cents, reason, created_at }) => (
          <li key={`refund-${id}`} data-failed={status === 'failed' || undefined}>
            <span className={classes.grow}>
              {t(`refundStatus.${status}`)}
              <span className={classes.dim}>{joined(words.failed(failure), reason)}</span>
            </span>
            <When at={created_at} />
            <Money cents={-amount_cents} />
          </li>
        ))}
      </ul>
    </section>
  )

  /** `card` is paid online; the counter's own ways are written with a capital. */
  function methodName(method: string) {
    if (method === 'card') return t('methods.online')
    return method === 'Cash' || method === 'Card' || method === 'Other' ? t(`methods.${method}`) : method
  }
}
