import { Alert, Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AuthPage } from '../../ui/auth-page.tsx'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { useFormat } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../ui/states/skeleton-rows.tsx'
import { StatusBadge } from '../../ui/marks/status-badge.tsx'
import classes from './account.module.css'
import { accountQuery, answerOffer, leaveAccount, type Offer, type Repair } from './requests.ts'
import { WholeCodes } from '../../ui/whole-codes.tsx'

/** A customer's own repairs and offers, and nothing else: made for a phone first. */
export function OwnPage({ token }: { token: string }) {
  const { t } = useTranslation('account')
  const { data, error, refetch } = useQuery(accountQuery(token))
  return (
    <AuthPage title={data?.full_name ? t('page.greeting', { name: data.full_name }) : t('page.repairs')} wide>
      {!data && (error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <SkeletonRows rows={4} />)}
      {data && (
        <>
          <h2 className={classes.heading}>{t('page.repairs')}</h2>
          {data.repairs.length === 0 && <p className={classes.dim}>{t('page.noRepairs')}</p>}
          <ul className={classes.cards}>
            {data.repairs.map((repair) => (
              <RepairCard key={repair.id} repair={repair} />
            ))}
          </ul>
          {data.offers.length > 0 && <h2 className={classes.heading}>{t('page.offers')}</h2>}
          <ul className={classes.cards}>
            {data.offers.map((offer) => (
              <OfferCard key={offer.id} offer={offer} token={token} />
            ))}
          </ul>
        </>
      )}
      <button type="button" className={classes.other} onClick={leaveAccount}>
        {t('page.signOut')}
      </button>
    </AuthPage>
  )
}

function RepairCard({ repair }: { repair: Repair }) {
  const { t } = useTranslation('account')
  const format = useFormat()
  const { status, picked_up_at, bought, promised_at, due_cents, total_cents } = repair
  const isOpen = status === 'Pending' || status === 'Repairing'
  return (
    <li className={classes.card}>
      <div className={classes.head}>
        <strong>
          <bdi>{repair.device_title}</bdi>
        </strong>
        <bdi className={`${classes.dim} figures`}>
          <WholeCodes>{repair.ticket_number}</WholeCodes>
        </bdi>
      </div>
      <div className={classes.stage}>
        <StatusBadge status={status} />
        {bought ? (
          <span>{t('page.sold')}</span>
        ) : (
          status === 'Completed' && <span>{t(picked_up_at === null ? 'page.ready' : 'page.handedOver')}</span>
        )}
      </div>
      <dl className={classes.facts}>
        <Fact label={t('page.broughtIn')}>{format.day(repair.created_at)}</Fact>
        {isOpen && promised_at !== null && <Fact label={t('page.promised')}>{format.moment(promised_at)}</Fact>}
        {status !== 'Cancelled' && (
          <Fact label={t('page.owed')} strong={due_cents > 0}>
            {due_cents > 0 ? <Money cents={due_cents} /> : t(total_cents > 0 ? 'page.paid' : 'page.noPrice')}
          </Fact>
        )}
      </dl>
    </li>
  )
}

function OfferCard({ offer, token }: { offer: Offer; token: string }) {
  const { t } = useTranslation('account')
  const format = useFormat()
  const explain = useExplain()
  const queries = useQueryClient()
  const answer = useMutation({
    mutationFn: (action: 'accept' | 'reject') => answerOffer(token, offer.id, action),
    // Refused or not: what is shown was not the last word.
    onSettled: () => queries.invalidateQueries({ queryKey: ['account'] }),
  })
  const { final_offer_cents, estimated_price_cents, scheduled_at, status, run_out } = offer
  return (
    <li className={classes.card}>
      <div className={classes.head}>
        <strong>
          <bdi>{offer.device_title}</bdi>
        </strong>
        <span className={classes.dim}>{format.day(offer.created_at)}</span>
      </div>
      <div className={classes.stage}>{t(run_out ? 'page.runOut' : `page.offerStatus.${status}`)}</div>
      <dl className={classes.facts}>
        {scheduled_at !== null && status === 'requested' && (
          <Fact label={t('page.pickUp')}>{format.moment(scheduled_at)}</Fact>
        )}
        {final_offer_cents === null && estimated_price_cents !== null && (
          <Fact label={t('page.estimate')}>
            <Money cents={estimated_price_cents} />
          </Fact>
        )}
        {final_offer_cents !== null && (
          <Fact label={t('page.offer')} strong>
            <Money cents={final_offer_cents} />
          </Fact>
        )}
      </dl>
      {status === 'offered' && final_offer_cents !== null && (
        <div className={classes.answers}>
          {!run_out && (
            <Button loading={answer.isPending} onClick={() => answer.mutate('accept')}>
              {t('page.accept', { amount: format.cents(final_offer_cents) })}
            </Button>
          )}
          <Button variant="default" disabled={answer.isPending} onClick={() => answer.mutate('reject')}>
            {t('page.reject')}
          </Button>
        </div>
      )}
      {answer.error && (
        <Alert color="red" role="alert" py="sm">
          {explain(answer.error)}
        </Alert>
      )}
    </li>
  )
}

function Fact({ label, strong = false, children }: { label: string; strong?: boolean; children: ReactNode }) {
  return (
    <div data-strong={strong || undefined}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
