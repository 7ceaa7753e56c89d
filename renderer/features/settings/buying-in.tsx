import { Checkbox, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rules as RulesShape, RulesChanges } from '../../../server/counter/trade-ins/purchases.contract.ts'
import { RULE_BOUNDS } from '../../../server/domain/trade-ins/rule-bounds.ts'
import { SELLER_FIELDS, type SellerField } from '../../../server/domain/trade-ins/seller.ts'
import { get, patch, type Wire } from '../../api.ts'
import { queryClient } from '../../query.ts'
import { isUnread, type Amount } from '../../ui/fields/amount.ts'
import { MoneyField } from '../../ui/fields/money-field.tsx'
import { Page } from '../../ui/page.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { SkeletonRows } from '../../ui/states/skeleton-rows.tsx'
import { toast } from '../../ui/states/toast.tsx'
import { SaveButton } from './save-button.tsx'
import { useSettingsForm } from './use-settings-form.ts'
import classes from './shop-settings.module.css'

type Rules = Wire<typeof RulesShape>

const rulesQuery = { queryKey: ['shop', 'rules'], queryFn: () => get<typeof RulesShape>('/counter/shop/rules') }

const FORM_ID = 'buying-in'

/** What the shop has decided about buying in; for admins. */
export function BuyingIn() {
  const { t } = useTranslation('settings')
  const { data, error, refetch } = useQuery(rulesQuery)
  return (
    <Page title={t('rules.title')} narrow action={data && <SaveButton form={FORM_ID} />}>
      {data ? (
        <RulesForm stored={data} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={8} />
      )}
    </Page>
  )
}

type NumberRule = keyof typeof RULE_BOUNDS
const NUMBER_RULES = Object.keys(RULE_BOUNDS) as NumberRule[] // The keys that stand there.

function RulesForm({ stored }: { stored: Rules }) {
  const { t } = useTranslation(['settings', 'frame'])
  const { values, change, errors, save } = useRulesForm(stored)
  useShortcuts([{ keys: 'mod+Enter', label: t('frame:action.save'), run: save }])
  const number = (rule: NumberRule) => ({
    inputMode: 'numeric' as const,
    autoComplete: 'off',
    value: values[rule],
    error: errors[rule],
    onChange: (event: { currentTarget: { value: string } }) => change({ [rule]: event.currentTarget.value }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save()
  }
  return (
    <form id={FORM_ID} noValidate onSubmit={submit} className={classes.form}>
      <fieldset>
        <legend>{t('rules.offer')}</legend>
        <TextInput label={t('rules.offerDays')} autoFocus {...number('offer_days')} />
        <MoneyField
          label={t('rules.payoutLimit')}
          description={t('rules.payoutHint')}
          cents={values.payout_limit_cents}
          onCents={(payout_limit_cents) => change({ payout_limit_cents })}
          error={errors['payout_limit_cents']}
        />
        <TextInput label={t('rules.holdDays')} description={t('rules.holdHint')} {...number('hold_days')} />
      </fieldset>
      <fieldset>
        <legend>{t('rules.seller')}</legend>
        <Checkbox.Group
          label={t('rules.sellerHint')}
          value={values.seller_fields}
          onChange={(fields) => change({ seller_fields: SELLER_FIELDS.filter((field) => fields.includes(field)) })}
        >
          {SELLER_FIELDS.map((field) => (
            <Checkbox key={field} value={field} label={t(`rules.fields.${field}`)} mt={8} />
          ))}
        </Checkbox.Group>
        <TextInput label={t('rules.age')} description={t('rules.ageHint')} {...number('seller_age')} />
        <TextInput label={t('rules.retainYears')} description={t('rules.retainHint')} {...number('retain_years')} />
      </fieldset>
    </form>
  )
}

type Values = Record<NumberRule, string> & { payout_limit_cents: Amount; seller_fields: SellerField[] }

const valuesOf = (rules: Rules): Values => ({
  hold_days: String(rules.hold_days),
  offer_days: String(rules.offer_days),
  seller_age: String(rules.seller_age),
  retain_years: String(rules.retain_years),
  payout_limit_cents: rules.payout_limit_cents,
  seller_fields: rules.seller_fields,
})

function useRulesForm(stored: Rules) {
  const { t } = useTranslation(['settings', 'frame'])
  const { values, errors, change, save } = useSettingsForm(() => valuesOf(stored), {
    send: (changes: Wire<typeof RulesChanges>) =>
      patch<typeof RulesShape, typeof RulesChanges>('/counter/shop/rules', changes),
    onSaved: (saved) => {
      queryClient.setQueryData(rulesQuery.queryKey, saved)
      toast(t('rules.saved'))
    },
  })
  const bodyOf = (): Wire<typeof RulesChanges> | null => {
    const { payout_limit_cents, seller_fields, ...numbers } = values
    if (payout_limit_cents === null || isUnread(payout_limit_cents)) return null
    return { ...wholeNumbers(numbers), payout_limit_cents, seller_fields }
  }
  return {
    values,
    errors,
    change,
    save: () => {
      const wrong = NUMBER_RULES.filter((rule) => !isWithin(values[rule], RULE_BOUNDS[rule]))
      const faults = wrong.map((rule) => [rule, t('rules.range', RULE_BOUNDS[rule])] as const)
      const missing = values.payout_limit_cents === null && { payout_limit_cents: t('frame:fieldError.missing') }
      save({ ...Object.fromEntries(faults), ...missing }, bodyOf())
    },
  }
}

const isWithin = (typed: string, { min, max }: { min: number; max: number }) =>
  /^\d{1,3}$/.test(typed.trim()) && Number(typed) >= min && Number(typed) <= max

const wholeNumbers = (typed: Record<NumberRule, string>) => ({
  hold_days: Number(typed.hold_days),
  offer_days: Number(typed.offer_days),
  seller_age: Number(typed.seller_age),
  retain_years: Number(typed.retain_years),
})
