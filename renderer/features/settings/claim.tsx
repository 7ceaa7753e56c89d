import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import type { Claim, Claimed } from '../../../server/counter/session/claim.contract.ts'
import { post, type Wire } from '../../api.ts'
import { AuthPage } from '../../ui/auth-page.tsx'
import { useExplain, useFieldErrors } from '../../ui/fields/use-field-errors.ts'

/** For the customer at home: the code of the claim stub, and a password of their own. */
export function ClaimAccount() {
  const { t } = useTranslation('settings')
  const claim = useMutation({
    mutationFn: (body: Wire<typeof Claim>) =>
      post<typeof Claimed, typeof Claim>('/counter/claim', body, { keyed: false }),
  })
  if (claim.data)
    return (
      <AuthPage title={t('claim.done')}>
        <p role="status">{t('claim.doneText', { name: claim.data.full_name, login: claim.data.login })}</p>
      </AuthPage>
    )
  return (
    <AuthPage title={t('claim.title')} intro={t('claim.intro')}>
      <ClaimForm busy={claim.isPending} error={claim.error} onSend={claim.mutate} />
    </AuthPage>
  )
}

type FormProps = { busy: boolean; error: Error | null; onSend: (claim: Wire<typeof Claim>) => void }

function ClaimForm({ busy, error, onSend }: FormProps) {
  const { t } = useTranslation(['settings', 'frame'])
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
    <form noValidate onSubmit={form.onSubmit(({ code, password }) => onSend({ code: code.trim(), password }))}>
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
        <PasswordInput
          label={t('claim.password')}
          description={t('setup.passwordHint')}
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
