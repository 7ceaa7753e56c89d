import { Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import type { Colleague, NewPinOf, ResetPassword } from '../../../server/counter/settings/people.contract.ts'
import { isPin } from '../../../server/domain/pin.ts'
import { del, post, put, type Wire } from '../../api.ts'
import { focusFirstError } from '../../ui/fields/focus-first-error.ts'
import { PasswordField } from '../../ui/fields/password-field.tsx'
import classes from './people.module.css'
import type { Person } from './requests.ts'
import { useChange } from './use-change.ts'
import { useOfferedPin } from './use-offered-pin.ts'

type Props = { person: Person; onDone: () => void }

/** A PIN for somebody, as the program offers one, or none any more. */
export function NewPin({ person, onDone }: Props) {
  const { t } = useTranslation(['settings', 'frame'])
  const form = useForm({
    initialValues: { pin: '' },
    validate: { pin: (pin) => (isPin(pin) ? null : t('frame:fieldError.pin')) },
  })
  useOfferedPin(true, (pin) => form.setFieldValue('pin', pin))
  const give = useChange(
    (body: Wire<typeof NewPinOf>) => put<typeof Colleague, typeof NewPinOf>(`/counter/people/${person.id}/pin`, body),
    { message: t('people.pinSaved', { name: person.full_name }), onDone, onRefused: form.setErrors },
  )
  const take = useChange(() => del(`/counter/people/${person.id}/pin`), {
    message: t('people.pinTaken', { name: person.full_name }),
    onDone,
    onRefused: form.setErrors,
  })
  return (
    <form
      noValidate
      onSubmit={form.onSubmit((values) => give.mutate(values), focusFirstError)}
      className={classes.form}
    >
      <TextInput
        label={t(person.has_pin ? 'people.otherPin' : 'people.pin')}
        description={t('people.givePinHint')}
        inputMode="numeric"
        autoComplete="off"
        {...form.getInputProps('pin')}
      />
      <div className={classes.buttons}>
        <Button type="submit" variant="default" loading={give.isPending}>
          {t('people.givePin')}
        </Button>
        {person.has_pin && (
          <Button variant="subtle" color="red" loading={take.isPending} onClick={() => take.mutate(undefined)}>
            {t('people.takePin')}
          </Button>
        )}
      </div>
    </form>
  )
}

/** For who has forgotten theirs. */
export function NewPassword({ person, onDone }: Props) {
  const { t } = useTranslation(['settings', 'frame'])
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: (password) => (password.length >= 8 ? null : t('frame:fieldError.password')) },
  })
  const reset = useChange(
    (body: Wire<typeof ResetPassword>) =>
      post<never, typeof ResetPassword>(`/counter/people/${person.id}/password`, body, { keyed: false }),
    { message: t('people.passwordSaved', { name: person.full_name }), onDone, onRefused: form.setErrors },
  )
  return (
    <form
      noValidate
      onSubmit={form.onSubmit((values) => reset.mutate(values), focusFirstError)}
      className={classes.form}
    >
      <PasswordField
        label={t('people.newPassword')}
        description={t('people.newPasswordHint', { name: person.full_name })}
        autoComplete="new-password"
        {...form.getInputProps('password')}
      />
      <div className={classes.buttons}>
        <Button type="submit" variant="default" loading={reset.isPending}>
          {t('people.setPassword')}
        </Button>
      </div>
    </form>
  )
}
