import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isRefusedAs } from '../../api.ts'
import { queryClient } from '../../query.ts'
import { staffQuery, switchUser, useUser, type StaffMember } from '../../session.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { useExplain } from '../../ui/fields/use-field-errors.ts'
import { AuthPage } from '../../ui/auth-page.tsx'
import { altDigit } from '../../ui/scanner/chords.ts'
import { useScanner } from '../../ui/scanner/scanner.ts'
import { useShortcuts } from '../../ui/scanner/shortcuts.ts'
import { ClockBanner } from '../clock/clock-banner.tsx'
import { DateToConfirm } from '../clock/date-to-confirm.tsx'
import classes from './lock.module.css'
import { PasswordOf } from './password-of.tsx'
import { MAX_PIN_LENGTH, MIN_PIN_LENGTH, PinPad } from './pin-pad.tsx'
import { StaffTiles } from './staff-tiles.tsx'

/**
 * A PIN typed blindly says who; a tile, by its key or by finger, says it first. Who has no PIN gives their password. Where
 * nobody's PIN says who, whoever locked the screen is chosen already.
 */
export function Lock() {
  const { t } = useTranslation('auth')
  const { data, error, refetch } = useQuery({ ...staffQuery, staleTime: 0 })
  const staff = data ?? []
  const locker = useUser().id
  const [chosen, setChosen] = useState<number | null>(null)
  const [byPassword, setByPassword] = useState(false)
  const [pinsClosed, setPinsClosed] = useState(false)
  const pinsSayWho = staff.length === 0 || staff.some(({ pin_length }) => pin_length !== null)
  const person = staff.find(({ id }) => id === (chosen ?? (pinsSayWho ? null : locker)))
  useShortcuts([
    ...staff.map(({ id, full_name }, index) => {
      const keys = altDigit(index)
      return keys !== undefined && { keys, label: full_name, run: () => choose(id) }
    }),
    chosen !== null && { keys: 'Escape', label: t('lock.anybody'), run: () => choose(null) },
  ])
  return (
    <AuthPage title={t('lock.who')} wide>
      <ClockBanner />
      <DateToConfirm />
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && <StaffTiles staff={staff} chosen={person?.id ?? null} onChoose={choose} />}
      {person && (byPassword || !person.has_pin) ? (
        <PasswordOf key={person.id} person={person} pinsClosed={pinsClosed} />
      ) : (
        <Unlock key={person?.id ?? 'anybody'} person={person ?? null} staff={staff} onClosed={close} />
      )}
      {person?.has_pin && (
        <button type="button" className={classes.other} onClick={() => setByPassword(!byPassword)}>
          {byPassword ? t('lock.usePin') : t('lock.usePassword')}
        </button>
      )}
    </AuthPage>
  )

  function choose(id: number | null) {
    setChosen(id)
    setByPassword(pinsClosed)
  }

  function close() {
    setPinsClosed(true)
    setByPassword(chosen !== null)
  }
}

/** With the last digit that a PIN here can have, the next key of a scanner would have come by now, in ms. */
const AFTER_LAST_DIGIT_MS = 300
/** PINs differ in length: whoever goes on typing does so within this time, in ms. */
const AFTER_ANY_DIGIT_MS = 1_000

type UnlockProps = { person: StaffMember | null; staff: readonly StaffMember[]; onClosed: () => void }

/** Sends the PIN by itself once nothing more comes. What is typed while one is checked is the next. */
function Unlock({ person, staff, onClosed }: UnlockProps) {
  const { t } = useTranslation('auth')
  const explain = useExplain()
  const [pin, setPin] = useState('')
  const [attempts, setAttempts] = useState(0)
  const unlock = useMutation({
    mutationFn: switchUser,
    onError: (error) => isRefusedAs(error, 'pins-closed') && onClosed(),
    onSuccess: () => void queryClient.invalidateQueries(),
  })
  const longest = longestPin(person ? [person] : staff)
  const ready = pin.length >= MIN_PIN_LENGTH && !unlock.isPending
  const send = () => {
    setPin('')
    setAttempts(attempts + 1)
    unlock.mutate({ pin, user_id: person?.id })
  }
  const latestSend = useRef(send)
  latestSend.current = send
  useEffect(() => {
    if (!ready) return
    const timer = setTimeout(
      () => latestSend.current(),
      pin.length >= longest ? AFTER_LAST_DIGIT_MS : AFTER_ANY_DIGIT_MS,
    )
    return () => clearTimeout(timer)
  }, [pin, ready, longest])
  // Its first digits look like typing; nothing of a scan is a PIN.
  useScanner(() => {
    setPin('')
    return true
  })
  const closed = isRefusedAs(unlock.error, 'pins-closed')
  return (
    <PinPad
      label={person ? t('lock.pinOf', { name: person.full_name }) : t('lock.pin')}
      pin={pin}
      longest={longest}
      attempts={attempts}
      busy={unlock.isPending}
      error={unlock.error ? explain(unlock.error) : undefined}
      hint={closed && !person ? t('lock.chooseForPassword') : undefined}
      onPin={(typed) => {
        setPin(typed)
        if (!unlock.isPending && typed !== '') unlock.reset()
      }}
      onEnter={send}
    />
  )
}

/** How many digits the longest PIN of these people has; the most there can be where somebody has one of before. */
function longestPin(people: readonly StaffMember[]): number {
  const lengths = people.flatMap(({ pin_length }) => pin_length ?? [])
  return lengths.length === 0 ? MAX_PIN_LENGTH : Math.max(...lengths)
}
