import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { useMayWork } from '../../../session.ts'
import { useFormat } from '../../../ui/format.ts'
import { Money } from '../../../ui/money.tsx'
import { toBought } from '../../../ui/routes.ts'
import { When } from '../../../ui/when.tsx'
import type { RequestDetail } from '../requests/requests.ts'
import { PaperButtons, TakeBack } from './purchase-acts.tsx'
import classes from './purchase.module.css'
import { WholeCodes } from '../../../ui/whole-codes.tsx'

/** What was paid for the device, from when on it may be sold, and its papers. Nothing where it is not bought. */
export function Bought({ request }: { request: RequestDetail }) {
  const mayWork = useMayWork()
  const { state } = useLocation()
  const { purchase } = request
  if (!purchase) return null
  return (
    <section className={classes.bought} aria-labelledby="bought">
      <Sum purchase={purchase} mayWork={mayWork} />
      {mayWork && (
        <div className={classes.buttons}>
          <PaperButtons purchase={purchase} isNew={typeof state === 'object' && state !== null && 'bought' in state} />
        </div>
      )}
      {mayWork && purchase.kept_because === null && <TakeBack purchase={purchase} />}
    </section>
  )
}

type Props = { purchase: NonNullable<RequestDetail['purchase']>; mayWork: boolean }

function Sum({ purchase: { id, number, total_cents, created_at, hold_until }, mayWork }: Props) {
  const { t } = useTranslation('trade-ins')
  const format = useFormat()
  return (
    <>
      <h2 id="bought">
        {t('purchase.bought')}{' '}
        {mayWork ? (
          <Link to={toBought(id)} className="figures">
            {number}
          </Link>
        ) : (
          <span className="figures">
            <WholeCodes>{number}</WholeCodes>
          </span>
        )}
      </h2>
      <p>
        <strong>
          <Money cents={total_cents} />
        </strong>{' '}
        · <When at={created_at} />
      </p>
      {hold_until !== null && <p>{t('purchase.heldUntil', { day: format.date(hold_until) })}</p>}
    </>
  )
}
