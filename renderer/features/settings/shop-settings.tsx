import { Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { ShopData, ShopSettings as Settings } from '../../../server/counter/settings/shop.contract.ts'
import { get, put, type Wire } from '../../api.ts'
import { queryClient } from '../../query.ts'
import { openSession } from '../../session.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { SaveButton } from './save-button.tsx'
import { useSettingsForm } from './use-settings-form.ts'
import { Page } from '../../ui/page.tsx'
import { tidyPhone } from '../../ui/fields/phone.ts'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { SkeletonRows } from '../../ui/states/skeleton-rows.tsx'
import { toast } from '../../ui/states/toast.tsx'
import { type ShopPlace, taxOf } from './place-defaults.ts'
import { PlaceFields } from './place-fields.tsx'
import classes from './shop-settings.module.css'

type StoredSettings = Wire<typeof Settings>
type Values = ShopPlace &
  Record<'name' | 'phone' | 'address' | 'tax_number' | 'opening_hours' | 'terms' | 'public_address', string>

const shopQuery = { queryKey: ['shop'], queryFn: () => get<typeof Settings>('/counter/shop') }

/** What the shop is called, where it is and what its papers say; for admins. */
export function ShopSettings() {
  const { t } = useTranslation('settings')
  const { data, error, refetch } = useQuery(shopQuery)
  return (
    <Page title={t('shop.title')} narrow action={data && <SaveButton form={FORM_ID} />}>
      {data ? (
        <ShopForm stored={data} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={8} />
      )}
    </Page>
  )
}

const FORM_ID = 'shop-settings'

function ShopForm({ stored }: { stored: StoredSettings }) {
  const { t } = useTranslation(['settings', 'papers', 'frame'])
  const { values, change, errors, save } = useShopForm(stored)
  useShortcuts([{ keys: 'mod+Enter', label: t('frame:action.save'), run: save }])
  const text = (field: keyof Omit<Values, keyof ShopPlace>) => ({
    value: values[field],
    error: errors[field],
    onChange: (event: { currentTarget: { value: string } }) => change({ [field]: event.currentTarget.value }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save()
  }
  return (
    <form id={FORM_ID} noValidate onSubmit={submit} className={classes.form}>
      <fieldset>
        <legend>{t('setup.shop')}</legend>
        <TextInput label={t('setup.shopName')} required autoFocus {...text('name')} />
        <TextInput label={t('setup.shopPhone')} type="tel" {...text('phone')} />
        <Textarea label={t('setup.address')} autosize minRows={2} {...text('address')} />
        <Textarea
          label={t('shop.hours')}
          description={t('shop.hoursHint')}
          autosize
          minRows={2}
          {...text('opening_hours')}
        />
        <TextInput
          label={t('shop.publicAddress')}
          description={t('shop.publicAddressHint')}
          placeholder="https://"
          type="url"
          {...text('public_address')}
        />
      </fieldset>
      <fieldset>
        <legend>{t('shop.money')}</legend>
        <PlaceFields
          values={values}
          change={change}
          errorOf={(field) => errors[field]}
          fixed={stored.currency_fixed ? t('shop.currencyFixed') : undefined}
        />
        <TextInput label={t('shop.taxNumber')} description={t('shop.taxNumberHint')} {...text('tax_number')} />
      </fieldset>
      <fieldset className={classes.fullWidth}>
        <legend>{t('shop.papers')}</legend>
        <Textarea
          label={t('shop.terms')}
          description={t('shop.termsHint')}
          placeholder={t('papers:terms')}
          autosize
          minRows={4}
          {...text('terms')}
        />
      </fieldset>
    </form>
  )
}

function useShopForm(stored: StoredSettings) {
  const { t } = useTranslation(['settings', 'frame'])
  const { values, errors, ...form } = useSettingsForm(() => valuesOf(stored), {
    send: (data: Wire<typeof ShopData>) => put<typeof Settings, typeof ShopData>('/counter/shop', data),
    onSaved: async (saved) => {
      queryClient.setQueryData(shopQuery.queryKey, saved)
      toast(t('shop.saved'))
      await openSession()
    },
  })
  const missing = t('frame:fieldError.missing')
  return {
    values,
    errors,
    change: (part: Partial<Values>) =>
      form.change(part, 'tax_mode' in part || 'tax_percent' in part ? 'tax_rate' : undefined),
    save: () => {
      if (values.name.trim() === '') return form.save({ name: missing }, null)
      const tax = taxOf(values)
      if (tax === null) return form.save({ tax_rate: missing }, null)
      form.save({}, dataOf(values, tax))
    },
  }
}

function valuesOf({ name, currency, time_zone, country, tax_mode, tax_rate, ...rest }: StoredSettings): Values {
  const { phone, address, tax_number, opening_hours, terms, public_address } = rest
  return {
    name,
    currency,
    time_zone,
    country: country ?? '',
    tax_mode,
    tax_percent: tax_rate / 100,
    phone: phone ?? '',
    address: address ?? '',
    tax_number: tax_number ?? '',
    opening_hours: opening_hours ?? '',
    terms: terms ?? '',
    public_address: public_address ?? '',
  }
}

function dataOf(
  { name, currency, time_zone, tax_mode: _, tax_percent: __, ...typed }: Values,
  tax: NonNullable<ReturnType<typeof taxOf>>,
): Wire<typeof ShopData> {
  const texts = { ...typed, phone: tidyPhone(typed.phone) }
  const given = Object.fromEntries(Object.entries(texts).filter(([, value]) => value.trim() !== ''))
  return { name, currency, time_zone, ...tax, ...given }
}
