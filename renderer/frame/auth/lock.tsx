import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Staff } from '../../../server/counter/session/session.contract.ts'
import { get } from '../../api.ts'
import { queryClient } from '../../query.ts'
import { switchUser, useUser, type StaffMember } from '../../session.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { AuthPage } from '../../ui/auth-page.tsx'
import { useScanner } from '../../ui/scanner/scanner.ts'
import { ClockBanner } from '../clock/clock-banner.tsx'
import { DateToConfirm } from '../clock/date-to-confirm.tsx'
import classes from './lock.module.css'
import { PinPad } from './pin-pad.tsx'
import { SignInForm } from './sign-in.tsx'
import { StaffTiles } from './staff-tiles.tsx'

/** Chooses the user by tile and PIN. Whoever locked the screen is preselected and only types the PIN. */
export function Lock() {
  const { t } = useTranslation('auth')
  const staff = useQuery({ queryKey: ['staff'], queryFn: () => get<typeof Staff>('/counter/staff') })
  const [byPassword, setByPassword] = useState(false)
  const [chosen, setChosen] = useState(useUser().id)
  const person = staff.data?.find(({ id }) => id === chosen)
  return (
    <AuthPage title={t('lock.who')} wide>
      <ClockBanner />
      <DateToConfirm />
      {staff.error && !staff.data && <ErrorState error={staff.error} onRetry={() => void staff.refetch()} />}
      {staff.data && <StaffTiles staff={staff.data} chosen={chosen} onChoose={choose} />}
      {person && (byPassword || !person.has_pin) ? (
        <div className={classes.password}>
          {!person.has_pin && <p>{t('lock.noPinText')}</p>}
          <SignInForm key={person.id} />
        </div>
      ) : (
        person && <Unlock key={person.id} person={person} />
      )}
      {person?.has_pin && (
        <button type="button" className={classes.other} onClick={() => setByPassword(!byPassword)}>
          {byPassword ? t('lock.usePin') : t('lock.usePassword')}
        </button>
      )}
    </AuthPage>
  )

  function choose(id: number) {
    setChosen(id)
    setByPassword(false)
  }
}

function Unlock({ person }: { person: StaffMember }) {
  const { t } = useTranslation('auth')
  const explain = useExplain()
  const [pin, setPin] = useState('')
  const unlock = useMutation({
    mutationFn: switchUser,
    onError: () => setPin(''),
    onSuccess: () => void queryClient.invalidateQueries(),
  })
  // Its first digits look like typing; nothing of a scan is a PIN.
  useScanner(() => {
    setPin('')
    return true
  })
  return (
    <PinPad
      label={t('lock.pinOf', { name: person.full_name })}
      pin={pin}
      busy={unlock.isPending}
      error={unlock.error ? explain(unlock.error) : undefined}
      onPin={(typed) => {
        setPin(typed)
        unlock.reset()
      }}
      onEnter={() => unlock.mutate({ user_id: person.id, pin })}
    />
  )
}
