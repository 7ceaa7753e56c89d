import { useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Key } from '../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../ui/scanner/shortcuts.ts'
import found from './suggestions.module.css'
import type { Customer } from '../requests.ts'
import { goTo } from './focus-order.ts'

type Device = Customer['devices'][number]
type Props = { devices: Device[]; onChoose: (device: Device) => void }

const MOST = 6

/** What the customer brought before: one key each while the cursor is here; any other text goes to the serial number. */
export function CustomersDevices({ devices, onChoose }: Props) {
  const { t } = useTranslation('repairs')
  const [entered, setEntered] = useState(false)
  const shown = devices.slice(0, MOST)
  return (
    <div
      role="group"
      aria-label={t('intake.theirDevices')}
      className={found.choices}
      onFocus={() => setEntered(true)}
      onBlur={() => setEntered(false)}
      onKeyDown={moveAround}
    >
      {entered && <ChoiceKeys devices={shown} onChoose={onChoose} />}
      {shown.map((device, index) => (
        <button
          key={device.id}
          type="button"
          className={found.choice}
          data-stop={index === 0 ? 'devices' : undefined}
          onClick={() => onChoose(device)}
        >
          <Key of={String(index + 1)} />
          <span className={found.grow}>
            <strong>{device.title}</strong>
            <span className={`${found.dim} figures`}>{device.serial_number ?? t('intake.noSerial')}</span>
          </span>
          <span className={found.dim}>{t('intake.pastJobs', { count: device.tickets })}</span>
        </button>
      ))}
    </div>
  )
}

function ChoiceKeys({ devices, onChoose }: Props) {
  useShortcuts(
    devices.map((device, index) => ({
      keys: String(index + 1),
      label: device.title,
      run: () => onChoose(device),
    })),
  )
  return null
}

function moveAround(event: KeyboardEvent<HTMLElement>) {
  const buttons = [...event.currentTarget.querySelectorAll('button')]
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
  if (step) {
    event.preventDefault()
    buttons[(at + step + buttons.length) % buttons.length]?.focus()
  } else if (/^[a-z]$/i.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) goTo('serial')
}
