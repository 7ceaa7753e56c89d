import { NumberInput, PasswordInput, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { currencies, timeZones } from './places.ts'
import classes from './set-up.module.css'

export type Answers = {
  code: string
  full_name: string
  phone: string
  email: string
  password: string
  pin: string
  name: string
  shop_phone: string
  address: string
  currency: string
  time_zone: string
  tax_mode: 'included' | 'added' | 'none'
  tax_percent: number
  demo: boolean
}

type Written = 'code' | 'full_name' | 'phone' | 'email' | 'password' | 'pin' | 'name' | 'shop_phone' | 'address'

type Props = {
  answers: Answers
  change: (part: Partial<Answers>) => void
  /** By the field of the request: `owner.phone`. */
  errors: Record<string, string>
  /** The field was changed: its error no longer holds. */
  mend: (path: string) => void
}

function bind({ answers, change, errors, mend }: Props, field: Written, path: string) {
  return {
    value: answers[field],
    error: errors[path],
    onChange: (event: { currentTarget: { value: string } }) => {
      change({ [field]: event.currentTarget.value })
      mend(path)
    },
  }
}

export function OwnerFields({ askCode, ...form }: Props & { askCode: boolean }) {
  const { t } = useTranslation()
  return (
    <fieldset className={classes.part}>
      <legend>{t('setup.owner')}</legend>
      <p className={classes.hint}>{t('setup.ownerHint')}</p>
      {askCode && (
        <TextInput
          label={t('setup.code')}
          description={t('setup.codeHint')}
          autoComplete="one-time-code"
          autoFocus
          required
          {...bind(form, 'code', 'code')}
        />
      )}
      <TextInput
        label={t('setup.fullName')}
        autoComplete="name"
        autoFocus={!askCode}
        required
        {...bind(form, 'full_name', 'owner.full_name')}
      />
      <TextInput
        label={t('setup.phone')}
        description={t('setup.phoneHint')}
        type="tel"
        autoComplete="tel"
        required
        {...bind(form, 'phone', 'owner.phone')}
      />
      <TextInput
        label={t('action.optional', { label: t('setup.email') })}
        type="email"
        autoComplete="email"
        {...bind(form, 'email', 'owner.email')}
      />
      <PasswordInput
        label={t('setup.password')}
        description={t('setup.passwordHint')}
        autoComplete="new-password"
        required
        {...bind(form, 'password', 'owner.password')}
      />
      <PasswordInput
        label={t('action.optional', { label: t('setup.pin') })}
        description={t('setup.pinHint')}
        inputMode="numeric"
        autoComplete="off"
        {...bind(form, 'pin', 'owner.pin')}
      />
    </fieldset>
  )
}

export function ShopFields(form: Props) {
  const { t, i18n } = useTranslation()
  const { answers, change, errors } = form
  const money = useMemo(() => currencies(i18n.language), [i18n.language])
  const zones = useMemo(timeZones, [])
  return (
    <fieldset className={classes.part}>
      <legend>{t('setup.shop')}</legend>
      <TextInput
        label={t('setup.shopName')}
        description={t('setup.shopNameHint')}
        autoComplete="organization"
        required
        {...bind(form, 'name', 'shop.name')}
      />
      <TextInput
        label={t('action.optional', { label: t('setup.shopPhone') })}
        type="tel"
        {...bind(form, 'shop_phone', 'shop.phone')}
      />
      <Textarea
        label={t('action.optional', { label: t('setup.address') })}
        autosize
        minRows={2}
        {...bind(form, 'address', 'shop.address')}
      />
      <Select
        label={t('setup.currency')}
        data={money}
        searchable
        selectFirstOptionOnChange
        onClick={(event) => event.currentTarget.select()}
        limit={60}
        allowDeselect={false}
        value={answers.currency}
        error={errors['shop.currency']}
        onChange={(currency) => currency && change({ currency })}
      />
      <Select
        label={t('setup.timeZone')}
        data={zones}
        searchable
        selectFirstOptionOnChange
        onClick={(event) => event.currentTarget.select()}
        limit={60}
        allowDeselect={false}
        value={answers.time_zone}
        error={errors['shop.time_zone']}
        onChange={(time_zone) => time_zone && change({ time_zone })}
      />
      <TaxFields {...form} />
    </fieldset>
  )
}

function TaxFields({ answers, change, errors }: Props) {
  const { t } = useTranslation()
  const modes = [
    { value: 'included', label: t('setup.taxIncluded') },
    { value: 'added', label: t('setup.taxAdded') },
    { value: 'none', label: t('setup.taxNone') },
  ] as const
  return (
    <div className={classes.tax}>
      <div>
        <span className={classes.label} id="tax-label">
          {t('setup.tax')}
        </span>
        <SegmentedControl
          fullWidth
          aria-labelledby="tax-label"
          data={[...modes]}
          value={answers.tax_mode}
          onChange={(tax_mode) => change({ tax_mode })}
        />
      </div>
      <NumberInput
        label={t('setup.taxRate')}
        suffix=" %"
        min={0}
        max={100}
        decimalScale={2}
        allowedDecimalSeparators={[',', '.']}
        hideControls
        disabled={answers.tax_mode === 'none'}
        value={answers.tax_mode === 'none' ? '' : answers.tax_percent}
        error={errors['shop.tax_rate']}
        onChange={(percent) => change({ tax_percent: Number(percent) || 0 })}
      />
    </div>
  )
}
