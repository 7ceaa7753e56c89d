import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useSeesMoney, useUser } from '../../session.ts'
import { useFormat } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../ui/states/skeleton-rows.tsx'
import { EndHold } from './end-hold.tsx'
import { InWebShop } from './in-web-shop.tsx'
import { type ProductOfUnit, type UnitData, unitQuery } from './requests.ts'
import classes from './unit.module.css'

/** A piece of stock: what it is sold as, from when on, and whether the web shop shows it. */
export function UnitSection({ id }: { id: number }) {
  const { t } = useTranslation('stock')
  const { data: unit, error, refetch } = useQuery(unitQuery(id))
  return (
    <section className={classes.unit} aria-labelledby="unit">
      <h2 id="unit">{t('title')}</h2>
      {unit ? (
        <div className={classes.facts}>
          <SoldAs product={unit.product} />
          <Sale unit={unit} />
          {unit.product && <InWebShop product={unit.product} />}
        </div>
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={2} />
      )}
    </section>
  )
}

function SoldAs({ product }: { product: ProductOfUnit | null }) {
  const { t } = useTranslation('stock')
  const seesMoney = useSeesMoney()
  return (
    <div>
      <h3>{t('soldAs')}</h3>
      {product ? (
        <>
          <p>
            <bdi>{product.title}</bdi> {product.condition}
          </p>
          {seesMoney && (
            <p className={classes.price}>
              {product.price_cents === 0 ? t('noPrice') : <Money cents={product.price_cents} />}
            </p>
          )}
        </>
      ) : (
        <p>{t('noProduct')}</p>
      )}
    </div>
  )
}

/** From when on it may be sold; who may not change that reads who may. */
function Sale({ unit }: { unit: UnitData }) {
  const { t } = useTranslation('stock')
  const { date } = useFormat()
  const isAdmin = useUser().role === 'admin'
  const { in_stock, hold_until, released } = unit
  return (
    <div>
      <h3>{t('sale')}</h3>
      {!in_stock ? (
        <p>{t('gone')}</p>
      ) : hold_until === null ? (
        <p>{t('free')}</p>
      ) : (
        <>
          <p className={classes.held}>{t('held', { day: date(hold_until) })}</p>
          {isAdmin ? <EndHold unit={unit} hold_until={hold_until} /> : <p className={classes.dim}>{t('onlyAdmin')}</p>}
        </>
      )}
      {in_stock && released && (
        <p className={classes.dim}>
          {t('releasedBy', { name: released.by, day: date(released.at), reason: released.reason })}
        </p>
      )}
    </div>
  )
}
