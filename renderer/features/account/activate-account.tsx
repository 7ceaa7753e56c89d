import { Alert, Button, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { focusFirstError } from '../../ui/fields/focus-first-error.ts'
import { PasswordField } from '../../ui/fields/password-field.tsx'
import type { AccountActivation, ActivatedAccount } from '../../../server/counter/session/activate-account.contract.ts'
import { post, type Wire } from '../../api.ts'
import { AuthPage } from '../../ui/auth-page.tsx'
import type { Credentials } from './requests.ts'
import { useExplain, useFieldErrors } from '../../ui/fields/use-field-errors.ts'

type Props = { onDone: (credentials: Credentials) => void }

/** For the customer at home: the code of the claim stub, and a password of their own, with which they are signed in at once. */
export function ActivateAccount({ onDone }: Props) {
  const { t } = useTranslation('account')
  const activation = useMutation({
    mutationFn: (body: Wire<typeof AccountActivation>) =>
      post<typeof ActivatedAccount, typeof AccountActivation>('/counter/claim', body, { keyed: false }),
    onSuccess: ({ login }, { password }) => onDone({ login, password }),
  })
  return (
    <AuthPage title={t('claim.title')} intro={t('claim.intro')}>
      <ActivationForm busy={activation.isPending} error={activation.error} onSend={activation.mutate} />
    </AuthPage>
  )
}

type FormProps = { busy: boolean; error: Error | null; onSend: (activation: Wire<typeof AccountActivation>) => void }

function ActivationForm({ busy, error, onSend }: FormProps) {
  const { t } = useTranslation(['account', 'frame', 'settings'])
  const explain = useExplain()
  const refused = useFieldErrors()(error)
  const { hash } = useLocation()
  const form = useForm({
    initialValues: { code: decodeURIComponent(hash.slice(1)), password: '' },
    validate: {
      code: (code) => (code.trim().length < 4 ? t('frame:fieldError.missing') : null),
      password: (password) => (password.length < 8 ? t('frame:fieldError.password') : null),
    },
  })
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ code, password }) => onSend({ code: code.trim(), password }), focusFirstError)}
    >
      <Stack>
        <TextInput
          label={t('claim.code')}
          description={t('claim.codeHint')}
          autoComplete="one-time-code"
          autoCapitalize="characters"
          autoFocus
          {...form.getInputProps('code')}
          error={form.errors['code'] ?? refused['code']}
        />
        <PasswordField
          label={t('claim.password')}
          description={t('settings:setup.passwordHint')}
          autoComplete="new-password"
          {...form.getInputProps('password')}
          error={form.errors['password'] ?? refused['password']}
        />
        {error && Object.keys(refused).length === 0 && (
          <Alert color="red" role="alert" py="sm">
            {explain(error)}
          </Alert>
        )}
        <Button type="submit" loading={busy} fullWidth mt="xs">
          {t('claim.submit')}
        </Button>
      </Stack>
    </form>
  )
}
