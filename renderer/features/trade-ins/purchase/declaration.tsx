import { SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import {
  DECLARATION,
  DECLARATION_LANGUAGES,
  type DeclarationLanguage,
} from '../../../../server/domain/trade-ins/declaration.ts'
import { SignaturePad } from '../../../ui/fields/signature-pad.tsx'
import type { PurchasePart } from './purchase-draft.ts'
import classes from './purchase.module.css'

/** What the seller declares, whole and in their language, and where they sign. */
export function Declaration({ draft, change, errors }: PurchasePart) {
  const { t } = useTranslation(['trade-ins', 'intake'])
  // What was signed were other words.
  const speak = (language: string) => change({ language: language as DeclarationLanguage, signature: '' })
  return (
    <section className={classes.section} aria-labelledby="purchase-declaration">
      <div className={classes.titleRow}>
        <h2 id="purchase-declaration">{t('purchase.declaration')}</h2>
        <SegmentedControl
          aria-label={t('purchase.declarationLanguage')}
          data={DECLARATION_LANGUAGES.map((value) => ({ value, label: t(`purchase.language.${value}`) }))}
          value={draft.language}
          onChange={speak}
        />
      </div>
      <p lang={draft.language} className={classes.declared}>
        {DECLARATION[draft.language]}
      </p>
      <SignaturePad
        words={{ label: t('purchase.signature'), hint: t('intake:signHere'), clear: t('intake:clearSignature') }}
        path={draft.signature}
        onPath={(signature) => change({ signature })}
      />
      {errors['signature'] && (
        <p role="alert" className={classes.error}>
          {errors['signature']}
        </p>
      )}
    </section>
  )
}
