import { Alert, Button, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import { AuthPage } from '../../ui/auth-page.tsx'
import { PasswordField } from '../../ui/fields/password-field.tsx'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import classes from './account.module.css'
import { ActivateAccount } from './activate-account.tsx'
import { OwnPage } from './own-page.tsx'
import { signInCustomer, useAccountToken } from './requests.ts'

/** The address on the claim stub: with its code a customer sets a password, and with that they see their repairs and offers. */
export function Account() {
  const { t } = useTranslation('account')
  const { hash, search } = useLocation()
  const { token } = useAccountToken()
  const [withCode, setWithCode] = useState(hash.length > 1 || new URLSearchParams(search).has('code'))
  const go = useNavigate()
  const enter = useMutation({
    mutationFn: signInCustomer,
    // The code is used up: it goes from the address too.
    onSettled: () => {
      setWithCode(false)
      void go({ hash: '', search: '' }, { replace: true })
    },
  })
  if (token !== null) return <OwnPage token={token} />
  return (
    <>
      {withCode ? (
        <ActivateAccount onDone={enter.mutate} />
      ) : (
        <AuthPage title={t('signIn.title')} intro={t('signIn.intro')}>
          <SignInForm busy={enter.isPending} error={enter.error} onSend={enter.mutate} />
          <button type="button" className={classes.other} onClick={() => setWithCode(true)}>
            {t('signIn.withCode')}
          </button>
        </AuthPage>
      )}
    </>
  )
}

type FormProps = {
  busy: boolean
  error: Error | null
  onSend: (credentials: { login: string; password: string }) => void
}

function SignInForm({ busy, error, onSend }: FormProps) {
  const { t } = useTranslation('auth')
  const explain = useExplain()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (login.trim() !== '' && password !== '') onSend({ login: login.trim(), password })
      }}
    >
      <Stack>
        <TextInput
          label={t('signIn.login')}
          autoComplete="username"
          autoCapitalize="none"
          inputMode="email"
          autoFocus
          required
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
        <PasswordField
          label={t('signIn.password')}
          autoComplete="current-password"
          data-enter-sends
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {error && (
          <Alert color="red" role="alert" py="sm">
            {explain(error)}
          </Alert>
        )}
        <Button type="submit" loading={busy} fullWidth mt="xs">
          {t('signIn.submit')}
        </Button>
      </Stack>
    </form>
  )
}
