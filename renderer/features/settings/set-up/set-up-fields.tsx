import { Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { PasswordField } from '../../../ui/fields/password-field.tsx'
import type { ShopPlace } from '../place-defaults.ts'
import { PlaceFields } from '../place-fields.tsx'
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
  demo: boolean
} & ShopPlace

type TextAnswer = 'code' | 'full_name' | 'phone' | 'email' | 'password' | 'pin' | 'name' | 'shop_phone' | 'address'

type Props = {
  answers: Answers
  change: (part: Partial<Answers>) => void
  /** By the field of the request: `owner.phone`. */
  errors: Record<string, string>
  /** The field was changed: its error no longer holds. */
  clearError: (path: string) => void
}

function bind({ answers, change, errors, clearError }: Props, field: TextAnswer, path: string) {
  return {
    value: answers[field],
    error: errors[path],
    'aria-invalid': errors[path] !== undefined,
    onChange: (event: { currentTarget: { value: string } }) => {
      change({ [field]: event.currentTarget.value })
      clearError(path)
    },
  }
}

export function OwnerFields({ askCode, ...form }: Props & { askCode: boolean }) {
  const { t } = useTranslation(['settings', 'frame'])
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
        label={t('frame:action.optional', { label: t('setup.email') })}
        type="email"
        autoComplete="email"
        {...bind(form, 'email', 'owner.email')}
      />
      <PasswordField
        label={t('setup.password')}
        description={t('setup.passwordHint')}
        autoComplete="new-password"
        required
        {...bind(form, 'password', 'owner.password')}
      />
      <TextInput
        label={t('frame:action.optional', { label: t('setup.pin') })}
        description={t('setup.pinHint')}
        inputMode="numeric"
        autoComplete="off"
        {...bind(form, 'pin', 'owner.pin')}
      />
    </fieldset>
  )
}

export function ShopFields(form: Props) {
  const { t } = useTranslation(['settings', 'frame'])
  const { answers, change, errors } = form
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
        label={t('frame:action.optional', { label: t('setup.shopPhone') })}
        type="tel"
        {...bind(form, 'shop_phone', 'shop.phone')}
      />
      <Textarea
        label={t('frame:action.optional', { label: t('setup.address') })}
        autosize
        minRows={2}
        {...bind(form, 'address', 'shop.address')}
      />
      <PlaceFields values={answers} change={change} errorOf={(field) => errors[`shop.${field}`]} />
    </fieldset>
  )
}
