import { IconArrowRight, IconBackspace } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { MAX_MACHINE_GAP_MS } from '../../ui/scanner/runs.ts'
import classes from './pin-pad.module.css'

type Props = {
  label: string
  pin: string
  /** Of so many digits at most: what is longer was scanned. */
  longest: number
  /** How many PINs were sent: what is typed after one begins anew. */
  attempts: number
  /** One is being checked; what is typed meanwhile is kept. */
  busy: boolean
  error: string | undefined
  hint: string | undefined
  onPin: (pin: string) => void
  onEnter: () => void
}

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const
export const [MIN_PIN_LENGTH, MAX_PIN_LENGTH] = [4, 8]

/** Digits by finger or by keyboard, wherever the focus is; Enter goes on. */
export function PinPad({ label, pin, longest, attempts, busy, error, hint, onPin, onEnter }: Props) {
  const { t } = useTranslation('auth')
  const ready = pin.length >= MIN_PIN_LENGTH && !busy
  const add = (digit: string) => pin.length < longest && onPin(pin + digit)
  const erase = () => onPin(pin.slice(0, -1))
  usePinKeys({ add, erase, enter: () => ready && onEnter(), drop: () => onPin('') }, { longest, attempts })
  return (
    <div className={classes.pad} role="group" aria-label={label} data-pin-pad>
      <p className={classes.label}>{label}</p>
      <div className={classes.dots} aria-hidden data-wrong={error ? true : undefined}>
        {Array.from({ length: Math.max(MIN_PIN_LENGTH, pin.length) }, (_, index) => (
          <span key={index} data-filled={index < pin.length || undefined} />
        ))}
      </div>
      <div className={classes.progress} data-busy={busy || undefined} aria-hidden />
      <p className={classes.error} role="alert">
        {!busy && error}
        {!busy && hint && <span>{hint}</span>}
      </p>
      <p className={classes.visuallyHidden} role="status">
        {busy && t('lock.checking')} {pin && t('lock.digits', { count: pin.length })}
      </p>
      <div className={classes.keys}>
        {DIGITS.map((digit) => (
          <button key={digit} type="button" onClick={() => add(digit)}>
            {digit}
          </button>
        ))}
        <button type="button" onClick={erase} disabled={pin === ''} aria-label={t('lock.erase')}>
          <IconBackspace size={22} stroke={1.6} aria-hidden />
        </button>
        <button type="button" onClick={() => add('0')}>
          0
        </button>
        <button type="button" data-enter disabled={!ready} onClick={onEnter} aria-label={t('lock.enter')}>
          <IconArrowRight size={22} aria-hidden />
        </button>
      </div>
    </div>
  )
}

type PinActions = { add: (digit: string) => void; erase: () => void; enter: () => void; drop: () => void }

/** A longer pause begins a new input. */
const TYPING_PAUSE_MS = 1_000

/** Input that is longer than a PIN, has a letter in it or came at a machine's speed was scanned: it is dropped, and its Enter sends nothing. */
function usePinKeys(actions: PinActions, { longest, attempts }: { longest: number; attempts: number }) {
  const current = useRef({ ...actions, longest })
  current.current = { ...actions, longest }
  useEffect(() => {
    let typed = ''
    let last = 0
    let byMachine = true
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)

    function onKeyDown(event: KeyboardEvent) {
      const { key, target, ctrlKey, metaKey, altKey, timeStamp } = event
      if (ctrlKey || metaKey || altKey) return
      const pause = Math.abs(timeStamp - last)
      if (pause > TYPING_PAUSE_MS) typed = ''
      byMachine = typed === '' || (byMachine && pause <= MAX_MACHINE_GAP_MS)
      last = timeStamp
      if (key.length === 1 && key !== ' ') type(key)
      else if (key === 'Backspace') current.current.erase()
      else if (key === 'Enter' && isScan()) typed = ''
      else if (key === 'Enter' && !(target instanceof HTMLButtonElement)) current.current.enter()
      else return
      event.preventDefault()
    }

    function type(key: string) {
      typed += key
      if (isScan()) current.current.drop()
      else current.current.add(key)
    }

    function isScan() {
      const isFast = byMachine && typed.length >= MIN_PIN_LENGTH
      return typed.length > current.current.longest || isFast || /\D/.test(typed)
    }
  }, [attempts])
}
