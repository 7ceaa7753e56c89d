import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useDigitChoices } from '../../../ui/scanner/choices.ts'
import { DigitKey } from '../../../ui/scanner/key.tsx'
import found from './suggestions.module.css'
import type { Customer } from '../requests.ts'

type Device = Customer['devices'][number]
type Props = {
  devices: Device[]
  /** Answers how it is taken back. */
  onChoose: (device: Device) => () => void
}

const MAX_DEVICES_SHOWN = 6

/** What the customer brought before: a digit each while the cursor is here. */
export function CustomersDevices({ devices, onChoose }: Props) {
  const { t } = useTranslation('intake')
  const shown = devices.slice(0, MAX_DEVICES_SHOWN)
  const group = useDigitChoices<HTMLDivElement>((index) => {
    const device = shown[index]
    return device && onChoose(device)
  })
  return (
    <div
      ref={group}
      role="group"
      aria-label={t('theirDevices')}
      className={found.choices}
      onKeyDown={moveFocusByArrows}
    >
      {shown.map((device, index) => (
        <button
          key={device.id}
          type="button"
          className={found.choice}
          data-step={index === 0 ? 'devices' : undefined}
          onClick={() => onChoose(device)}
        >
          <DigitKey index={index} />
          <span className={found.grow}>
            <strong>{device.title}</strong>
            <span className={`${found.dim} figures`}>{device.serial_number ?? t('noSerial')}</span>
          </span>
          <span className={found.dim}>{t('earlierRepairs', { count: device.tickets })}</span>
        </button>
      ))}
    </div>
  )
}

function moveFocusByArrows(event: KeyboardEvent<HTMLElement>) {
  const buttons = [...event.currentTarget.querySelectorAll('button')]
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
  if (step) {
    event.preventDefault()
    buttons[(at + step + buttons.length) % buttons.length]?.focus()
  }
}
