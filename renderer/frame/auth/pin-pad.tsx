import { IconArrowRight, IconBackspace } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './pin-pad.module.css'

type Props = {
  label: string
  pin: string
  busy: boolean
  error: string | undefined
  onPin: (pin: string) => void
  onEnter: () => void
}

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const
const [SHORTEST, LONGEST] = [4, 8]

/** Digits by finger or by keyboard, wherever the focus is; Enter goes on. */
export function PinPad({ label, pin, busy, error, onPin, onEnter }: Props) {
  const { t } = useTranslation()
  const ready = pin.length >= SHORTEST && !busy
  const add = (digit: string) => pin.length < LONGEST && !busy && onPin(pin + digit)
  const erase = () => onPin(pin.slice(0, -1))
  useDigits({ add, erase, enter: () => ready && onEnter() })
  return (
    <div className={classes.pad} role="group" aria-label={label}>
      <p className={classes.label}>{label}</p>
      <div className={classes.dots} aria-hidden data-wrong={error ? true : undefined}>
        {Array.from({ length: Math.max(SHORTEST, pin.length) }, (_, index) => (
          <span key={index} data-filled={index < pin.length || undefined} />
        ))}
      </div>
      <p className={classes.error} role="alert">
        {error}
      </p>
      <p className={classes.spoken} role="status">
        {pin && t('lock.digits', { count: pin.length })}
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

type Actions = { add: (digit: string) => void; erase: () => void; enter: () => void }

function useDigits(actions: Actions) {
  const current = useRef(actions)
  current.current = actions
  useEffect(() => {
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)

    function press(event: KeyboardEvent) {
      const { key, target, ctrlKey, metaKey, altKey } = event
      if (ctrlKey || metaKey || altKey) return
      const onButton = target instanceof HTMLButtonElement
      if (/^\d$/.test(key)) current.current.add(key)
      else if (key === 'Backspace') current.current.erase()
      else if (key === 'Enter' && !onButton) current.current.enter()
      else return
      event.preventDefault()
    }
  }, [])
}
