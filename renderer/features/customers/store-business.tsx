import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { productNames } from '../../desk/product-names.ts'
import { StepBadge } from '../../desk/step-badge.tsx'
import { WebOrderState } from '../../desk/web-order-state.tsx'
import { Money } from '../../ui/money.tsx'
import { toTradeIn, toWebOrder } from '../../ui/routes.ts'
import { TwoLines } from '../../ui/two-lines.tsx'
import { When } from '../../ui/when.tsx'
import classes from './customer.module.css'
import type { CustomerData } from './requests.ts'

/** What the customer ordered in the web shop, each leading to its order; nothing where there is none. */
export function CustomersOrders({ orders }: { orders: CustomerData['web_orders'] }) {
  const { t } = useTranslation(['customers', 'web-orders'])
  const go = useNavigate()
  if (orders.length === 0) return null
  return (
    <>
      <h2 id="customers-orders" className={`${classes.heading} ${classes.next}`}>
        {t('web-orders:title')}
      </h2>
      <table className={classes.table} aria-labelledby="customers-orders">
        <thead>
          <tr>
            <th scope="col">{t('web-orders:number')}</th>
            <th scope="col">{t('web-orders:products')}</th>
            <th scope="col">{t('web-orders:state')}</th>
            <th scope="col">{t('web-orders:ordered')}</th>
            <th scope="col" className={classes.money}>
              {t('web-orders:total')}
            </th>
          </tr>
        </thead>
        <tbody>
          {orders.map((order) => (
            <tr key={order.id} onClick={() => void go(toWebOrder(order.id))}>
              <td>
                <Link to={toWebOrder(order.id)} onClick={(event) => event.stopPropagation()}>
                  ORD{order.id}
                </Link>
              </td>
              <td>
                <TwoLines title={productNames(order.products)} />
              </td>
              <td>
                <WebOrderState order={order} />
              </td>
              <td>
                <When at={order.created_at} />
              </td>
              <td className={classes.money}>
                <Money cents={order.total_cents} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

/** What they offered us, each leading to its request; nothing where there is none. */
export function CustomersRequests({ requests }: Pick<CustomerData, 'requests'>) {
  const { t } = useTranslation(['customers', 'trade-ins'])
  const go = useNavigate()
  if (requests.length === 0) return null
  return (
    <>
      <h2 id="customers-requests" className={`${classes.heading} ${classes.next}`}>
        {t('trade-ins:requests.title')}
      </h2>
      <table className={classes.table} aria-labelledby="customers-requests">
        <thead>
          <tr>
            <th scope="col">{t('requests.number')}</th>
            <th scope="col">{t('tickets.device')}</th>
            <th scope="col">{t('tickets.status')}</th>
            <th scope="col">{t('requests.asked')}</th>
          </tr>
        </thead>
        <tbody>
          {requests.map(({ id, device_title, status, created_at }) => (
            <tr key={id} onClick={() => void go(toTradeIn(id))}>
              <td>
                <Link to={toTradeIn(id)} onClick={(event) => event.stopPropagation()}>
                  {t('trade-ins:requests.one', { id })}
                </Link>
              </td>
              <td>
                <TwoLines title={device_title} />
              </td>
              <td>
                <StepBadge status={status} />
              </td>
              <td>
                <When at={created_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
