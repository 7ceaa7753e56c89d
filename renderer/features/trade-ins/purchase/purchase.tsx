import { Alert, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type FormEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useNavigate, useParams } from 'react-router'
import { MoneyField } from '../../../ui/fields/money-field.tsx'
import { ToggleChip } from '../../../ui/fields/toggle-chip.tsx'
import { useFormat } from '../../../ui/format.ts'
import { Money } from '../../../ui/money.tsx'
import { Page } from '../../../ui/page.tsx'
import { toTradeIn } from '../../../ui/routes.ts'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import { EmptyState } from '../../../ui/states/empty-state.tsx'
import { ErrorState } from '../../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../../ui/states/skeleton-rows.tsx'
import { Failure } from '../../../payment/take-money.tsx'
import { Checks } from '../requests/checks.tsx'
import { deviceOf } from '../requests/request-words.ts'
import { requestQuery, type Offer, type RequestDetail } from '../requests/requests.ts'
import { ApprovalFields } from '../approval-fields.tsx'
import { payoutOf } from './check-purchase.ts'
import { Declaration } from './declaration.tsx'
import { OwedRepair } from './owed-repair.tsx'
import { Payout } from './payout.tsx'
import { rulesQuery, type ShopRules } from './requests.ts'
import { SellerFields, useFirstField } from './seller-fields.tsx'
import { usePurchase } from './use-purchase.ts'
import classes from './purchase.module.css'

/** Buys the device of a request: who sells, what they declare and sign, and the money. */
export function Purchase() {
  const { t } = useTranslation('trade-ins')
  const id = Number(useParams()['id'])
  const { data: request, error, refetch } = useQuery(requestQuery(id))
  const { data: rules, error: noRules, refetch: again } = useQuery(rulesQuery)
  const failed = error ?? noRules
  if (!request || !rules)
    return (
      <Page title={t('requests.one', { id })}>
        {failed ? <ErrorState error={failed} onRetry={() => void (refetch(), again())} /> : <SkeletonRows rows={10} />}
      </Page>
    )
  const offer = request.offers.at(-1)
  if (request.purchase) return <Navigate to={toTradeIn(id)} replace state={{ bought: true }} />
  if (!offer || !request.device)
    return (
      <Page title={t('requests.one', { id })}>
        <EmptyState>{t('purchase.noOffer')}</EmptyState>
      </Page>
    )
  return <PurchaseForm request={request} offer={offer} rules={rules} />
}

type Props = { request: RequestDetail; offer: Offer; rules: ShopRules }

function PurchaseForm({ request, offer, rules }: Props) {
  const { t } = useTranslation('trade-ins')
  const go = useNavigate()
  const form = useRef<HTMLFormElement>(null)
  const purchase = usePurchase({ request, offer, rules })
  useFirstField(form)
  useShortcuts([
    { keys: 'mod+Enter', label: t('purchase.pay'), run: purchase.submit },
    { keys: 'Escape', label: t('requests.back'), run: () => void go(toTradeIn(request.id)) },
  ])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    purchase.submit()
  }
  return (
    <Page title={t('purchase.title', { device: request.device?.title ?? deviceOf(request) })} wide fill>
      <form ref={form} noValidate className={classes.screen} onSubmit={submit}>
        <div className={classes.main} tabIndex={0} role="group" aria-label={t('purchase.papers')}>
          <SellerFields {...purchase} asked={rules.seller_fields} request={request.id} />
          <Declaration {...purchase} />
        </div>
        <Deciding request={request} offer={offer} rules={rules} purchase={purchase} />
      </form>
    </Page>
  )
}

type DecidingProps = Props & { purchase: ReturnType<typeof usePurchase> }

/** The column that decides: what is paid, for what, how, and the one act. */
function Deciding({ request, offer, rules, purchase }: DecidingProps) {
  const { t } = useTranslation('trade-ins')
  const { draft, change, errors, forbidden, failure } = purchase
  const device = request.device!
  return (
    <div className={classes.deciding}>
      <p className={classes.price}>
        <span>{t('purchase.toPayOut')}</span>
        <strong>
          <Money cents={offer.price_cents} />
        </strong>
        <span>{t('purchase.holdFor', { count: rules.hold_days })}</span>
      </p>
      <p className="figures">{device.serial_number ?? t('purchase.noSerial')}</p>
      <Checks checks={device.checks} />
      {device.other_owner && <OtherOwner name={device.other_owner.full_name} purchase={purchase} />}
      {request.selling_price_cents === null ? (
        <MoneyField
          label={t('purchase.selling')}
          description={t('purchase.sellingHint')}
          cents={draft.selling}
          onCents={(selling) => change({ selling })}
          error={errors['selling']}
        />
      ) : (
        <p className={classes.dim}>
          {t('purchase.soldAt')} <Money cents={request.selling_price_cents} />
        </p>
      )}
      <OwedRepair owed={request.owed_repair} />
      <Payout draft={draft} change={change} errors={errors} price_cents={offer.price_cents} />
      {purchase.needsApproval && <NeedsApproval purchase={purchase} limit={rules.payout_limit_cents} />}
      {forbidden && (
        <Failure>
          {forbidden.elsewhere
            ? t(`requests.elsewhere.${forbidden.elsewhere.where}`, { name: forbidden.elsewhere.name })
            : t('purchase.forbiddenBy', { check: t(`requests.check.${forbidden.check}`) })}
        </Failure>
      )}
      {failure !== null && <Failure>{failure}</Failure>}
      <PayButton offer={offer} purchase={purchase} />
    </div>
  )
}

/** Says exactly what it does; where no answer came, that it asks what became of it. */
function PayButton({ offer, purchase }: Pick<DecidingProps, 'offer' | 'purchase'>) {
  const { t } = useTranslation('trade-ins')
  const format = useFormat()
  const { draft, busy, unanswered, forbidden } = purchase
  const legs = payoutOf(draft, offer.price_cents)
  const [first = '', second]: string[] = legs.map(({ method, amount_cents }) =>
    t(`purchase.by.${method}`, { amount: format.cents(amount_cents) }),
  )
  const parts = second === undefined ? first : t('purchase.both', { first, second })
  return (
    <Button
      type="submit"
      size="lg"
      fullWidth
      loading={busy}
      disabled={forbidden !== null}
      rightSection={<Key of="mod+Enter" />}
    >
      {unanswered ? t('purchase.askAgain') : t('purchase.payOut', { parts })}
    </Button>
  )
}

function OtherOwner({ name, purchase }: { name: string; purchase: DecidingProps['purchase'] }) {
  const { t } = useTranslation('trade-ins')
  const { draft, change, errors } = purchase
  return (
    <Alert color="orange" icon={<IconAlertTriangle size={20} aria-hidden />} title={t('purchase.otherOwner', { name })}>
      <div className={classes.owner} data-field-group="other_owner">
        <ToggleChip pressed={draft.other_owner} onToggle={() => change({ other_owner: !draft.other_owner })}>
          {t('purchase.otherOwnerAsked')}
        </ToggleChip>
        {errors['other_owner'] && <p className={classes.error}>{errors['other_owner']}</p>}
      </div>
    </Alert>
  )
}

function NeedsApproval({ purchase, limit }: { purchase: DecidingProps['purchase']; limit: number }) {
  const { t } = useTranslation('trade-ins')
  const format = useFormat()
  const { approver, setApprover, errors, wrongApproval, isHigh } = purchase
  return (
    <fieldset className={classes.approval}>
      <legend>{isHigh ? t('purchase.aboveLimit', { amount: format.cents(limit) }) : t('purchase.otherPrice')}</legend>
      <ApprovalFields value={approver} onChange={setApprover} error={errors['approval']} wrong={wrongApproval} />
    </fieldset>
  )
}
