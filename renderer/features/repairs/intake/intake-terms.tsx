import { useTranslation } from 'react-i18next'
import type { IntakePart } from './intake-draft.ts'
import classes from './intake.module.css'
import { PriceField } from '../price-field.tsx'
import { PromiseField } from '../promise-field.tsx'

/** What the shop promises: by when, and about for how much. */
export function IntakeTerms({ draft, change, errors }: IntakePart) {
  const { t } = useTranslation('intake')
  return (
    <section className={classes.section} aria-labelledby="intake-promise">
      <h2 id="intake-promise">{t('promised')}</h2>
      <PromiseField
        at={draft.promised_at}
        onAt={(promised_at) => change({ promised_at })}
        error={errors['promised_at']}
      />
      <div className={classes.pair}>
        <PriceField
          label={t('estimate')}
          cents={draft.estimate_cents}
          onCents={(estimate_cents) => change({ estimate_cents })}
          error={errors['estimate_cents']}
        />
      </div>
    </section>
  )
}
