import { Input, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { type RefObject, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { SELLER_KINDS, type SellerField, type SellerKind } from '../../../../server/domain/trade-ins/seller.ts'
import { useOneTabStop } from '../../../ui/fields/one-tab-stop.ts'
import { ToggleChip } from '../../../ui/fields/toggle-chip.tsx'
import { useFormat } from '../../../ui/format.ts'
import { useDigitChoices } from '../../../ui/scanner/choices.ts'
import { DigitKey } from '../../../ui/scanner/key.tsx'
import { IdentityPhoto } from './identity-photo.tsx'
import type { PurchasePart } from './purchase-draft.ts'
import { isoBirth, isoDay, spokenDay } from './seller-dates.ts'
import classes from './purchase.module.css'

const DOCUMENTS = ['id-card', 'passport', 'driving-licence'] as const

type Props = PurchasePart & { asked: readonly SellerField[]; request: number }

/** Who sells, as far as the shop's law asks. */
export function SellerFields({ draft, change, errors, asked, request }: Props) {
  const { t } = useTranslation('trade-ins')
  const field = (name: 'name' | 'number' | 'issuer') => ({
    label: t(`purchase.field.${name}`),
    autoComplete: 'off',
    spellCheck: false,
    value: draft[name],
    error: errors[name],
    'data-field': name,
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) => change({ [name]: currentTarget.value }),
  })
  return (
    <section className={classes.section} aria-labelledby="purchase-seller">
      <h2 id="purchase-seller">{t('purchase.seller')}</h2>
      <div className={classes.fields}>
        <TextInput {...field('name')} maxLength={200} description={t('purchase.asOnDocument')} />
        <Input.Wrapper label={t('purchase.kindOf')}>
          <SegmentedControl
            fullWidth
            aria-label={t('purchase.kindOf')}
            data={SELLER_KINDS.map((value) => ({ value, label: t(`purchase.kind.${value}`) }))}
            value={draft.kind}
            onChange={(kind) => change({ kind: kind as SellerKind })}
          />
        </Input.Wrapper>
        {asked.includes('document_kind') && <DocumentKind draft={draft} change={change} errors={errors} />}
        {asked.includes('number') && <TextInput {...field('number')} maxLength={60} />}
        {asked.includes('issuer') && <TextInput {...field('issuer')} maxLength={100} />}
        {asked.includes('valid_until') && <DayField name="valid_until" draft={draft} change={change} errors={errors} />}
        {asked.includes('born') && <DayField name="born" draft={draft} change={change} errors={errors} />}
        {asked.includes('address') && (
          <Textarea
            label={t('purchase.field.address')}
            autosize
            minRows={2}
            maxLength={500}
            value={draft.address}
            error={errors['address']}
            data-field="address"
            onChange={({ currentTarget }) => change({ address: currentTarget.value })}
          />
        )}
        {asked.includes('photo') && (
          <IdentityPhoto draft={draft} change={change} error={errors['photo']} request={request} />
        )}
      </div>
    </section>
  )
}

/** By a digit while the group has the cursor, which goes on to the number. */
function DocumentKind({ draft, change, errors }: PurchasePart) {
  const { t } = useTranslation('trade-ins')
  const choose = (kind: string) => {
    change({ document_kind: kind })
    document.querySelector<HTMLElement>('[data-field=number], [data-field=issuer]')?.focus()
  }
  const group = useDigitChoices<HTMLDivElement>((index) => {
    const kind = DOCUMENTS[index]
    if (!kind) return undefined
    const before = draft.document_kind
    choose(kind)
    return () => change({ document_kind: before })
  })
  useOneTabStop(group)
  return (
    <Input.Wrapper label={t('purchase.field.document_kind')} error={errors['document_kind']} labelElement="div">
      <div ref={group} role="group" aria-label={t('purchase.field.document_kind')} className={classes.chips}>
        {DOCUMENTS.map((kind, index) => (
          <span key={kind} {...(index === 0 && { 'data-field-group': 'document_kind' })}>
            <ToggleChip pressed={draft.document_kind === kind} onToggle={() => choose(kind)}>
              <DigitKey index={index} /> {t(`purchase.document.${kind}`)}
            </ToggleChip>
          </span>
        ))}
      </div>
    </Input.Wrapper>
  )
}

/** A date as people type it; how it was understood stands below. */
function DayField({ name, draft, change, errors }: PurchasePart & { name: 'valid_until' | 'born' }) {
  const { t } = useTranslation('trade-ins')
  const { dateLocale: locale, timeZone } = useFormat()
  const read = (name === 'born' ? isoBirth : isoDay)(draft[name], { locale, timeZone })
  return (
    <TextInput
      label={t(`purchase.field.${name}`)}
      autoComplete="off"
      inputMode="numeric"
      value={draft[name]}
      error={errors[name]}
      data-field={name}
      description={read === undefined ? t('purchase.dayHint') : spokenDay(read, locale)}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      onChange={({ currentTarget }) => change({ [name]: currentTarget.value })}
    />
  )
}

/** Puts the cursor to the first thing that the seller has to be asked. */
export function useFirstField(form: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const fields = [
      '[data-field=name][value=""]',
      '[data-field-group=document_kind] button',
      '[data-field=number]',
      '[data-field]',
    ]
    const first = fields.map((field) => form.current?.querySelector<HTMLElement>(field)).find(Boolean)
    first?.focus()
  }, [form])
}
