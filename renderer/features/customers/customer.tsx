import { Button } from '@mantine/core'
import { IconSquareRoundedPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useMayWork, useSeesMoney } from '../../session.ts'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Money } from '../../ui/money.tsx'
import { Page } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/states/skeleton-rows.tsx'
import { toIntake } from '../../ui/routes.ts'
import { CustomerContext } from './customer-context.tsx'
import classes from './customer.module.css'
import { PastTickets } from './past-tickets.tsx'
import { sum } from '../../../server/domain/money/money.ts'
import { customerQuery, type CustomerData } from './requests.ts'
import { CustomersOrders, CustomersRequests } from './store-business.tsx'

/** Everything about one customer: what they own, what was repaired, ordered and offered, what they owe. */
export function Customer() {
  const { t } = useTranslation('customers')
  const id = Number(useParams()['id'])
  const mayWork = useMayWork()
  const seesMoney = useSeesMoney()
  const { data: card, error, refetch } = useQuery(customerQuery(id))
  if (!card)
    return (
      <Page title={t('customer.title')}>
        {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <SkeletonRows />}
      </Page>
    )
  return (
    <Page
      title={card.full_name}
      beside={seesMoney && <Balance card={card} />}
      action={
        mayWork && (
          <Button
            component={Link}
            to={toIntake({ customer: id })}
            data-work-start
            leftSection={<IconSquareRoundedPlus size={18} aria-hidden />}
          >
            {t('customer.takeIn')}
          </Button>
        )
      }
      wide
      context={<CustomerContext key={id} card={card} />}
    >
      <h2 className={classes.heading}>{t('tickets.title')}</h2>
      {card.tickets.length === 0 ? (
        <EmptyState>{t('customer.noTickets')}</EmptyState>
      ) : (
        <PastTickets tickets={card.tickets} of="customer" />
      )}
      {seesMoney && <CustomersOrders orders={card.web_orders} />}
      <CustomersRequests requests={card.requests} />
    </Page>
  )
}

/** What they owe for repairs, and what their orders of the web shop that are paid here come to. */
function Balance({ card: { balance_cents, web_orders } }: { card: CustomerData }) {
  const { t } = useTranslation('customers')
  const ordered = sum(web_orders.map(({ to_pay_cents }) => to_pay_cents))
  if (balance_cents <= 0 && ordered === 0) return <span className={classes.settled}>{t('customer.nothingOwed')}</span>
  return (
    <>
      {balance_cents > 0 && <Owed label={t('customer.balance')} cents={balance_cents} />}
      {ordered > 0 && <Owed label={t('customer.webOrdersToPay')} cents={ordered} />}
    </>
  )
}

const Owed = ({ label, cents }: { label: string; cents: number }) => (
  <span className={classes.owes}>
    {label}{' '}
    <b>
      <Money cents={cents} />
    </b>
  </span>
)
