import { Button, Select, Stack, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { isPin } from '../../../server/domain/pin.ts'
import { focusFirstError, focusRefused } from '../../ui/fields/focus-first-error.ts'
import { PasswordField } from '../../ui/fields/password-field.tsx'
import { usePreferences } from '../../preferences.ts'
import { changePassword, setPin } from '../../session.ts'
import { useExplain, useFieldErrors } from '../../ui/fields/use-field-errors.ts'
import { Key } from '../../ui/scanner/key.tsx'
import { Page } from '../../ui/page.tsx'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { toast } from '../../ui/states/toast.tsx'
import classes from './me.module.css'
import { offeredPinQuery } from './requests.ts'

/** One's own PIN, and how this screen behaves. */
export function Me() {
  const { t } = useTranslation('settings')
  return (
    <Page title={t('me.title')}>
      <div className={classes.column}>
        <PinForm />
        <PasswordForm />
        <ScreenPreferences />
      </div>
    </Page>
  )
}

function PinForm() {
  const { t } = useTranslation(['settings', 'frame'])
  const fieldErrors = usePasswordErrors()
  const offered = useQuery(offeredPinQuery)
  const form = useForm({
    initialValues: { pin: '', repeat: '', password: '' },
    validate: {
      pin: (pin) => (isPin(pin) ? null : t('frame:fieldError.pin')),
      repeat: (repeat, { pin }) => (repeat === pin ? null : t('frame:fieldError.notSame')),
      password: (password) => (password ? null : t('frame:fieldError.missing')),
    },
  })
  const save = useMutation({
    mutationFn: setPin,
    onSuccess: () => {
      form.reset()
      void offered.refetch()
      toast(t('me.saved'))
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  })
  const take = (pin: string) => form.setValues({ pin, repeat: pin })
  const send = form.onSubmit(({ pin, password }) => save.mutate({ pin, password }, focusRefused()), focusFirstError)
  useShortcuts([{ keys: 'mod+Enter', label: t('me.save'), run: send }])
  return (
    <form noValidate onSubmit={send} className={classes.part}>
      <Title order={2}>{t('me.pin')}</Title>
      <p className={classes.hint}>{t('me.pinText')}</p>
      <Stack>
        <PasswordField
          label={t('me.newPin')}
          description={t('frame:fieldError.pin')}
          inputMode="numeric"
          autoComplete="off"
          autoFocus
          {...form.getInputProps('pin')}
        />
        {offered.data && (
          <p className={classes.offer}>
            {t('me.offered')} <strong className="figures">{offered.data}</strong>
            <Button size="compact-sm" variant="default" onClick={() => take(offered.data)}>
              {t('me.takeOffered')}
            </Button>
          </p>
        )}
        <PasswordField
          label={t('me.repeat')}
          inputMode="numeric"
          autoComplete="off"
          {...form.getInputProps('repeat')}
        />
        <PasswordField
          label={t('me.password')}
          description={t('me.passwordHint')}
          autoComplete="current-password"
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={save.isPending} className={classes.save} rightSection={<Key of="mod+Enter" />}>
          {t('me.save')}
        </Button>
      </Stack>
    </form>
  )
}

function PasswordForm() {
  const { t } = useTranslation(['settings', 'frame'])
  const fieldErrors = usePasswordErrors()
  const form = useForm({
    initialValues: { password: '', new_password: '' },
    validate: {
      password: (password) => (password ? null : t('frame:fieldError.missing')),
      new_password: (password) => (password.length >= 8 ? null : t('frame:fieldError.password')),
    },
  })
  const save = useMutation({
    mutationFn: changePassword,
    onSuccess: () => {
      form.reset()
      toast(t('me.passwordSaved'))
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  })
  return (
    <form
      noValidate
      onSubmit={form.onSubmit((values) => save.mutate(values, focusRefused()), focusFirstError)}
      className={classes.part}
    >
      <Title order={2}>{t('me.ownPassword')}</Title>
      <p className={classes.hint}>{t('me.ownPasswordText')}</p>
      <Stack>
        <PasswordField label={t('me.password')} autoComplete="current-password" {...form.getInputProps('password')} />
        <PasswordField
          label={t('me.newPassword')}
          description={t('setup.passwordHint')}
          autoComplete="new-password"
          {...form.getInputProps('new_password')}
        />
        <Button type="submit" variant="default" loading={save.isPending} className={classes.save}>
          {t('me.savePassword')}
        </Button>
      </Stack>
    </form>
  )
}

/** What a refusal says of the fields; what it says of none stands at the password, which is what it most often is about. */
function usePasswordErrors() {
  const explain = useExplain()
  const readErrors = useFieldErrors()
  return (error: Error) => {
    const errors = readErrors(error)
    return Object.keys(errors).length > 0 ? errors : { password: explain(error) }
  }
}

const MINUTES = [1, 2, 5, 10, 15, 30, 60]

function ScreenPreferences() {
  const { t } = useTranslation('settings')
  const minutes = usePreferences((state) => state.lockMinutes)
  return (
    <section className={classes.part}>
      <Title order={2}>{t('me.screen')}</Title>
      <Select
        label={t('me.lockAfter')}
        allowDeselect={false}
        data={[
          ...MINUTES.map((count) => ({ value: String(count), label: t('me.minutes', { count }) })),
          { value: '0', label: t('me.never') },
        ]}
        value={String(minutes)}
        onChange={(value) => usePreferences.setState({ lockMinutes: Number(value) })}
      />
    </section>
  )
}
