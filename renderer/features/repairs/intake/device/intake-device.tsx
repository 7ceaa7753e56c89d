import { Button, Checkbox } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../../ui/format.ts'
import { problemText } from '../../../../ui/problem-text.ts'
import { Key } from '../../../../ui/scanner/key.tsx'
import { useShortcuts } from '../../../../ui/scanner/shortcuts.ts'
import { AlreadyHere, repairHere } from './already-here.tsx'
import { FindDevice } from './find-device.tsx'
import type { DraftDevice, IntakePart } from '../intake-draft.ts'
import { NumberState } from '../../../../desk/number-state.tsx'
import found from '../../../../desk/suggestions.module.css'
import classes from '../intake.module.css'
import { focusStep } from '../focus-order.ts'
import { deviceCardQuery, type FoundDevice } from '../../../../desk/requests.ts'

/** What is brought: scanned, typed, one of the customer's, or picked from the catalogue. */
export function IntakeDevice(part: IntakePart) {
  const { t } = useTranslation('intake')
  const { device } = part.draft
  return (
    <section className={classes.section} aria-labelledby="intake-device">
      <h2 id="intake-device">{t('device')}</h2>
      {device ? <ChosenDevice {...part} device={device} /> : <FindDevice {...part} />}
    </section>
  )
}

/** One row: what it is and what was done to it before; then whatever the desk must know of it. */
function ChosenDevice({ device, draft, change, errors }: IntakePart & { device: DraftDevice }) {
  const { t } = useTranslation('intake')
  const { data: known } = useQuery(deviceCardQuery(device.id))
  const anotherOne = () => {
    change({ device: null })
    focusStep('serial')
  }
  useShortcuts([{ keys: 'alt+v', label: `${t('change')}: ${t('device')}`, run: anotherOne }])
  const say = (said: Partial<DraftDevice>) => change(({ device: now }) => ({ device: now && { ...now, ...said } }))
  const here = known && repairHere(known.tickets)
  const isStrange =
    known && known.owner_id !== null && draft.customer_id !== null && known.owner_id !== draft.customer_id
  const refused = errors['device.serial_number']
  return (
    <>
      <div className={found.row}>
        <div className={found.grow}>
          <div className={found.titleLine}>
            <strong>
              <bdi>{device.title}</bdi>
            </strong>
            <bdi className={`${found.dim} figures`}>{device.serial_number ?? t('noSerial')}</bdi>
            <NumberState serial={device.serial_number ?? ''} />
          </div>
          <div className={`${found.dim} ${found.cut}`}>{known && <PastOf known={known} />}</div>
        </div>
        <Button variant="subtle" size="compact-sm" onClick={anotherOne} rightSection={<Key of="alt+v" />}>
          {t('change')}
        </Button>
      </div>
      {here && (
        <AlreadyHere
          ticket={here}
          second={{
            wanted: device.second_ticket === true,
            onWanted: (second_ticket) => say({ second_ticket }),
            error: errors['device.second_ticket'],
          }}
        />
      )}
      {isStrange && (
        <div className={found.strange}>
          <p className={found.numberState} data-kind="invalid">
            <IconAlertTriangle size={16} aria-hidden />
            {t('otherOwner', { name: known.owner_name ?? '' })}
          </p>
          <Checkbox
            label={t('changedHands')}
            checked={device.taken_over === true}
            onChange={({ currentTarget: { checked } }) => say({ taken_over: checked })}
          />
        </div>
      )}
      {!isStrange && refused && <p className={classes.error}>{refused}</p>}
    </>
  )
}

/** `3 repairs so far · 8 Dec: battery weak`, and what was noted about the device. */
function PastOf({ known }: { known: FoundDevice }) {
  const { t } = useTranslation('intake')
  const format = useFormat()
  const [last] = known.tickets
  const before = last && [format.when(last.created_at), problemText(last)].filter(Boolean).join(': ')
  return <>{[t('earlierRepairs', { count: known.tickets.length }), before, known.notes].filter(Boolean).join(' · ')}</>
}
