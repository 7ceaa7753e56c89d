import { Alert, Button, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { focusFirstError } from '../../ui/fields/focus-first-error.ts'
import { PasswordField } from '../../ui/fields/password-field.tsx'
import { signIn } from '../../session.ts'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { AuthPage } from '../../ui/auth-page.tsx'
import { ClockBanner } from '../clock/clock-banner.tsx'
import { DateToConfirm } from '../clock/date-to-confirm.tsx'
import classes from './sign-in.module.css'

export function SignIn() {
  const { t } = useTranslation('auth')
  return (
    <AuthPage title={t('signIn.title')}>
      <ClockBanner />
      <DateToConfirm />
      <SignInForm />
      <p className={classes.claim}>
        <Link to="/claim?code">{t('signIn.claim')}</Link>
      </p>
    </AuthPage>
  )
}

export function SignInForm() {
  const { t } = useTranslation(['auth', 'frame'])
  const form = useForm({ mode: 'uncontrolled', initialValues: { login: '', password: '' } })
  const enter = useMutation({ mutationFn: signIn })
  return (
    <form
      onSubmit={form.onSubmit((values) => {
        if (!values.login || !values.password) {
          form.setErrors({
            ...(!values.login && { login: t('frame:fieldError.missing') }),
            ...(!values.password && { password: t('frame:fieldError.missing') }),
          })
          return focusFirstError()
        }
        enter.mutate(values)
      })}
    >
      <Stack>
        <TextInput
          label={t('signIn.login')}
          autoComplete="username"
          inputMode="email"
          autoCapitalize="none"
          data-autofocus
          autoFocus
          {...form.getInputProps('login')}
        />
        <PasswordField
          label={t('signIn.password')}
          autoComplete="current-password"
          data-enter-sends
          {...form.getInputProps('password')}
        />
        {enter.error && <RefusalAlert error={enter.error} />}
        <Button type="submit" loading={enter.isPending} fullWidth mt="xs">
          {t('signIn.submit')}
        </Button>
      </Stack>
    </form>
  )
}

function RefusalAlert({ error }: { error: Error }) {
  const explain = useExplain()
  return (
    <Alert color="red" role="alert" py="sm">
      {explain(error)}
    </Alert>
  )
}
