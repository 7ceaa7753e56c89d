import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Money } from '../../ui/money.tsx'
import { Page } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/states/skeleton-rows.tsx'
import { useRowArrows } from '../../ui/fields/row-arrows.ts'
import { StoreFilter, storeIn } from '../../ui/stores/store-filter.tsx'
import { StoreCode } from '../../ui/stores/store-code.tsx'
import { ToggleChip } from '../../ui/fields/toggle-chip.tsx'
import { TwoLines } from '../../ui/two-lines.tsx'
import { toWebOrder } from '../../ui/routes.ts'
import { When } from '../../ui/when.tsx'
import { fetchWebOrders, PAGE_SIZE, type WebOrder, type WebOrderFilter } from './requests.ts'
import { productNames } from '../../desk/product-names.ts'
import { WebOrderState } from '../../desk/web-order-state.tsx'
import classes from './web-orders.module.css'

/** What a person has to do comes first. */
const VIEWS = {
  toPay: { status: 'pending', at_counter: true },
  refundDue: { refund_due: true },
  disputed: { disputed: true },
  paid: { status: 'paid' },
  all: {},
} as const satisfies Record<string, WebOrderFilter>
type View = keyof typeof VIEWS

const isViewName = (word: string | null): word is View => word !== null && word in VIEWS

const webOrdersQuery = (view: View, store_id: number | undefined) => ({
  queryKey: ['web-orders', 'list', view, store_id],
  queryFn: ({ pageParam }: { pageParam: number | undefined }) =>
    fetchWebOrders({ ...VIEWS[view], store_id }, pageParam),
  initialPageParam: undefined as number | undefined,
  getNextPageParam: (last: WebOrder[]) => (last.length < PAGE_SIZE ? undefined : last.at(-1)!.id),
})

/** What was ordered in the web shop: what is to be paid here, paid back or answered to a bank. */
export function WebOrders() {
  const { t } = useTranslation('web-orders')
  const [search, setSearch] = useSearchParams()
  const asked = search.get('show')
  useRowArrows()
  const view = isViewName(asked) ? asked : 'all'
  const store = storeIn(search)
  const show = (next: View, of: number | undefined) =>
    setSearch(
      { ...(next !== 'all' && { show: next }), ...(of !== undefined && { store: String(of) }) },
      { replace: true },
    )
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    webOrdersQuery(view, store),
  )
  const orders = data?.pages.flat()
  return (
    <Page
      title={t('title')}
      chips={
        <div role="group" aria-label={t('show')} className={classes.chips}>
          {(Object.keys(VIEWS) as View[]).map((one) => (
            <ToggleChip key={one} pressed={one === view} onToggle={() => show(one, store)}>
              {t(`views.${one}`)}
            </ToggleChip>
          ))}
          <StoreFilter chosen={store} onChoose={(of) => show(view, of)} />
        </div>
      }
    >
      {orders ? (
        orders.length === 0 ? (
          <EmptyState>{t(`none.${view}`)}</EmptyState>
        ) : (
          <OrderTable orders={orders} />
        )
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={8} />
      )}
      {hasNextPage && (
        <Button variant="default" mt="md" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </Page>
  )
}

function OrderTable({ orders }: { orders: readonly WebOrder[] }) {
  const { t } = useTranslation('web-orders')
  const go = useNavigate()
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{t('number')}</th>
          <th scope="col">{t('products')}</th>
          <th scope="col">{t('customer')}</th>
          <th scope="col">{t('state')}</th>
          <th scope="col">{t('ordered')}</th>
          <th scope="col" className={classes.money}>
            {t('total')}
          </th>
        </tr>
      </thead>
      <tbody>
        {orders.map((order, index) => (
          <tr key={order.id} onClick={() => void go(toWebOrder(order.id))}>
            <td>
              <Link
                to={toWebOrder(order.id)}
                data-row-link
                data-work-start={index === 0 || undefined}
                className="figures"
                onClick={(event) => event.stopPropagation()}
              >
                ORD{order.id}
              </Link>
              <StoreCode store_id={order.store_id} />
            </td>
            <td className={classes.what}>
              <TwoLines title={productNames(order.lines)} />
            </td>
            <td>{order.customer.full_name || order.customer.email || order.customer.phone}</td>
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
  )
}
