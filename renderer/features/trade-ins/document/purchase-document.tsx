import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { UnitSection } from '../../../desk/unit/unit-section.tsx'
import { useFormat } from '../../../ui/format.ts'
import { Fact } from '../../../ui/context-panel.tsx'
import { Page } from '../../../ui/page.tsx'
import { toBought, toDevice, toTradeIn } from '../../../ui/routes.ts'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../../ui/states/skeleton-rows.tsx'
import { When } from '../../../ui/when.tsx'
import { OwedRepair } from '../purchase/owed-repair.tsx'
import { PaperButtons, TakeBack } from '../purchase/purchase-acts.tsx'
import { type PurchaseFactsData, purchaseFactsQuery } from '../purchase/requests.ts'
import { Checks } from '../requests/checks.tsx'
import { WhoSold } from './who-sold.tsx'
import classes from './document.module.css'

/** What was bought, as a document: the money, the piece of stock that it became, its papers and who sold it. */
export function PurchaseDocument() {
  const { t } = useTranslation('trade-ins')
  const id = Number(useParams()['id'])
  const { data: purchase, error, refetch } = useQuery(purchaseFactsQuery(id))
  if (!purchase)
    return (
      <Page title={t('purchase.number')}>
        {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <SkeletonRows rows={8} />}
      </Page>
    )
  const { number, unit_id, original_id, undone_by, kept_because } = purchase
  return (
    <Page
      title={t('document.title', { number })}
      beside={<Undone purchase={purchase} />}
      under={<About purchase={purchase} />}
      action={
        <>
          <PaperButtons purchase={purchase} />
          {original_id === null && undone_by === null && kept_because === null && <TakeBack purchase={purchase} />}
        </>
      }
    >
      {unit_id !== null && original_id === null && <UnitSection id={unit_id} />}
      <div className={classes.columns}>
        <Money purchase={purchase} />
        <WhoSold key={purchase.id} purchase={purchase} />
      </div>
    </Page>
  )
}

type Props = { purchase: PurchaseFactsData }

/** The other half of a purchase that was taken back. */
function Undone({ purchase: { original_id, original_number, undone_by } }: Props) {
  const { t } = useTranslation('trade-ins')
  if (undone_by)
    return (
      <Link to={toBought(undone_by.id)} className={classes.undone}>
        {t('purchase.undoneBy', { number: undone_by.number })}
      </Link>
    )
  if (original_id === null) return null
  return (
    <span className={classes.undone}>
      {t('purchase.takesBack')} <Link to={toBought(original_id)}>{original_number}</Link>
    </span>
  )
}

function About({ purchase: { title, serial_number, device_id, pickup_id } }: Props) {
  const { t } = useTranslation('trade-ins')
  return (
    <p className={classes.about}>
      {device_id === null ? (
        <bdi>{title}</bdi>
      ) : (
        <Link data-work-start to={toDevice(device_id)}>
          {title}
        </Link>
      )}
      <bdi dir="ltr" className="figures">
        {serial_number ?? t('purchase.noSerial')}
      </bdi>
      {pickup_id !== null && <Link to={toTradeIn(pickup_id)}>{t('requests.one', { id: pickup_id })}</Link>}
    </p>
  )
}

/** What was paid, how, by whom, and what was looked up before. */
function Money({ purchase }: Props) {
  const { t } = useTranslation('trade-ins')
  const { cents, when } = useFormat()
  const { total_cents, legs, cashier, approver, created_at, note, other_owner, owed_repair, checks } = purchase
  return (
    <section className={classes.section} aria-labelledby="paid-out">
      <h2 id="paid-out">{t(total_cents < 0 ? 'document.gotBack' : 'document.money')}</h2>
      <p className={classes.total}>{cents(Math.abs(total_cents))}</p>
      <OwedRepair owed={owed_repair} />
      <dl className={classes.facts}>
        <Fact label={t('document.when')}>
          <When at={created_at} />
        </Fact>
        <Fact label={t('document.cashier')}>{cashier}</Fact>
        <Fact label={t('document.approver')}>{approver}</Fact>
        {legs.map(({ method, amount_cents }, index) => (
          <Fact key={index} label={t(method === 'transfer' ? 'purchase.way.transfer' : 'purchase.way.cash')}>
            {cents(Math.abs(amount_cents))}
          </Fact>
        ))}
        <Fact label={t('purchase.notOwnerOnFile')}>
          {other_owner && t('purchase.askedBy', { name: other_owner.asked_by, when: when(other_owner.at) })}
        </Fact>
        <Fact label={t('document.reason')}>{note}</Fact>
      </dl>
      {checks.length > 0 && <Checks checks={checks} />}
    </section>
  )
}
