import { Alert, Button, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isRefusedAs } from '../../api.ts'
import { queryClient } from '../../query.ts'
import { signInAs, type StaffMember } from '../../session.ts'
import { PasswordField } from '../../ui/fields/password-field.tsx'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import classes from './lock.module.css'

/** The password of the person who was chosen: nothing else is asked. */
export function PasswordOf({ person, pinsClosed }: { person: StaffMember; pinsClosed: boolean }) {
  const { t } = useTranslation(['auth', 'frame', 'refusals'])
  const explain = useExplain()
  const [password, setPassword] = useState('')
  const [missing, setMissing] = useState(false)
  const enter = useMutation({ mutationFn: signInAs, onSuccess: () => void queryClient.invalidateQueries() })
  const wrong = isRefusedAs(enter.error, 'credentials-invalid')
  return (
    <form
      className={classes.password}
      onSubmit={(event) => {
        event.preventDefault()
        setMissing(password === '')
        if (password !== '') enter.mutate({ user_id: person.id, password })
      }}
    >
      <Stack gap="sm">
        <PasswordField
          label={t('lock.passwordOf', { name: person.full_name })}
          description={pinsClosed ? t('refusals:pins-closed') : person.has_pin ? undefined : t('lock.noPinText')}
          autoComplete="current-password"
          data-enter-sends
          autoFocus
          value={password}
          error={missing ? t('frame:fieldError.missing') : wrong && t('lock.passwordWrong')}
          onChange={(event) => {
            setPassword(event.currentTarget.value)
            enter.reset()
          }}
        />
        {enter.error && !wrong && (
          <Alert color="red" role="alert" py="sm">
            {explain(enter.error)}
          </Alert>
        )}
        <Button type="submit" loading={enter.isPending} fullWidth>
          {t('signIn.submit')}
        </Button>
      </Stack>
    </form>
  )
}
