import { Button, Checkbox } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { problemText } from '../../../ui/problem-text.ts'
import { StatusBadge } from '../../../ui/status-badge.tsx'
import { When } from '../../../ui/when.tsx'
import { FindDevice } from './find-device.tsx'
import type { IntakePart } from './intake-draft.ts'
import { NumberState } from './number-state.tsx'
import found from './suggestions.module.css'
import classes from './intake.module.css'
import { focusStep } from './focus-order.ts'
import { deviceQuery } from './take-device.ts'

/** What is brought: scanned, typed, one of the customer's, or picked from the catalogue. */
export function IntakeDevice(part: IntakePart) {
  const { t } = useTranslation('intake')
  const { draft, change } = part
  return (
    <section className={classes.section} aria-labelledby="intake-device">
      <h2 id="intake-device">{t('device')}</h2>
      {draft.device ? (
        <ChosenDevice
          {...part}
          onChange={() => {
            change({ device: null })
            focusStep('serial')
          }}
        />
      ) : (
        <FindDevice {...part} />
      )}
    </section>
  )
}

const MAX_TICKETS_SHOWN = 3

function ChosenDevice({ draft, change, errors, onChange }: IntakePart & { onChange: () => void }) {
  const { t } = useTranslation('intake')
  const serial = draft.device?.serial_number ?? ''
  const { data } = useQuery({ ...deviceQuery(serial), enabled: serial !== '' })
  const known = data?.device
  const strange = known && known.owner_id !== null && draft.customer_id !== null && known.owner_id !== draft.customer_id
  return (
    <div className={found.card}>
      <div className={found.cardHead}>
        <div>
          <strong>{draft.device?.title}</strong>
          <div className={`${found.dim} figures`}>{serial === '' ? t('noSerial') : serial}</div>
        </div>
        <Button variant="default" size="compact-sm" onClick={onChange}>
          {t('change')}
        </Button>
      </div>
      <NumberState serial={serial} />
      {strange && (
        <>
          <p className={found.numberState} data-kind="invalid">
            <IconAlertTriangle size={16} aria-hidden />
            {t('otherOwner', { name: known.owner_name ?? '' })}
          </p>
          <Checkbox
            label={t('changedHands')}
            checked={draft.device?.taken_over === true}
            onChange={({ currentTarget: { checked } }) =>
              change(({ device }) => ({ device: device && { ...device, taken_over: checked } }))
            }
          />
        </>
      )}
      {!strange && errors['device.serial_number'] && <p className={classes.error}>{errors['device.serial_number']}</p>}
      {known?.notes && <p className={found.dim}>{known.notes}</p>}
      {known && known.tickets.length > 0 && (
        <ul className={found.past} aria-label={t('earlierRepairsTitle')}>
          {known.tickets.slice(0, MAX_TICKETS_SHOWN).map((ticket) => (
            <li key={ticket.id}>
              <StatusBadge status={ticket.status} />
              <span className={found.grow}>{problemText(ticket) || ticket.ticket_number}</span>
              <When at={ticket.created_at} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
