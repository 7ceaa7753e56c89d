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
import { customerQuery } from './requests.ts'

/** Everything about one customer: what they own, what was repaired, what they owe. */
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
      beside={seesMoney && <Balance cents={card.balance_cents} />}
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
    </Page>
  )
}

function Balance({ cents }: { cents: number }) {
  const { t } = useTranslation('customers')
  if (cents <= 0) return <span className={classes.settled}>{t('customer.nothingOwed')}</span>
  return (
    <span className={classes.owes}>
      {t('customer.balance')}{' '}
      <b>
        <Money cents={cents} />
      </b>
    </span>
  )
}
