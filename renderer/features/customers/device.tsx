import { Button } from '@mantine/core'
import { IconSquareRoundedPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { UnitSection } from '../../desk/unit/unit-section.tsx'
import { useMayWork } from '../../session.ts'
import { ContextPanel, ContextSection, Fact } from '../../ui/context-panel.tsx'
import { EmptyState } from '../../ui/states/empty-state.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { Page } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/states/skeleton-rows.tsx'
import { toCustomer, toIntake } from '../../ui/routes.ts'
import { deviceTypeName } from '../../ui/starter-names.ts'
import { When } from '../../ui/when.tsx'
import classes from './customer.module.css'
import { DeviceTimeline } from './device-timeline.tsx'
import { PastTickets } from './past-tickets.tsx'
import { deviceQuery, type KnownDevice } from './requests.ts'
import { Phone } from '../../ui/phone.tsx'

/** One device: whose it is, every repair it was here for, whoever brought it, and all that happened to it. */
export function Device() {
  const { t } = useTranslation('customers')
  const id = Number(useParams()['id'])
  const { data: card, error, refetch } = useQuery(deviceQuery(id))
  if (!card)
    return (
      <Page title={t('device.title')}>
        {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <SkeletonRows />}
      </Page>
    )
  return (
    <Page
      title={card.title}
      beside={
        <bdi dir="ltr" className={`${classes.serial} figures`}>
          {card.serial_number ?? t('customer.noSerial')}
        </bdi>
      }
      action={<TakeInAgain card={card} />}
      wide
      context={<DeviceContext card={card} />}
    >
      {card.unit_id !== null && <UnitSection id={card.unit_id} />}
      <h2 className={classes.heading}>{t('tickets.title')}</h2>
      {card.tickets.length === 0 ? (
        <EmptyState>{t('device.noTickets')}</EmptyState>
      ) : (
        <PastTickets tickets={card.tickets} of="device" />
      )}
      <h2 className={`${classes.heading} ${classes.next}`}>{t('device.timeline')}</h2>
      <DeviceTimeline id={id} />
    </Page>
  )
}

function TakeInAgain({ card: { id, owner_id } }: { card: KnownDevice }) {
  const { t } = useTranslation('customers')
  if (!useMayWork()) return null
  return (
    <Button
      component={Link}
      data-work-start
      to={toIntake({ device: id, ...(owner_id !== null && { customer: owner_id }) })}
      leftSection={<IconSquareRoundedPlus size={18} aria-hidden />}
    >
      {t('device.takeIn')}
    </Button>
  )
}

function DeviceContext({ card }: { card: KnownDevice }) {
  const { t } = useTranslation('customers')
  const done = Math.max(0, ...card.tickets.map(({ completed_at }) => completed_at ?? 0))
  return (
    <ContextPanel label={t('device.title')}>
      <ContextSection title={t('device.owner')}>
        {card.owner_id === null ? (
          <p className={classes.dim}>{t('device.noOwner')}</p>
        ) : (
          <dl className={classes.facts}>
            <Fact label={t('customer.name')}>
              <Link to={toCustomer(card.owner_id)}>{card.owner_name}</Link>
            </Fact>
            <Fact label={t('customer.phone')}>{card.owner_phone && <Phone number={card.owner_phone} call />}</Fact>
          </dl>
        )}
      </ContextSection>
      <ContextSection title={t('device.title')}>
        <dl className={classes.facts}>
          <Fact label={t('device.kind')}>{deviceTypeName(card.type)}</Fact>
          <Fact label={t('device.lastDone')}>{done > 0 && <When at={done} />}</Fact>
          <Fact label={t('device.notes')}>{card.notes}</Fact>
        </dl>
      </ContextSection>
    </ContextPanel>
  )
}
