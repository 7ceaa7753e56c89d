import { useTranslation } from 'react-i18next'
import { useDigitChoices } from '../../../../ui/scanner/choices.ts'
import { useOneTabStop } from '../../../../ui/fields/one-tab-stop.ts'
import { DigitKey } from '../../../../ui/scanner/key.tsx'
import { repairHere } from './already-here.tsx'
import found from '../../../../desk/suggestions.module.css'
import type { Customer } from '../../../../desk/requests.ts'
import { WholeCodes } from '../../../../ui/whole-codes.tsx'

type Device = Customer['devices'][number]
type Props = {
  devices: Device[]
  tickets: Customer['tickets']
  /** Answers how it is taken back. */
  onChoose: (device: Device) => () => void
}

const MAX_DEVICES_SHOWN = 4

/** What the customer brought before: a digit each while the cursor is here. */
export function CustomersDevices({ devices, tickets, onChoose }: Props) {
  const { t } = useTranslation('intake')
  const shown = devices.slice(0, MAX_DEVICES_SHOWN)
  const group = useDigitChoices<HTMLDivElement>((index) => {
    const device = shown[index]
    return device && onChoose(device)
  })
  useOneTabStop(group)
  return (
    <div ref={group} role="group" aria-label={t('theirDevices')} className={found.choices}>
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
          <PastOf device={device} tickets={tickets} />
        </button>
      ))}
    </div>
  )
}

/** How often it was here, or in red that it is. */
function PastOf({ device, tickets }: { device: Device; tickets: Customer['tickets'] }) {
  const { t } = useTranslation('intake')
  const here = repairHere(tickets.filter(({ device_id }) => device_id === device.id))
  if (here)
    return (
      <span className={found.owes}>
        <WholeCodes>{t('here', { number: here.ticket_number })}</WholeCodes>
      </span>
    )
  return <span className={found.dim}>{t('earlierRepairs', { count: device.tickets })}</span>
}
