import { Checkbox, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { SignaturePad } from '../../../ui/fields/signature-pad.tsx'
import type { IntakePart } from './intake-draft.ts'
import classes from './intake.module.css'
import { useTerms } from '../../../print/paper-parts.tsx'
import { PriceField } from '../price-field.tsx'
import { PromiseField } from '../promise-field.tsx'

/** What the shop promises, and what the customer agrees to. */
export function IntakeTerms({ draft, change, errors }: IntakePart) {
  const { t } = useTranslation('intake')
  const terms = useTerms()
  return (
    <>
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
          <TextInput
            label={t('passcode')}
            autoComplete="off"
            spellCheck={false}
            value={draft.passcode}
            onChange={({ currentTarget }) => change({ passcode: currentTarget.value })}
            description={t('passcodeHint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            error={errors['passcode']}
          />
        </div>
      </section>
      <section className={classes.section} aria-labelledby="intake-terms">
        <h2 id="intake-terms">{t('agreement')}</h2>
        <div className={classes.agreement}>
          <Checkbox
            label={t('terms')}
            description={terms}
            checked={draft.terms}
            onChange={({ currentTarget }) => change({ terms: currentTarget.checked })}
          />
          <SignaturePad
            words={{ label: t('signature'), hint: t('signHere'), clear: t('clearSignature') }}
            path={draft.signature}
            onPath={(signature) => change({ signature, ...(signature !== '' && { terms: true }) })}
          />
        </div>
      </section>
    </>
  )
}
